package org.hpyve.host.runtime;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hpyve.host.PythonReference;
import org.hpyve.host.boundary.FunctionalInterfaces;
import org.python.core.BaseSet;
import org.python.core.BufferProtocol;
import org.python.core.Py;
import org.python.core.PyArray;
import org.python.core.PyBoolean;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * The Java form of a Python object that the caller asks for. Nothing is guessed: a number must fit, a text is no number,
 * and instances of subclasses are what their base class is.
 */
final class TypedValues {

    /** Types of whole numbers, and their bits. */
    private static final Map<Class<?>, Integer> INTEGERS = Map.of(
            byte.class, Byte.SIZE,
            Byte.class, Byte.SIZE,
            short.class, Short.SIZE,
            Short.class, Short.SIZE,
            int.class, Integer.SIZE,
            Integer.class, Integer.SIZE,
            long.class, Long.SIZE,
            Long.class, Long.SIZE);

    private static final Set<Class<?>> CONTAINERS =
            Set.of(Iterable.class, Collection.class, List.class, Set.class, Map.class);

    private final Values values;

    TypedValues(Values values) {
        this.values = values;
    }

    /**
     * The object as an instance of the type, of the wrapper class for a primitive one.
     *
     * @param what the object's name in messages
     * @throws ClassCastException if it has no such form, which says why
     */
    Object toJava(PyObject object, Class<?> type, String what) {
        try {
            return convert(object, type);
        } catch (Unfit e) {
            throw new ClassCastException("interpreter '%s': %s is %s, which %s"
                    .formatted(values.host().name(), what, described(object), e.getMessage()));
        }
    }

    /** An object has no form of a type. */
    private static final class Unfit extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message, null, false, false);
        }
    }

    private static Unfit hasNoForm(Class<?> type) {
        return new Unfit("has no form as " + type.getTypeName());
    }

    private static String described(PyObject object) {
        String name = object.getType().fastGetName();
        if (whole(object) != null || object instanceof PyFloat) {
            String digits = object.__str__().toString();
            return digits.length() > 40 ? "a Python " + name : "the Python " + name + " " + digits;
        }
        return object == Py.None ? "Python's None" : "a Python " + name;
    }

    private Object convert(PyObject object, Class<?> type) {
        if (type == Object.class) {
            return values.toJava(object);
        }
        if (type == PythonReference.class) {
            return values.refer(object);
        }
        if (type == void.class || type == Void.class) {
            return null;
        }
        if (object == Py.None && !type.isPrimitive()) {
            return null;
        }
        Object value = type.isArray() ? array(object, type.getComponentType()) : single(object, type);
        if (value == null) {
            throw hasNoForm(type);
        }
        return value;
    }

    /** Null if there is none. */
    private Object single(PyObject object, Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return object instanceof PyBoolean truth ? truth.getBooleanValue() : null;
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return number(object, type);
        }
        if (type == Character.class) {
            return character(object);
        }
        if (type == String.class || type == CharSequence.class) {
            return text(object);
        }
        if (type.isEnum()) {
            return constant(text(object), type);
        }
        if (type == ByteBuffer.class) {
            return bytes(object);
        }
        return CONTAINERS.contains(type) ? container(object, type) : other(object, type);
    }

    private Object number(PyObject object, Class<?> type) {
        if (type == char.class) {
            return character(object);
        }
        BigInteger whole = whole(object);
        if (whole != null && INTEGERS.containsKey(type)) {
            return fitting(whole, type);
        }
        if (type == BigInteger.class) {
            return whole;
        }
        if (type == double.class || type == Double.class) {
            return floating(object, whole, type);
        }
        if (type == float.class || type == Float.class) {
            Double value = floating(object, whole, type);
            if (value != null && !Double.isInfinite(value) && Float.isInfinite(value.floatValue())) {
                throw doesNotFit(type);
            }
            return value == null ? null : value.floatValue();
        }
        if (type == BigDecimal.class) {
            return whole != null ? new BigDecimal(whole) : decimal(object);
        }
        if (whole != null) {
            return Values.smallest(whole) instanceof Number small && type.isInstance(small) ? small : null;
        }
        Object value = object instanceof PyFloat number ? (Object) number.getValue() : decimal(object);
        return type.isInstance(value) ? value : null;
    }

    private Object decimal(PyObject object) {
        return values.times().toJavaAs(object) instanceof BigDecimal decimal ? decimal : null;
    }

    /** Null for what is no int. */
    private static BigInteger whole(PyObject object) {
        if (object instanceof PyBoolean) {
            return null;
        }
        if (object instanceof PyInteger number) {
            return BigInteger.valueOf(number.getValue());
        }
        return object instanceof PyLong number ? number.getValue() : null;
    }

    private static Object fitting(BigInteger whole, Class<?> type) {
        int bits = INTEGERS.get(type);
        if (whole.bitLength() >= bits) {
            throw doesNotFit(type);
        }
        return switch (bits) {
            case Byte.SIZE -> (Object) whole.byteValue();
            case Short.SIZE -> whole.shortValue();
            case Integer.SIZE -> whole.intValue();
            default -> whole.longValue();
        };
    }

    private static Unfit doesNotFit(Class<?> type) {
        return new Unfit("does not fit into " + type.getTypeName());
    }

    private static Double floating(PyObject object, BigInteger whole, Class<?> type) {
        if (object instanceof PyFloat number) {
            return number.getValue();
        }
        if (whole == null) {
            return null;
        }
        double value = whole.doubleValue();
        if (Double.isInfinite(value)) {
            throw doesNotFit(type);
        }
        return value;
    }

    private static Character character(PyObject object) {
        String text = text(object);
        return text != null && text.length() == 1 ? text.charAt(0) : null;
    }

    /** Null for what is no text. */
    private static String text(PyObject object) {
        if (object instanceof PyUnicode text) {
            return text.getString();
        }
        if (object instanceof PyString text) {
            String chars = text.getString();
            if (chars.chars().anyMatch(c -> c >= 0x80)) {
                throw new Unfit("holds bytes beyond ASCII; decode it, or ask for byte[]");
            }
            return chars;
        }
        return null;
    }

    private static Object constant(String name, Class<?> type) {
        if (name == null) {
            return null;
        }
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new Unfit("names no constant of " + type.getTypeName() + ": " + name);
    }

    private static ByteBuffer bytes(PyObject object) {
        if (object instanceof PyArray array) {
            return array.__tojava__(byte[].class) instanceof byte[] items ? ByteBuffer.wrap(items) : null;
        }
        if (object instanceof org.python.core.PyByteArray array) {
            return ByteBuffer.wrap(Buffers.copy(array));
        }
        return object instanceof BufferProtocol exporter && !(object instanceof PyUnicode)
                ? Buffers.shared(exporter)
                : null;
    }

    private Object container(PyObject object, Class<?> type) {
        boolean sequence = object instanceof PyList || object instanceof PyTuple || object instanceof PyArray;
        if (sequence && type.isAssignableFrom(List.class)) {
            return items(object, new ArrayList<>());
        }
        if (object instanceof BaseSet && type.isAssignableFrom(Set.class)) {
            return items(object, new LinkedHashSet<>());
        }
        if (object instanceof PyDictionary && type == Map.class) {
            return values.map(object);
        }
        // What Java code made.
        Object value = values.toJava(object);
        return type.isInstance(value) ? value : null;
    }

    private Object items(PyObject container, Collection<Object> copy) {
        container.asIterable().forEach(item -> copy.add(values.toJava(item)));
        return copy;
    }

    private Object other(PyObject object, Class<?> type) {
        Object java = Values.javaObject(object);
        if (type.isInstance(java)) {
            return java;
        }
        Object time = values.times().toJavaAs(object);
        if (time instanceof OffsetDateTime moment && (type == Instant.class || type == ZonedDateTime.class)) {
            return type == Instant.class ? (Object) moment.toInstant() : moment.toZonedDateTime();
        }
        if (time != null && type.isInstance(time)) {
            return time;
        }
        return type.isInterface() && !type.isAnnotation() && !type.isSealed() ? interfaceOf(object, type) : null;
    }

    /** A callable is the one method of a functional interface; another object has methods of the interface's names. */
    private Object interfaceOf(PyObject object, Class<?> type) {
        if (object.isCallable() && FunctionalInterfaces.method(type) != null) {
            return values.host().proxy(values.refer(object), type, true);
        }
        for (String name : FunctionalInterfaces.names(type)) {
            PyObject method = object.__findattr__(name);
            if (method == null || !method.isCallable()) {
                throw new Unfit("has no method " + name + "() of " + type.getTypeName());
            }
        }
        return values.host().proxy(values.refer(object), type, false);
    }

    private Object array(PyObject object, Class<?> itemType) {
        if (object instanceof PyArray array) {
            Object items = array.__tojava__(itemType.arrayType());
            if (items != Py.NoConversion && itemType.arrayType().isInstance(items)) {
                return items;
            }
        }
        if (itemType == byte.class) {
            byte[] bytes = byteArray(object);
            if (bytes != null) {
                return bytes;
            }
        }
        if (!(object instanceof PyList || object instanceof PyTuple || object instanceof PyArray)) {
            return null;
        }
        List<Object> items = new ArrayList<>();
        for (PyObject item : object.asIterable()) {
            items.add(item(item, itemType, items.size()));
        }
        Object array = Array.newInstance(itemType, items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, items.get(i));
        }
        return array;
    }

    private Object item(PyObject item, Class<?> type, int index) {
        try {
            return convert(item, type);
        } catch (Unfit e) {
            throw new Unfit("at index %d holds %s, which %s".formatted(index, described(item), e.getMessage()));
        }
    }

    private static byte[] byteArray(PyObject object) {
        if (object instanceof PyUnicode || object instanceof PyArray) {
            return null;
        }
        if (object instanceof PyString text) {
            return text.getString().getBytes(StandardCharsets.ISO_8859_1);
        }
        return object instanceof BufferProtocol exporter ? Buffers.copy(exporter) : null;
    }
}
