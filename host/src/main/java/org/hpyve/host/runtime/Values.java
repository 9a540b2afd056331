package org.hpyve.host.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.hpyve.host.InterpreterQueue;
import org.hpyve.host.JavaObject;
import org.hpyve.host.PythonReference;
import org.hpyve.host.boundary.Copying;
import org.hpyve.host.boundary.HostSide;
import org.hpyve.host.boundary.Lenient;
import org.python.core.Py;
import org.python.core.PyArray;
import org.python.core.PyBoolean;
import org.python.core.PyByteArray;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyFrozenSet;
import org.python.core.PyInteger;
import org.python.core.PyJavaType;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyMemoryView;
import org.python.core.PyObject;
import org.python.core.PyProxy;
import org.python.core.PySet;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * Values on their way into and out of an interpreter, each in the form that the other side has for it. Containers are
 * copied, arrays and buffers are not; an object that has no Java form leaves as a {@link PythonReference}.
 *
 * <p>Used by the thread that runs the interpreter, and by threads that Python code of it started.
 */
final class Values {

    private final HostSide host;
    private final DateTimes times = new DateTimes();
    private final TypedValues typed = new TypedValues(this);
    private final InterpretersLink link;

    Values(HostSide host, InterpretersLink link) {
        this.host = host;
        this.link = link;
    }

    HostSide host() {
        return host;
    }

    DateTimes times() {
        return times;
    }

    /**
     * The Java form of a Python object.
     *
     * @throws IllegalArgumentException for a container that holds itself, or is nested too deep
     */
    Object toJava(PyObject object) {
        return toJava(object, null);
    }

    /**
     * The Java form of a Python object that is of a given type.
     *
     * @param type {@code Object} for the form that the object has by itself
     * @param what the object's name in messages
     * @throws ClassCastException if there is none
     */
    Object toJava(PyObject object, Class<?> type, String what) {
        return type == Object.class ? toJava(object) : typed.toJava(object, type, what);
    }

    PythonReference refer(PyObject object) {
        return host.refer(object, object.getType().fastGetName());
    }

    private Object toJava(PyObject object, Copying outer) {
        if (object == Py.None) {
            return null;
        }
        if (object instanceof PyBoolean pyBoolean) {
            return pyBoolean.getBooleanValue();
        }
        Class<?> cls = object.getClass();
        if (cls == PyInteger.class) {
            return ((PyInteger) object).getValue();
        }
        if (cls == PyLong.class) {
            return smallest(((PyLong) object).getValue());
        }
        if (cls == PyFloat.class) {
            return ((PyFloat) object).getValue();
        }
        if (cls == PyUnicode.class) {
            return ((PyUnicode) object).getString();
        }
        if (cls == PyString.class) {
            return textOrBytes(((PyString) object).getString());
        }
        if (cls == PyList.class
                || cls == PyTuple.class
                || cls == PyDictionary.class
                || cls == PySet.class
                || cls == PyFrozenSet.class) {
            return container(object, cls, outer);
        }
        return special(object, cls, outer);
    }

    private Object special(PyObject object, Class<?> cls, Copying outer) {
        if (cls == PyArray.class) {
            return array(((PyArray) object).__tojava__(Object.class), outer);
        }
        if (cls == PyByteArray.class) {
            return Buffers.copy((PyByteArray) object);
        }
        if (cls == PyMemoryView.class) {
            return Buffers.shared((PyMemoryView) object);
        }
        Object time = times.toJava(object);
        if (time != null) {
            return time;
        }
        InterpreterQueue queue = link.toJava(object);
        if (queue != null) {
            return queue;
        }
        Object java = javaObject(object);
        if (java instanceof Collection || java instanceof Map) {
            return ofJava(java, outer);
        }
        return java != null ? java : refer(object);
    }

    static Object smallest(BigInteger value) {
        return value.bitLength() < 32
                ? (Object) value.intValue()
                : value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    private static Object textOrBytes(String chars) {
        byte[] bytes = chars.getBytes(StandardCharsets.ISO_8859_1);
        for (byte b : bytes) {
            if (b < 0) {
                return bytes;
            }
        }
        return chars;
    }

    private Object container(PyObject object, Class<?> cls, Copying outer) {
        Object done = Copying.done(outer, object);
        if (done != null) {
            return done;
        }
        Copying inner = Copying.in(outer);
        if (cls == PyDictionary.class) {
            return inner.end(object, map(object, inner));
        }
        Collection<Object> items =
                cls == PyList.class || cls == PyTuple.class ? new ArrayList<>() : new LinkedHashSet<>();
        object.asIterable().forEach(item -> items.add(toJava(item, inner)));
        return inner.end(object, items);
    }

    /** A copy of a mapping. */
    Map<Object, Object> map(PyObject mapping) {
        return map(mapping, Copying.in(null));
    }

    private Map<Object, Object> map(PyObject mapping, Copying inner) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (PyObject key : mapping.asIterable()) {
            map.put(toJava(key, inner), toJava(mapping.__getitem__(key), inner));
        }
        return map;
    }

    /** A Java object that Python code has, and that is no Python object at the same time; else null. */
    static Object javaObject(PyObject object) {
        if (object.getType() instanceof PyJavaType && !(object instanceof PyProxy)) {
            Object java = object.__tojava__(Object.class);
            if (java != Py.NoConversion && !(java instanceof PyObject) && !isOfRuntime(java.getClass())) {
                return java;
            }
        }
        return null;
    }

    private static boolean isOfRuntime(Class<?> cls) {
        String name = cls.getName();
        return PyProxy.class.isAssignableFrom(cls)
                || name.startsWith("org.python.")
                || name.startsWith("org.hpyve.context.")
                || name.startsWith("org.hpyve.host.runtime.");
    }

    /** What Java code returned to Python code may hold Python objects, and does not leave with them. */
    private Object ofJava(Object container, Copying outer) {
        Object done = Copying.done(outer, container);
        if (done != null) {
            return done;
        }
        Copying inner = Copying.in(outer);
        if (container instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(toJava(Py.java2py(key), inner), toJava(Py.java2py(item), inner)));
            return inner.end(container, copy);
        }
        Collection<?> items = items(container);
        Collection<Object> copy = items instanceof Set ? new LinkedHashSet<>() : new ArrayList<>(items.size());
        items.forEach(item -> copy.add(toJava(Py.java2py(item), inner)));
        return inner.end(container, copy);
    }

    private static Collection<?> items(Object container) {
        return container instanceof Object[] array ? Arrays.asList(array) : (Collection<?>) container;
    }

    /** One of primitives as it is, another as a list. */
    private Object array(Object array, Copying outer) {
        return array instanceof Object[] ? ofJava(array, outer) : array;
    }

    /**
     * The Python form of a Java value.
     *
     * @throws IllegalArgumentException for a value that has none, for a reference of another interpreter, and for a
     *     container that holds itself or is nested too deep
     */
    PyObject toPython(Object value) {
        return toPython(value, null);
    }

    private PyObject toPython(Object value, Copying outer) {
        PyObject python = form(value, outer);
        if (python == null) {
            throw new IllegalArgumentException("a Java object of " + value.getClass() + " has no Python form");
        }
        return python;
    }

    /** Null if there is none. */
    private PyObject form(Object value, Copying outer) {
        if (value == null) {
            return Py.None;
        }
        if (value instanceof Boolean b) {
            return Py.newBoolean(b);
        }
        if (value instanceof Number number) {
            PyObject python = number(number);
            if (python != null) {
                return python;
            }
        }
        if (value instanceof CharSequence || value instanceof Character) {
            return new PyUnicode(value.toString());
        }
        if (value instanceof byte[] array) {
            return new PyString(new String(array, StandardCharsets.ISO_8859_1));
        }
        if (value == InterpreterQueue.UNBOUND) {
            return link.unbound();
        }
        if (value instanceof InterpreterQueue queue) {
            return link.fromJava(queue);
        }
        if (value instanceof PythonReference reference) {
            return (PyObject) host.resolve(reference);
        }
        if (value instanceof Collection || value instanceof Map || value instanceof Object[]) {
            return container(value, outer);
        }
        if (value instanceof JavaObject object) {
            return Py.java2py(object.value());
        }
        if (value instanceof Lenient lenient) {
            PyObject python = form(lenient.value(), outer);
            return python != null ? python : Py.java2py(lenient.value());
        }
        return other(value);
    }

    /** Null if Python has none of its kind. */
    private PyObject number(Number number) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return Py.newInteger(number.intValue());
        }
        if (number instanceof Long l) {
            return Py.newInteger(l);
        }
        if (number instanceof BigInteger bigInteger) {
            return new PyLong(bigInteger);
        }
        if (number instanceof Double || number instanceof Float) {
            return new PyFloat(number.doubleValue());
        }
        return number instanceof BigDecimal decimal ? times.decimal(decimal) : null;
    }

    private PyObject container(Object value, Copying outer) {
        Object done = Copying.done(outer, value);
        if (done != null) {
            return (PyObject) done;
        }
        Copying inner = Copying.in(outer);
        if (value instanceof Map<?, ?> map) {
            PyDictionary dict = new PyDictionary();
            map.forEach((key, item) -> dict.__setitem__(toPython(key, inner), toPython(item, inner)));
            return inner.end(value, dict);
        }
        if (value instanceof Set<?> items) {
            PySet set = new PySet();
            items.forEach(item -> set.invoke("add", toPython(item, inner)));
            return inner.end(value, set);
        }
        PyList list = new PyList();
        items(value).forEach(item -> list.append(toPython(item, inner)));
        return inner.end(value, list);
    }

    private PyObject other(Object value) {
        PyObject python = Buffers.toPython(value);
        if (python == null) {
            python = times.toPython(value);
        }
        if (python == null) {
            PythonReference proxied = host.proxied(value);
            python = proxied == null ? HostFunction.of(this, value) : (PyObject) host.resolve(proxied);
        }
        if (python == null && value instanceof Enum<?> constant) {
            python = new PyUnicode(constant.name());
        }
        return python;
    }
}
