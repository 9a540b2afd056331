package org.hpyve.host;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hpyve.host.boundary.PythonRuntime;

/**
 * Python code that one interpreter runs while the caller waits. What the interpreter's limits, or a deadline, forbid is
 * stopped with {@link org.hpyve.scheduler.TaskTimeout}.
 *
 * <p>Python exceptions come as {@link PythonException}. Values are converted: see {@link #eval}.
 */
public abstract sealed class PythonCalls permits Interpreter, DeadlineCalls, PooledInterpreter {

    PythonCalls() {}

    /** Has the interpreter do something, and waits for it. */
    abstract <T> T ask(Function<PythonRuntime, T> work);

    final void act(Consumer<PythonRuntime> work) {
        ask(runtime -> {
            work.accept(runtime);
            return null;
        });
    }

    /** Runs Python statements in {@code __main__}. */
    public final void exec(String source) {
        act(runtime -> runtime.exec(source, "<exec>"));
    }

    /**
     * Runs a file as {@code python FILE ARGUMENTS} would: as {@code __main__}, with {@code sys.argv}, its folder first on
     * {@code sys.path}.
     */
    public final void run(Path script, List<String> arguments) {
        act(runtime -> runtime.run(script, arguments));
    }

    /**
     * The value of a Python expression in {@code __main__}.
     *
     * @return None as null, bool, int as Integer, Long or BigInteger, float as Double, unicode and 7-bit str as String,
     *     other str as byte[], list and tuple as List, dict as Map, set as Set, all copied; everything else as a
     *     {@link PythonReference}
     */
    public final Object eval(String expression) {
        return ask(runtime -> runtime.eval(expression));
    }

    /** Sets a variable of {@code __main__}. */
    public final void set(String variable, Object value) {
        act(runtime -> runtime.set(variable, value));
    }

    /**
     * The value of a variable of {@code __main__}.
     *
     * @throws PythonException NameError if there is none
     */
    public final Object get(String variable) {
        return ask(runtime -> runtime.get(variable));
    }

    /**
     * Calls a function.
     *
     * @param function a variable of {@code __main__}, or an expression with dots such as {@code module.function}
     */
    public final Object call(String function, Object... arguments) {
        return ask(runtime -> runtime.call(function, arguments));
    }

    /**
     * The value of a Python expression in {@code __main__}, as an instance of a type: a primitive or its wrapper, if the
     * number fits; String, containers, arrays, dates and others; an interface, whose methods then run in the interpreter,
     * whoever calls them; {@link PythonReference} for the object itself. {@code docs/reference/java-values.md} has the
     * table.
     *
     * @throws ClassCastException if the value has no such form; nothing is rounded, cut or parsed
     */
    public final <T> T eval(String expression, Class<T> type) {
        return Types.cast(type, ask(runtime -> runtime.eval(expression, type)));
    }

    /** The value of a variable of {@code __main__}, as {@link #eval(String, Class)} gives it. */
    public final <T> T get(String variable, Class<T> type) {
        return Types.cast(type, ask(runtime -> runtime.get(variable, type)));
    }

    /** Calls a function, and gives its result as {@link #eval(String, Class)} does. */
    public final <T> T call(Class<T> type, String function, Object... arguments) {
        return Types.cast(type, ask(runtime -> runtime.call(function, arguments, type)));
    }

    /**
     * Compiles statements, to be run as often as is wanted.
     *
     * @param fileName for tracebacks
     * @throws PythonException SyntaxError
     */
    public final PythonCode compile(String source, String fileName) {
        return new PythonCode(ask(runtime -> runtime.objects().compile(source, fileName)), fileName);
    }

    /**
     * Runs compiled statements in {@code __main__}.
     *
     * @return the value of the last one, if that is an expression; else null
     * @throws IllegalArgumentException if another interpreter has compiled them
     */
    public final Object run(PythonCode code) {
        return ask(runtime -> runtime.objects().run(code.reference(), null, Object.class));
    }

    /**
     * The handles that are open now, the most numerous first. If a call of an extension is under way, because this is
     * asked for in it, those that it has opened are not among them, nor are those of constants.
     */
    public final List<LiveHandles> liveHandles() {
        return ask(PythonRuntime::liveHandles);
    }

    /**
     * The handles that calls have left open while {@link Interpreter#traceLeaks} was on and that are still open, the most
     * numerous first. What else is open is in {@link #liveHandles} only. The newest 10,000 calls are remembered; those of
     * one function from one place with no other between them count as one.
     */
    public final List<LeakedHandle> leaks() {
        return ask(PythonRuntime::leaks);
    }

    /** A new set of variables beside {@code __main__}. */
    public final PythonVariables newVariables() {
        return newVariables(name -> null);
    }

    /**
     * A new set of variables beside {@code __main__}.
     *
     * @param outer asked in the interpreter, at each use, for names that are not set; null for one that it has not either
     */
    public final PythonVariables newVariables(Function<String, Object> outer) {
        return new PythonVariables(ask(runtime -> runtime.objects().newVariables(outer)));
    }
}
