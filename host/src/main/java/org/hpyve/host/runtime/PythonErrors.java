package org.hpyve.host.runtime;

import java.nio.charset.StandardCharsets;
import org.hpyve.host.PythonException;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyUnicode;

/** Python's exceptions as they leave an interpreter: text, and no object of it. */
final class PythonErrors {

    private PythonErrors() {}

    /**
     * A Python exception as text.
     *
     * @param name the interpreter's
     */
    static PythonException describe(String name, PyException exception) {
        exception.normalize();
        Integer exitCode = null;
        String exitMessage = null;
        if (exception.match(Py.SystemExit)) {
            PyObject code = exitValue(exception.value);
            exitCode = exitCode(code);
            exitMessage = exitCode == null ? exitMessage(code) : null;
            exitCode = exitCode == null ? Integer.valueOf(1) : exitCode;
        }
        String type = PyException.exceptionClassName(exception.type).replaceFirst("^exceptions\\.", "");
        String traceback = exception.traceback == null ? "" : exception.traceback.dumpStack();
        if (exception.match(Py.SyntaxError)) {
            traceback += syntaxErrorPlace(exception.value);
        }
        String text;
        String message;
        try {
            text = Py.formatException(exception.type, exception.value);
            message = message(exception.value);
        } catch (PyException e) {
            message = "<unprintable " + type + " object>";
            text = type + ": " + message;
        }
        return new PythonException(
                name,
                type,
                message,
                traceback + text + "\n",
                exitCode,
                exitMessage,
                ErrorPlaces.of(exception),
                ErrorPlaces.cause(exception));
    }

    /** The place that a SyntaxError is about, which is not where it was raised. */
    private static String syntaxErrorPlace(PyObject error) {
        PyObject file = error.__findattr__("filename");
        PyObject line = error.__findattr__("lineno");
        PyObject text = error.__findattr__("text");
        if (file == null || line == null || text == null || text == Py.None) {
            return "";
        }
        return "  File \"%s\", line %s\n    %s\n"
                .formatted(file, line, text.toString().strip());
    }

    private static String message(PyObject value) {
        try {
            return value.__unicode__().toString();
        } catch (PyException e) {
            return value.__repr__().toString();
        }
    }

    private static PyObject exitValue(PyObject exit) {
        try {
            PyObject code = exit.__findattr__("code");
            return code == null ? Py.None : code;
        } catch (PyException e) {
            return exit;
        }
    }

    /** Null if the program gave something else than a number. */
    private static Integer exitCode(PyObject code) {
        if (code == Py.None) {
            return 0;
        }
        if (code instanceof PyInteger || code instanceof PyLong) {
            try {
                return code.asInt();
            } catch (PyException e) {
                return null;
            }
        }
        return null;
    }

    private static String exitMessage(PyObject code) {
        try {
            if (code instanceof PyUnicode unicode) {
                return unicode.getString();
            }
            // Bytes, which Python would write as they are.
            return new String(code.__str__().toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        } catch (PyException e) {
            return "<unprintable " + code.getType().fastGetName() + " object>";
        }
    }
}
