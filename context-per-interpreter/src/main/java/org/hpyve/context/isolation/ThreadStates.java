package org.hpyve.context.isolation;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyObject;
import org.python.core.PySystemState;
import org.python.core.ThreadState;

/** What Jython knows of threads: one table for the process, which it keeps to itself. */
public final class ThreadStates {

    private static final String TABLE = "org.python.core.ThreadStateMapping";
    private static final Map<Thread, ThreadState> STATES = table("globalThreadStates");
    private static final Map<ThreadState, Thread> THREADS = table("inverseGlobalThreadStates");

    /** For each thread that is in a call of Python the state of it, and its system; both null else. */
    private static final ThreadLocal<Object[]> SCOPES = scopes();

    private ThreadStates() {}

    @SuppressWarnings("unchecked")
    private static ThreadLocal<Object[]> scopes() {
        return (ThreadLocal<Object[]>) found("inCallThreadState");
    }

    @SuppressWarnings("unchecked")
    private static <K, V> Map<K, V> table(String name) {
        return (Map<K, V>) found(name);
    }

    private static Object found(String name) {
        try {
            Field field = Class.forName(TABLE).getDeclaredField(name);
            field.setAccessible(true);
            return field.get(null);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion(TABLE + " has no " + name, e);
        }
    }

    /**
     * Where Jython looks first for the state of this thread: two places, the state and its system. They stay as they are
     * for as long as the state says that it is in a call.
     */
    static Object[] scope() {
        return SCOPES.get();
    }

    /** A thread about to run code of an interpreter that it does not run, nor was started in. */
    record Visitor(Thread thread, ThreadState state, boolean unknown, boolean unregistered) {

        /** Has the thread be found by {@link ThreadStates#in}. */
        void register() {
            if (unregistered) {
                STATES.put(thread, state);
            }
        }

        /** Its state is as it was before. */
        void end() {
            if (unknown) {
                forget(thread);
            } else if (unregistered) {
                STATES.remove(thread, state);
            }
        }
    }

    /** The current thread as a visitor. */
    static Visitor visitor() {
        Thread thread = Thread.currentThread();
        boolean unregistered = STATES.get(thread) == null;
        ThreadState state = Py.getThreadState();
        // One that runs another interpreter has that one's state, which is not in the table.
        boolean unknown = unregistered && STATES.get(thread) == state;
        return new Visitor(thread, state, unknown, unregistered && !unknown);
    }

    /** Null if the thread has never run Python code. */
    static ThreadState of(Thread thread) {
        return STATES.get(thread);
    }

    /** The threads that run Python code of an interpreter now, besides the one that runs the interpreter. */
    static List<Thread> in(PySystemState system) {
        List<Thread> threads = new ArrayList<>();
        STATES.forEach((thread, state) -> {
            if (state.frame != null && state.getSystemState() == system) {
                threads.add(thread);
            }
        });
        return threads;
    }

    /**
     * Drops what Jython keeps of a thread that runs no Python code any more. The table is weak in threads, but an
     * exception that a state still has may lead back to the thread, and then both would stay for ever.
     */
    static void forget(Thread thread) {
        ThreadState state = STATES.remove(thread);
        if (state != null) {
            THREADS.remove(state);
            clear(state);
        }
    }

    /** The same for all threads that are in an interpreter, which is closed. */
    static void forgetAll(PySystemState system) {
        STATES.forEach((thread, state) -> {
            if (state.frame == null && state.getSystemState() == system) {
                forget(thread);
            }
        });
    }

    private static void clear(ThreadState state) {
        state.tracefunc = null;
        state.profilefunc = null;
        state.exception = null;
        state.reprStack = null;
    }

    /** Before a thread changes to another interpreter: functions that trace are those of the one that it leaves. */
    public static void changing(ThreadState state, PySystemState next) {
        if ((state.tracefunc != null || state.profilefunc != null) && state.getSystemState() != next) {
            state.tracefunc = null;
            state.profilefunc = null;
        }
    }

    /** {@code sys._current_frames()}: of the threads that are in the current interpreter. */
    public static PyDictionary currentFrames() {
        PySystemState system = Py.getSystemState();
        PyDictionary frames = new PyDictionary();
        STATES.forEach((thread, state) -> {
            PyObject frame = state.frame;
            if (frame != null && state.getSystemState() == system) {
                frames.__setitem__(Py.newInteger(thread.getId()), frame);
            }
        });
        Home home = Home.current();
        Thread busy = home == null ? null : home.busy();
        ThreadState own = busy == null ? null : home.state();
        PyObject frame = own == null ? null : own.frame;
        if (frame != null) {
            frames.__setitem__(Py.newInteger(busy.getId()), frame);
        }
        return frames;
    }
}
