package org.hpyve.host.runtime;

import org.hpyve.host.PythonException.Place;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PyTraceback;

/** Where an exception of Python comes from. */
final class ErrorPlaces {

    private ErrorPlaces() {}

    /** The place that a SyntaxError is about, else the innermost one of the traceback. */
    static Place of(PyException exception) {
        if (exception.match(Py.SyntaxError)) {
            PyObject file = exception.value.__findattr__("filename");
            PyObject line = exception.value.__findattr__("lineno");
            if (file != null && file != Py.None && line != null && line.isInteger()) {
                return new Place(file.toString(), line.asInt());
            }
        }
        PyTraceback innermost = exception.traceback;
        while (innermost != null && innermost.tb_next instanceof PyTraceback next) {
            innermost = next;
        }
        return innermost == null || innermost.tb_frame == null || innermost.tb_frame.f_code == null
                ? Place.UNKNOWN
                : new Place(innermost.tb_frame.f_code.co_filename, innermost.tb_lineno);
    }

    /** What Java code threw, if it was that; null for an exception of a class that is the interpreter's own. */
    static Throwable cause(PyException exception) {
        return Values.javaObject(exception.value) instanceof Throwable thrown ? thrown : null;
    }
}
