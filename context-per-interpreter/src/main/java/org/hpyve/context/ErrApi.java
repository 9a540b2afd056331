package org.hpyve.context;

import java.util.ArrayDeque;
import org.hpyve.bridge.Failures;
import org.hpyve.bridge.Limit;
import org.hpyve.bridge.Members;
import org.hpyve.bridge.upcall.ErrUpcalls;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyType;
import org.python.core.__builtin__;

/**
 * The current exception of a context. Whether one is set is told by the flag that C reads; this class keeps the
 * exception itself, with its traceback, from where it was raised until a call returns with it.
 */
final class ErrApi extends Api implements ErrUpcalls, Failures {

    private record Suspended(int depth, PyException exception) {}

    private PyException current;
    /** The exception that C itself has raised, until somebody wants to see it: its type, else null; and its message. */
    private PyObject type;

    private String message;

    /** Exceptions of outer calls that wait for an inner one to end; innermost last. */
    private final ArrayDeque<Suspended> suspended = new ArrayDeque<>();
    /** The depth of the last one, 0 if there is none. */
    private int innermost;

    ErrApi(InterpreterContext context) {
        super(context);
    }

    /** Makes this the current exception. */
    void set(PyException exception) {
        current = exception;
        type = null;
        context.bridge().setError(true);
    }

    /** Is there no exception that this keeps? C may have cleared one that is still here. */
    boolean keepsNone() {
        return current == null && type == null;
    }

    /** Takes the current exception away; null if none is set. */
    PyException take() {
        if (!context.bridge().error()) {
            current = null;
            type = null;
            return null;
        }
        make();
        // What raised() did not get to keep is lost: it does so little that only the end of the stack can stop it.
        boolean kept = current != null && context.bridge().errorKept();
        PyException exception = kept ? current : Py.RuntimeError("maximum recursion depth exceeded");
        current = null;
        context.bridge().setError(false);
        return normalized(exception);
    }

    private void make() {
        if (type != null) {
            current = message == null ? new PyException(type) : new PyException(type, message);
            type = null;
        }
    }

    /** With its value made, now: an error of that would go past the handler that this exception finds later. */
    private static PyException normalized(PyException exception) {
        try {
            exception.normalize();
            return exception;
        } catch (PyException failure) {
            return failure;
        }
    }

    /** Puts the exception of the calling function aside: the function called at this depth starts without one. */
    void suspend(int depth) {
        suspended.addLast(new Suspended(depth, take()));
        innermost = depth;
    }

    /** Puts it back when the function called at this depth has ended. */
    void resume(int depth) {
        if (innermost == depth) {
            set(suspended.removeLast().exception);
            innermost = suspended.isEmpty() ? 0 : suspended.getLast().depth;
        }
    }

    @Override
    public void raised(Throwable thrown, int member) {
        PyException exception;
        if (thrown instanceof PyException pyException) {
            exception = pyException;
        } else if (thrown instanceof BadHandleException badHandleException) {
            exception = badHandle(badHandleException.handle, member);
        } else if (thrown instanceof OutOfMemoryError) {
            exception = Py.MemoryError(String.valueOf(thrown.getMessage()));
        } else {
            exception = Py.JavaError(thrown);
        }
        set(exception);
    }

    /** The SystemError for a value that is no open handle of this context. */
    private PyException badHandle(long handle, int member) {
        String calling = context.calling();
        return Py.SystemError("interpreter '%s': %s%s: %s"
                .formatted(
                        context.name(),
                        Members.functionName(member),
                        calling == null ? "" : ", called by " + calling + "()",
                        context.objects().describeBad(handle)));
    }

    /** Type and value, for messages. */
    static String describe(PyException exception) {
        exception.normalize();
        return Py.formatException(exception.type, exception.value);
    }

    @Override
    public PyException refused(Limit limit, long most) {
        String calling = context.calling();
        return new PyException(
                context.constants().get(Constants.LIMIT_EXCEEDED),
                "interpreter '%s': more than %d %s%s"
                        .formatted(
                                context.name(),
                                most,
                                limit == Limit.OPEN_HANDLES ? "open handles" : "bytes of native memory",
                                calling == null ? "" : " (call of " + calling + ")"));
    }

    @Override
    public void Err_BadHandle(long h, int member) {
        set(badHandle(h, member));
    }

    @Override
    public void Err_SetBuiltin(int constant, String utf8_message) {
        type = context.constants().get(Members.CONSTANTS.get(constant));
        message = utf8_message;
        current = type == Py.MemoryError ? (PyException) context.bridge().takeRefusal() : null;
        if (current == null) {
            context.bridge().setErrorOfC();
        } else {
            set(current);
        }
    }

    @Override
    public void Err_SetString(long h_type, String utf8_message) {
        PyObject type = exceptionClass(h_type);
        set(utf8_message == null ? new PyException(type) : new PyException(type, utf8_message));
    }

    @Override
    public void Err_SetObject(long h_type, long h_value) {
        PyObject type = exceptionClass(h_type);
        PyObject value = objectOrNull(h_value);
        set(new PyException(type, value == null ? Py.None : value));
    }

    @Override
    public void Err_SetErrno(long h_type, int code, String text, long filename1, long filename2) {
        PyObject type = exceptionClass(h_type);
        PyObject first = objectOrNull(filename1);
        PyObject second = objectOrNull(filename2);
        PyObject number = Py.newInteger(code);
        PyObject message = Py.newStringOrUnicode(text);
        PyObject error = first == null ? type.__call__(number, message) : type.__call__(number, message, first);
        if (second != null) {
            // Python 2.7 has room for one file name only; the other is where Python 3 has it.
            error.__setattr__("filename2", second);
        }
        set(new PyException(error.getType(), error));
    }

    @Override
    public int Err_ExceptionMatches(long exc) {
        PyObject wanted = object(exc);
        if (!context.bridge().error()) {
            return 0;
        }
        if (type == wanted) {
            return 1;
        }
        make();
        return current != null && current.match(wanted) ? 1 : 0;
    }

    @Override
    public long Err_NewException(String utf8_name, long base, long dict) {
        return Err_NewExceptionWithDoc(utf8_name, null, base, dict);
    }

    @Override
    public long Err_NewExceptionWithDoc(String utf8_name, String utf8_doc, long base, long dict) {
        int dot = utf8_name == null ? -1 : utf8_name.lastIndexOf('.');
        if (dot < 0) {
            throw Py.SystemError("PyErr_NewException: name must be module.class");
        }
        PyObject bases = objectOrNull(base);
        if (bases == null) {
            bases = context.constants().get("Exception");
        }
        PyDictionary attributes = new PyDictionary();
        PyObject given = objectOrNull(dict);
        if (given != null) {
            attributes.update(given);
        }
        if (utf8_doc != null) {
            attributes.__setitem__("__doc__", Py.newStringOrUnicode(utf8_doc));
        }
        if (attributes.__finditem__("__module__") == null) {
            attributes.__setitem__("__module__", new PyString(attributeName(utf8_name.substring(0, dot))));
        }
        PyTuple tuple = bases instanceof PyTuple ? (PyTuple) bases : new PyTuple(bases);
        return handle(
                PyType.TYPE.__call__(new PyString(attributeName(utf8_name.substring(dot + 1))), tuple, attributes));
    }

    @Override
    public int Err_WarnEx(long category, String utf8_message, long stack_level) {
        PyObject type = objectOrNull(category);
        PyObject warning = context.constants().get("Warning");
        if (type != null && !(type instanceof PyType pyType && pyType.isSubType((PyType) warning))) {
            throw Py.TypeError("category must be a Warning subclass, not '" + typeName(type) + "'");
        }
        warn(type == null ? context.constants().get("RuntimeWarning") : type, utf8_message, (int) stack_level);
        return 0;
    }

    /** A warning of this interpreter's own {@code warnings}; {@code Py.warning} asks those of the first in the process. */
    static void warn(PyObject category, String message, int stackLevel) {
        __builtin__
                .__import__("warnings")
                .__getattr__("warn")
                .__call__(Py.newStringOrUnicode(message), category, Py.newInteger(stackLevel));
    }

    @Override
    public void Err_WriteUnraisable(long obj) {
        PyObject where = objectOrNull(obj);
        PyException exception = take();
        if (exception != null) {
            writeUnraisable(exception, where == null ? Py.None : where);
        }
    }

    /** Writes an exception that nobody can be told of to standard error, as long as there is one that works. */
    static void writeUnraisable(PyException exception, PyObject where) {
        try {
            Py.writeUnraisable(exception, where);
        } catch (PyException failure) {
            // Of sys.stderr, which Python code may have replaced or removed: it is not the caller's either.
        }
    }

    private PyObject exceptionClass(long h) {
        PyObject type = object(h);
        if (!PyException.isExceptionClass(type)) {
            throw Py.SystemError("exception " + type.__repr__() + " not a BaseException subclass");
        }
        return type;
    }
}
