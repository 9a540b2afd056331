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

    private ThreadStates() {}

    @SuppressWarnings("unchecked")
    private static <K, V> Map<K, V> table(String name) {
        try {
            Field field = Class.forName(TABLE).getDeclaredField(name);
            field.setAccessible(true);
            return (Map<K, V>) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion(TABLE + " has no table " + name, e);
        }
    }

    /** Null if the thread has never run Python code. */
    static ThreadState of(Thread thread) {
        return STATES.get(thread);
    }

    /** The threads that run Python code of an interpreter now. */
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
        return frames;
    }
}
