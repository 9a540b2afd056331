package org.hpyve.host.runtime;

import java.util.function.Supplier;
import org.python.core.CompileMode;
import org.python.core.CompilerFlags;
import org.python.core.Py;
import org.python.core.PyBaseCode;
import org.python.core.PyFrame;
import org.python.core.PyFunction;
import org.python.core.PyObject;
import org.python.core.PyStringMap;
import org.python.core.ThreadState;

/**
 * Who calls when Java does. Built-in functions such as {@code eval}, {@code globals} and {@code __import__} ask for the
 * variables of the code that calls them; these are those of {@code __main__}.
 *
 * <p>Used by the threads of one interpreter.
 */
final class Caller {

    private final PyStringMap main;

    /** Made when it is needed first. */
    private PyBaseCode code;

    Caller(PyStringMap main) {
        this.main = main;
    }

    /** Does a call of an object. */
    PyObject call(PyObject callable, Supplier<PyObject> call) {
        ThreadState state = Py.getThreadState();
        if (state.frame != null || callable instanceof PyFunction) {
            return call.get();
        }
        state.frame = new PyFrame(code(), main, main, Py.getSystemState().getBuiltins());
        try {
            return call.get();
        } finally {
            state.frame = null;
        }
    }

    private synchronized PyBaseCode code() {
        if (code == null) {
            code = (PyBaseCode) Py.compile_flags("", "<call>", CompileMode.exec, CompilerFlags.getCompilerFlags());
        }
        return code;
    }
}
