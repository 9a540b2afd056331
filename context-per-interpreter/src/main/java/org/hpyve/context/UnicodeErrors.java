package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyUnicode;

/**
 * Calls of the classes {@code UnicodeDecodeError} and its like by C code, which has the name of the encoding and the reason
 * as Python 3's text, where Python 2.7 takes a str only.
 */
final class UnicodeErrors {

    private static final int[] ENCODING_AND_REASON = {0, 4};
    private static final int[] REASON = {3};

    private UnicodeErrors() {}

    /** The arguments as the callable wants them: the same, if it is none of those classes. */
    static PyObject[] arguments(PyObject callable, PyObject[] args) {
        if (callable == Py.UnicodeDecodeError || callable == Py.UnicodeEncodeError) {
            return args.length == 5 ? withStrings(args, ENCODING_AND_REASON) : args;
        }
        return callable == Py.UnicodeTranslateError && args.length == 4 ? withStrings(args, REASON) : args;
    }

    private static PyObject[] withStrings(PyObject[] args, int[] places) {
        PyObject[] changed = args.clone();
        for (int place : places) {
            if (args[place] instanceof PyUnicode text) {
                changed[place] = new PyString(Api.attributeName(text.getString()));
            }
        }
        return changed;
    }
}
