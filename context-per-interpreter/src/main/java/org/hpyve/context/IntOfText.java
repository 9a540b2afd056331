package org.hpyve.context;

import java.math.BigInteger;
import org.python.core.Py;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyUnicode;

/**
 * {@code int(text)} of decimal digits with or without a sign: the API has no other way to make an int of any size, and
 * Jython's raises and catches an exception for what does not fit 32 bits. All other texts are left to Jython.
 */
final class IntOfText {

    /** So many digits fit a {@code long}. */
    private static final int LONG_DIGITS = 18;

    private IntOfText() {}

    /** The int that a call with one argument gives; null if it is not such a call. */
    static PyObject call(PyObject function, PyObject arg) {
        if (function != PyInteger.TYPE) {
            return null;
        }
        Class<?> type = arg.getClass();
        return type == PyUnicode.class || type == PyString.class ? of(((PyString) arg).getString()) : null;
    }

    private static PyObject of(String text) {
        int first = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        int digits = text.length() - first;
        if (digits == 0) {
            return null;
        }
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return null;
            }
        }
        if (digits > LONG_DIGITS) {
            BigInteger value = new BigInteger(text);
            return value.bitLength() < Integer.SIZE ? Py.newInteger(value.intValue()) : new PyLong(value);
        }
        long value = Long.parseLong(text);
        return value == (int) value ? Py.newInteger((int) value) : new PyLong(value);
    }
}
