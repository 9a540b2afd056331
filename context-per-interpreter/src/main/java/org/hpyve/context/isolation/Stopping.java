package org.hpyve.context.isolation;

import java.util.Arrays;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyFrame;
import org.python.core.PyObject;
import org.python.core.PyTuple;
import org.python.core.PyType;
import org.python.core.ThreadState;

/**
 * Ends what an interpreter runs: has an exception raised at the next line of its Python code.
 *
 * <p>The thread that runs the interpreter says when a task begins and when it is over; others ask, and what they ask is
 * for that one task. Each line of Python code, and each step of those loops of Jython's in Java that may never end, looks
 * at one field, see {@link StopPatches}. So frames need not be found, and nothing is left in them.
 *
 * <p>A thread that waits is interrupted. One that does not wait is interrupted only when it was asked before and has not
 * come to a line since: an interrupt closes the file that is read or written at that moment.
 *
 * <p>Frames of other interpreters that the task runs on the same thread are left alone; the exception comes when they have
 * returned. Not stopped are: one operation in Java that takes long, such as {@code 10**10**9} or a sort of numbers; native
 * code that calls no Python code; a read from a pipe or from a terminal.
 */
public final class Stopping {

    private static final int PATIENCE_WITH_TRACE_FUNCTIONS = 3;

    /** Any task. */
    public static final long WHATEVER_RUNS = 0;

    private static final long NOTHING = 0;

    /** Those of which something is to be raised, of all interpreters; null nearly always. */
    private static volatile Stopping[] due;

    private static final Object DUE_LOCK = new Object();

    /** What is asked for. */
    private enum Request {
        NONE,
        /** KeyboardInterrupt once. */
        INTERRUPT,
        /** TaskTimeout once. */
        ASK,
        /** TaskTimeout until the task is over. */
        INSIST
    }

    private final IsolatedSystem system;

    /** The class {@code TaskTimeout} of the interpreter; null until it is needed. */
    private PyObject taskTimeout;

    /** The task that runs, or nothing. Set by the thread that runs it, after what it is about. */
    private volatile long task = NOTHING;

    private long lastTask;
    private Thread thread;

    /** Set before {@link #task} is read, as the end of a task sets that before it reads this: one sees the other. */
    private volatile boolean asked;

    // All below are guarded by this.
    private Request request = Request.NONE;
    private String message;
    /** TaskTimeout was raised once. */
    private boolean raised;
    /** Nothing was raised since it was asked for last. */
    private boolean unanswered;
    /**
     * How often it was insisted on in vain. Only after some times is it raised in trace functions, too: Jython drops one
     * that fails.
     */
    private int inVain;

    private boolean interrupted;

    /** What a wait ended with, and what was raised for it. Of the thread that runs the task. */
    private Throwable endOfWait;

    private PyException raisedForIt;

    Stopping(IsolatedSystem system) {
        this.system = system;
    }

    /**
     * A task begins, on this thread. Tasks do not begin within others.
     *
     * @return its number, by which it can be asked to end
     */
    public long begin() {
        thread = Thread.currentThread();
        long next = ++lastTask;
        task = next;
        return next;
    }

    /** The task is over, on the thread that began it: what was asked of it is forgotten. */
    public void end() {
        task = NOTHING;
        if (asked) {
            forget();
        }
        thread = null;
        ThreadState state = system.home().state();
        if (state != null) {
            // Jython keeps a frame that fails before its first line, as at the recursion limit, or in a trace function.
            state.frame = null;
        }
    }

    private synchronized void forget() {
        asked = false;
        raised = false;
        unanswered = false;
        inVain = 0;
        set(Request.NONE, null);
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
        endOfWait = null;
        raisedForIt = null;
    }

    /**
     * Raises {@code TaskTimeout} at the next line, once in a task: what stands in {@code finally} and {@code with} is run.
     * Asked again, it wakes the thread if it waits and has not been told. Any thread.
     *
     * @param which the number of a task, or {@link #WHATEVER_RUNS}
     * @return false if that task is over
     */
    public synchronized boolean ask(long which, String message) {
        if (!isRunning(which)) {
            return false;
        }
        if (!raised && request != Request.INSIST) {
            set(Request.ASK, message);
            unanswered = true;
            wake(false);
        }
        return true;
    }

    /**
     * Raises {@code TaskTimeout} at each line until the task is over, whatever catches it. To be asked again and again. Any
     * thread.
     *
     * @param which the number of a task, or {@link #WHATEVER_RUNS}
     * @return false if that task is over
     */
    public synchronized boolean insist(long which, String message) {
        if (!isRunning(which)) {
            return false;
        }
        set(Request.INSIST, message);
        inVain += unanswered ? 1 : 0;
        wake(unanswered);
        unanswered = true;
        return true;
    }

    /** Raises {@code KeyboardInterrupt} at the next line, once, in whatever runs. Any thread. */
    public synchronized boolean interrupt() {
        if (!isRunning(WHATEVER_RUNS)) {
            return false;
        }
        if (request == Request.NONE || request == Request.INTERRUPT) {
            set(Request.INTERRUPT, null);
            wake(false);
        }
        return true;
    }

    private boolean isRunning(long which) {
        asked = true;
        long running = task;
        return running != NOTHING && (which == WHATEVER_RUNS || which == running);
    }

    private void wake(boolean whatever) {
        ThreadState state = system.home().state();
        if (state != null && state.getSystemState() == system && (whatever || isWaiting(thread))) {
            interrupted = true;
            thread.interrupt();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            default -> false;
        };
    }

    private void set(Request request, String message) {
        boolean before = this.request != Request.NONE;
        boolean after = request != Request.NONE;
        this.request = request;
        this.message = message;
        if (before != after) {
            synchronized (DUE_LOCK) {
                due = after ? with(due) : without(due);
            }
        }
    }

    private Stopping[] with(Stopping[] others) {
        if (others == null) {
            return new Stopping[] {this};
        }
        Stopping[] all = Arrays.copyOf(others, others.length + 1);
        all[others.length] = this;
        return all;
    }

    private Stopping[] without(Stopping[] all) {
        Stopping[] others = Arrays.stream(all).filter(each -> each != this).toArray(Stopping[]::new);
        return others.length == 0 ? null : others;
    }

    /** The exception to be raised now, or null. On the thread that runs the task. */
    private PyException take() {
        Request taken;
        String text;
        synchronized (this) {
            if (Py.getThreadState().tracing && inVain <= PATIENCE_WITH_TRACE_FUNCTIONS) {
                return null;
            }
            taken = request;
            text = message;
            unanswered = false;
            if (interrupted) {
                interrupted = false;
                Thread.interrupted();
            }
            if (taken == Request.ASK) {
                raised = true;
            }
            if (taken != Request.INSIST) {
                set(Request.NONE, null);
            }
        }
        return switch (taken) {
            case NONE -> null;
            case INTERRUPT -> new PyException(Py.KeyboardInterrupt);
            case ASK, INSIST -> new PyException(taskTimeout(), Py.newStringOrUnicode(text));
        };
    }

    /** The class of what is raised, a BaseException; it is the interpreter's own. */
    public synchronized PyObject taskTimeout() {
        if (taskTimeout == null) {
            PyDictionary attributes = new PyDictionary();
            attributes.__setitem__("__module__", Py.newString("exceptions"));
            taskTimeout = PyType.TYPE.__call__(Py.newString("TaskTimeout"), new PyTuple(Py.BaseException), attributes);
        }
        return taskTimeout;
    }

    /** What is to be raised on this thread in its interpreter now, or null. */
    static PyException now() {
        Stopping[] all = due;
        return all == null ? null : find(all);
    }

    private static PyException find(Stopping[] all) {
        Thread current = Thread.currentThread();
        for (Stopping each : all) {
            if (each.thread == current && Py.getThreadState().getSystemState() == each.system) {
                return each.take();
            }
        }
        return null;
    }

    /**
     * What is to be raised in the place of what a wait of this thread ended with, or null. The same for the same: while an
     * exception of Java's leaves Python code, Jython asks more than once.
     */
    static PyException inPlaceOf(Throwable endOfWait) {
        if (!(Py.getSystemState() instanceof IsolatedSystem system)) {
            return null;
        }
        Stopping stopping = system.stopping();
        if (stopping.thread != Thread.currentThread()) {
            return null;
        }
        if (stopping.endOfWait != endOfWait) {
            PyException raised = stopping.take();
            if (raised == null) {
                return null;
            }
            stopping.endOfWait = endOfWait;
            stopping.raisedForIt = raised;
        }
        return stopping.raisedForIt;
    }

    /** In a sort, which goes on after an exception: not after one that is no {@code Exception}. */
    public static PyException inSort(PyException exception) {
        if (exception.type instanceof PyType type && !type.isSubType((PyType) Py.Exception)) {
            throw exception;
        }
        return exception;
    }

    /** Before each line of Python code. */
    public static void atLine(PyFrame frame, int line) {
        Stopping[] all = due;
        if (all != null) {
            raise(all, frame, line);
        }
    }

    private static void raise(Stopping[] all, PyFrame frame, int line) {
        PyException exception = find(all);
        if (exception != null) {
            // For the traceback.
            frame.f_lineno = line;
            throw exception;
        }
    }

    /** In Jython's loops. */
    public static void check() {
        Stopping[] all = due;
        if (all != null) {
            raise(all);
        }
    }

    private static void raise(Stopping[] all) {
        PyException exception = find(all);
        if (exception != null) {
            throw exception;
        }
    }
}
