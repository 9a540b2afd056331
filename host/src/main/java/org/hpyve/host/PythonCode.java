package org.hpyve.host;

import java.util.Objects;

/**
 * A compiled program: read once, run often. It belongs to the interpreter that compiled it, and runs there, on whatever
 * thread it is asked for.
 */
public final class PythonCode {

    private final PythonReference code;
    private final String fileName;

    PythonCode(PythonReference code, String fileName) {
        this.code = code;
        this.fileName = fileName;
    }

    PythonReference reference() {
        return code;
    }

    /** The interpreter that it belongs to. */
    public Interpreter interpreter() {
        return code.interpreter();
    }

    /** The name of its file in tracebacks. */
    public String fileName() {
        return fileName;
    }

    /**
     * Runs the program in {@code __main__}.
     *
     * @return the value of its last statement, if that is an expression; else null
     */
    public Object run() {
        return run(Object.class);
    }

    /**
     * The same, with the value as an instance of a type.
     *
     * @throws ClassCastException if it has no such form
     */
    public <T> T run(Class<T> type) {
        return Types.cast(type, interpreter().ask(runtime -> runtime.objects().run(code, null, type)));
    }

    /**
     * Runs the program with variables of its own.
     *
     * @throws IllegalArgumentException if they are another interpreter's
     */
    public Object run(PythonVariables variables) {
        PythonReference names = Objects.requireNonNull(variables, "variables").reference();
        return interpreter().ask(runtime -> runtime.objects().run(code, names, Object.class));
    }

    @Override
    public String toString() {
        return "<Python code of '" + fileName + "' of interpreter '"
                + interpreter().name() + "'>";
    }
}
