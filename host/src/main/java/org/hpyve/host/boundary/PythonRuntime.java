package org.hpyve.host.boundary;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hpyve.host.CloseReport;
import org.hpyve.host.ExtensionStats;
import org.hpyve.host.LeakedHandle;
import org.hpyve.host.LiveHandles;
import org.hpyve.host.PythonException;

/**
 * The Python side of one interpreter: its system state, its HPy context, its {@code __main__}.
 *
 * <p>Run by threads one after the other: used by the one that has entered it, until that one leaves. The thread that
 * creates it has entered it. Who hands it over sees to it that the next thread sees what the last one wrote. Only {@link
 * #stats}, {@link #traceLeaks}, {@link #isTracingLeaks}, {@link #closeFiles}, {@link #stop} and {@link #interrupt} may be called by others. What Python code raises comes as
 * {@link PythonException}.
 */
public interface PythonRuntime {

    /**
     * The current thread runs the interpreter from now on. The same thread may enter again, also while it is in a call
     * of another interpreter's, and has to leave as often.
     *
     * @throws IllegalStateException if another thread runs it, or it is closed
     */
    void enter();

    /**
     * The current thread is again in what it was in before, and nothing of the interpreter stays with it. Nobody runs
     * the interpreter then, if this was the first one that entered.
     */
    void leave();

    /** Runs statements in {@code __main__}. */
    void exec(String source, String fileName);

    /** Runs a file as {@code python FILE ARGUMENTS} would. */
    void run(Path script, List<String> arguments);

    /**
     * The value of an expression in {@code __main__}, in Java's form.
     *
     * @param type which form; {@code Object} for the one that the value has by itself
     * @throws ClassCastException if the value has no form of that type
     */
    Object eval(String expression, Class<?> type);

    /** The same in the form that the value has by itself. */
    default Object eval(String expression) {
        return eval(expression, Object.class);
    }

    /** Calls the value of an expression. */
    Object call(String function, Object[] arguments, Class<?> type);

    /** The same in the form that the result has by itself. */
    default Object call(String function, Object[] arguments) {
        return call(function, arguments, Object.class);
    }

    /** Sets a variable of {@code __main__}. */
    void set(String variable, Object value);

    /** The value of a variable of {@code __main__}; a NameError if there is none. */
    Object get(String variable, Class<?> type);

    /** The same in the form that the value has by itself. */
    default Object get(String variable) {
        return get(variable, Object.class);
    }

    /** Its objects, of which the host has references. */
    PythonObjects objects();

    /** Notes which variables {@code __main__} has, and their values. */
    void keepVariables();

    /** Gives {@code __main__} the variables and values that were noted; other variables are gone. */
    void restoreVariables();

    /** Sets variables of {@code __main__} to the values of parcels. */
    void setAll(Map<String, Object> parcels);

    /**
     * Calls something with arguments, all given as parcels.
     *
     * @return a parcel of the result
     * @throws NotShareable if what is given cannot be taken here, or the result not be given back
     */
    Object invoke(Parcel.Call call);

    /**
     * A task begins, on this thread. Tasks do not begin within others.
     *
     * @return its number, not 0
     */
    long begin();

    /** The task is over, on the thread that began it; what was asked of it is forgotten. */
    void end();

    /**
     * Has a task end with {@code TaskTimeout}, which is raised once, or insisted on until the task is over. To be called
     * again and again, as a thread that begins to wait at this moment is missed. Any thread.
     *
     * @param task its number, or 0 for whatever runs now
     * @return false if it is over
     */
    boolean stop(long task, String message, boolean insist);

    /** Has {@code KeyboardInterrupt} raised once in whatever runs now; false if nothing does. Any thread. */
    boolean interrupt();

    /** The handles that are open now, but for those that calls under way have opened. */
    List<LiveHandles> liveHandles();

    /** Notes which calls of extensions leave handles open, or no longer does so. Any thread. */
    void traceLeaks(boolean on);

    /** Are such calls noted? Any thread. */
    boolean isTracingLeaks();

    /** The handles of such calls that are still open. */
    List<LeakedHandle> leaks();

    /** What extensions have done until now. */
    ExtensionStats stats();

    /** Closes the files that Python code has open. Called at the end of the JVM, on a thread of its own. */
    void closeFiles();

    /** Runs exit functions and releases everything, and leaves; what was left. Called once, by a thread that has entered. */
    CloseReport close();
}
