package org.hpyve.host.boundary;

import java.nio.file.Path;
import java.util.List;
import org.hpyve.host.CloseReport;
import org.hpyve.host.InterpreterStats;
import org.hpyve.host.PythonException;

/**
 * The Python side of one interpreter: its system state, its HPy context, its {@code __main__}.
 *
 * <p>Created, used and closed by the interpreter's owner thread; only {@link #stats} and {@link
 * #closeFiles} may be called by others. What Python
 * code raises comes as {@link PythonException}.
 */
public interface PythonRuntime {

    /** Runs statements in {@code __main__}. */
    void exec(String source, String fileName);

    /** Runs a file as {@code python FILE ARGUMENTS} would. */
    void run(Path script, List<String> arguments);

    /** The value of an expression in {@code __main__}, in Java's form. */
    Object eval(String expression);

    /** Calls the value of an expression. */
    Object call(String function, Object[] arguments);

    /** Sets a variable of {@code __main__}. */
    void set(String variable, Object value);

    /** The value of a variable of {@code __main__}; a NameError if there is none. */
    Object get(String variable);

    /** This thread runs the interpreter from now on. */
    default void enter() {}

    /** This thread does not run the interpreter any more. */
    default void leave() {}

    /** A task begins on this thread. */
    default void begin() {}

    /** The task is over; requests to stop or interrupt it are forgotten. */
    default void end() {}

    /** The running task is to end, see {@link org.hpyve.scheduler.Resident#stop}. Any thread. */
    default void stop(String why, boolean insist) {}

    /** KeyboardInterrupt in the running task. Any thread. */
    default void interrupt() {}

    /** Counts until now. */
    InterpreterStats stats();

    /** Closes the files that Python code has open. Called at the end of the JVM, on a thread of its own. */
    void closeFiles();

    /** Runs exit functions and releases everything; what was left. Called once. */
    CloseReport close();
}
