package org.hpyve.host.runtime;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.hpyve.host.PythonReference;
import org.hpyve.host.boundary.HostSide;
import org.python.core.BaseSet;
import org.python.core.Py;
import org.python.core.PyBoolean;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyFrozenSet;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PySet;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * Values on their way into and out of an interpreter. Containers are copied; an object that has no Java form leaves as a
 * {@link PythonReference}.
 *
 * <p>None, bool, int (Integer, Long or BigInteger, the smallest that holds it), float (Double), unicode and 7-bit str
 * (String), other str (byte[]), list and tuple (List), dict (Map), set and frozenset (Set). Into Python also: a Function of
 * the list of arguments, as a callable.
 *
 * <p>Used by the interpreter's thread only.
 */
final class Values {

    /** Containers in containers; also what ends the copying of one that holds itself. */
    private static final int MAX_DEPTH = 500;

    private final HostSide host;
    private int depth;

    Values(HostSide host) {
        this.host = host;
    }

    /**
     * The Java form of a Python object.
     *
     * @throws IllegalArgumentException for a container that holds itself, or is nested too deep
     */
    Object toJava(PyObject object) {
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
            BigInteger value = ((PyLong) object).getValue();
            return value.bitLength() < 32
                    ? (Object) value.intValue()
                    : value.bitLength() < 64 ? (Object) value.longValue() : value;
        }
        if (cls == PyFloat.class) {
            return ((PyFloat) object).getValue();
        }
        if (cls == PyUnicode.class) {
            return ((PyUnicode) object).getString();
        }
        if (cls == PyString.class) {
            String chars = ((PyString) object).getString();
            byte[] bytes = chars.getBytes(StandardCharsets.ISO_8859_1);
            for (byte b : bytes) {
                if (b < 0) {
                    return bytes;
                }
            }
            return chars;
        }
        if (cls == PyList.class || cls == PyTuple.class) {
            List<Object> list = new ArrayList<>();
            nested(() -> object.asIterable().forEach(item -> list.add(toJava(item))));
            return list;
        }
        if (cls == PyDictionary.class) {
            Map<Object, Object> map = new LinkedHashMap<>();
            nested(() -> {
                for (PyObject key : object.asIterable()) {
                    map.put(toJava(key), toJava(object.__getitem__(key)));
                }
            });
            return map;
        }
        if (cls == PySet.class || cls == PyFrozenSet.class) {
            Set<Object> set = new LinkedHashSet<>();
            nested(() -> object.asIterable().forEach(item -> set.add(toJava(item))));
            return set;
        }
        return host.refer(object, object.getType().fastGetName());
    }

    /**
     * The Python form of a Java value.
     *
     * @throws IllegalArgumentException for a value that has none, for a reference of another interpreter, and for a
     *     container that holds itself or is nested too deep
     */
    PyObject toPython(Object value) {
        if (value == null) {
            return Py.None;
        }
        if (value instanceof Boolean b) {
            return Py.newBoolean(b);
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return Py.newInteger(((Number) value).intValue());
        }
        if (value instanceof Long l) {
            return Py.newInteger(l);
        }
        if (value instanceof BigInteger bigInteger) {
            return new PyLong(bigInteger);
        }
        if (value instanceof Double || value instanceof Float) {
            return new PyFloat(((Number) value).doubleValue());
        }
        if (value instanceof CharSequence || value instanceof Character) {
            return new PyUnicode(value.toString());
        }
        if (value instanceof byte[] array) {
            return new PyString(new String(array, StandardCharsets.ISO_8859_1));
        }
        if (value instanceof List) {
            PyList list = new PyList();
            nested(() -> ((List<?>) value).forEach(item -> list.append(toPython(item))));
            return list;
        }
        if (value instanceof Map) {
            PyDictionary dict = new PyDictionary();
            nested(() -> ((Map<?, ?>) value).forEach((key, item) -> dict.__setitem__(toPython(key), toPython(item))));
            return dict;
        }
        if (value instanceof Set) {
            BaseSet set = new PySet();
            nested(() -> ((Set<?>) value).forEach(item -> set.invoke("add", toPython(item))));
            return set;
        }
        if (value instanceof Function) {
            @SuppressWarnings("unchecked")
            Function<List<Object>, ?> function = (Function<List<Object>, ?>) value;
            return new HostFunction(this, function);
        }
        if (value instanceof PythonReference reference) {
            return (PyObject) host.resolve(reference);
        }
        throw new IllegalArgumentException("a Java object of " + value.getClass() + " has no Python form");
    }

    private void nested(Runnable copy) {
        if (depth == MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a container holds itself, or more than " + MAX_DEPTH + " others inside each other");
        }
        depth++;
        try {
            copy.run();
        } finally {
            depth--;
        }
    }
}
