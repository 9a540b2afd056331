package org.hpyve.host.runtime;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.python.core.Py;
import org.python.core.PyBoolean;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * Python objects that cannot be changed and know no interpreter, so that interpreters which share Jython's classes may
 * share them: None, instances of exactly bool, int, long, float, str and unicode, and tuples of these.
 */
public final class SharedObjects {

    private static final int MAX_DEPTH = 50;

    /** So many tuples are looked into; one that holds the next twice, and so on, would take for ever. */
    private static final int MAX_TUPLES = 1_000;

    private SharedObjects() {}

    static boolean isSimple(PyObject object) {
        Class<?> cls = object.getClass();
        return cls == PyInteger.class
                || cls == PyUnicode.class
                || cls == PyString.class
                || cls == PyFloat.class
                || object == Py.None
                || cls == PyBoolean.class
                || cls == PyLong.class;
    }

    /** Is it one of these objects? Tuples in many tuples count as no. */
    static boolean isOne(PyObject object) {
        return isSimple(object)
                || (object.getClass() == PyTuple.class && allSimple((PyTuple) object, MAX_DEPTH, MAX_TUPLES) >= 0);
    }

    /** How many of the tuples that may be looked into are left; negative if not all is simple, or none are left. */
    private static int allSimple(PyTuple tuple, int depth, int tuples) {
        int left = tuples - 1;
        for (PyObject item : tuple.getArray()) {
            if (isSimple(item)) {
                continue;
            }
            left = item.getClass() == PyTuple.class && depth > 0 ? allSimple((PyTuple) item, depth - 1, left) : -1;
            if (left < 0) {
                return -1;
            }
        }
        return left;
    }

    /**
     * The Java form of such an object.
     *
     * @param number gives the Java form of a long
     * @param bytes gives the Java form of a str, each byte as a char
     */
    public static Object toJava(Object object, Function<BigInteger, Object> number, Function<String, Object> bytes) {
        if (object == Py.None) {
            return null;
        }
        if (object instanceof PyBoolean bool) {
            return bool.getBooleanValue();
        }
        if (object instanceof PyInteger integer) {
            return integer.getValue();
        }
        if (object instanceof PyLong big) {
            return number.apply(big.getValue());
        }
        if (object instanceof PyFloat real) {
            return real.getValue();
        }
        if (object instanceof PyUnicode text) {
            return text.getString();
        }
        if (object instanceof PyString string) {
            return bytes.apply(string.getString());
        }
        List<Object> list = new ArrayList<>();
        for (PyObject item : ((PyTuple) object).getArray()) {
            list.add(toJava(item, number, bytes));
        }
        return list;
    }
}
