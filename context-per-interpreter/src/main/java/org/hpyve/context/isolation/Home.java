package org.hpyve.context.isolation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyFrame;
import org.python.core.PySystemState;
import org.python.core.ThreadState;
import org.python.core.TraceFunction;

/**
 * Which thread runs one interpreter, and where its code runs that nobody in it called: callbacks of weak references,
 * {@code __del__}, functions that Java calls on its own threads. The first two come to the thread that runs the
 * interpreter, as soon as there is one; the last are made to find their interpreter on whatever thread they are.
 *
 * <p>Threads run it one after the other, and who hands it over makes sure that the next one sees what the last one wrote.
 * What Jython keeps for a thread (frames, exception, depth of calls, functions that trace) is the interpreter's, and goes
 * with it from thread to thread. A thread may be in several interpreters, one within a call of the other.
 *
 * <p>{@link #post} and {@link #visit} are for any thread, all else for the one that runs the interpreter. Objects of
 * Jython's that live longer than the interpreter may hold this; closed, it holds nothing.
 */
public final class Home {

    /** A frame that was asked may end before its next line; then another is asked. */
    private static final long ASK_AGAIN_NANOS = 20_000_000;

    /** Work of an interpreter in Java. */
    interface Work {
        Object run() throws Throwable;
    }

    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile long askedAt;

    /** Is {@link #runDue} in the mailbox? It may be there for long, while what is due is done at lines of Python code. */
    private final AtomicBoolean mailed = new AtomicBoolean();

    private boolean running;

    private volatile boolean ending;
    private final List<Runnable> ends = new ArrayList<>();
    private volatile PySystemState system;
    private volatile Consumer<Runnable> mailbox = task -> {};

    /** What Jython knows of the thread that runs the interpreter; null when closed. */
    private volatile ThreadState state;
    /** Null when none does. */
    private volatile Thread runner;
    /** The one that ran it last. */
    private Thread last;

    private Runnable moved = () -> {};
    private final RunnerLocals locals = new RunnerLocals();
    private final OwnThreadGroup threadGroup = new OwnThreadGroup();

    /** For each time that the runner has entered, what it was in before. */
    private Object[] outer = new Object[4];

    private int entered;

    Home(PySystemState system) {
        this.system = system;
        this.state = new ThreadState(system);
    }

    /**
     * The current thread runs the interpreter from now on. One that runs it already may enter again, also from within a
     * call of another interpreter's.
     *
     * @return has the interpreter come to this thread now?
     * @throws IllegalStateException if another thread runs it, or it is closed
     */
    public boolean enter() {
        Thread thread = Thread.currentThread();
        ThreadState own = state;
        boolean first = runner != thread;
        if (first) {
            take(thread, own);
        }
        if (entered + 2 > outer.length) {
            outer = Arrays.copyOf(outer, 2 * outer.length);
        }
        Object[] scope = ThreadStates.scope();
        outer[entered++] = scope[0];
        outer[entered++] = scope[1];
        scope[0] = own;
        scope[1] = system;
        if (first && last != thread) {
            last = thread;
            moved.run();
        }
        return first;
    }

    private void take(Thread thread, ThreadState own) {
        Thread other = runner;
        if (other != null) {
            throw new IllegalStateException(
                    "thread '" + thread.getName() + "' enters an interpreter that '" + other.getName() + "' runs");
        }
        if (own == null) {
            throw new IllegalStateException("the interpreter is closed");
        }
        // Jython leaves a frame behind when calls are nested too deep.
        own.frame = null;
        // Never 0: there Jython would look up its own state of the thread.
        own.call_depth = 1;
        runner = thread;
    }

    /**
     * The opposite of {@link #enter}: the thread is again in what it was in before.
     *
     * @return does no thread run the interpreter any more?
     */
    public boolean leave() {
        if (runner != Thread.currentThread()) {
            throw new IllegalStateException("a thread leaves an interpreter that it does not run");
        }
        Object[] scope = ThreadStates.scope();
        scope[1] = outer[--entered];
        outer[entered] = null;
        scope[0] = outer[--entered];
        outer[entered] = null;
        if (entered > 0) {
            return false;
        }
        runner = null;
        return true;
    }

    /** Is this the thread that runs the interpreter? */
    boolean isHere() {
        return Thread.currentThread() == runner;
    }

    /** The thread that runs the interpreter, if it is in Python code now; else null. */
    Thread busy() {
        ThreadState own = state;
        return own == null || own.frame == null ? null : runner;
    }

    /** What Jython knows of the thread that runs the interpreter, whichever it is; null when closed. */
    ThreadState state() {
        return state;
    }

    /** Has something done whenever another thread than before has entered; what was to be done until now is not. */
    void whenMoved(Runnable action) {
        moved = action;
    }

    /** The values of Python's thread-local variables in the thread that runs the interpreter. */
    RunnerLocals locals() {
        return locals;
    }

    /** That of the interpreter in which the caller is; null if it is in none. */
    static Home current() {
        return Py.getSystemState() instanceof IsolatedSystem system ? system.home() : null;
    }

    /** Sets how an interpreter is woken that nobody runs: by an action to do in it, which may come late or never. */
    public void setMailbox(Consumer<Runnable> mailbox) {
        this.mailbox = mailbox;
        mailed.set(false);
    }

    boolean isClosed() {
        return system == null;
    }

    /** Sets the group for threads that Python code starts, if the host has one; it is the host's to destroy. */
    public void setThreadGroup(ThreadGroup group) {
        threadGroup.set(group);
    }

    /** Has something done at the end, by the thread that closes, while Python code can still run. */
    void atEnd(Runnable action) {
        synchronized (ends) {
            ends.add(action);
        }
    }

    /** The interpreter is about to end, and so are its threads. What was registered last is done first. */
    void beginEnd() {
        ending = true;
        for (Runnable next = nextEnd(); next != null; next = nextEnd()) {
            try {
                next.run();
            } catch (PyException e) {
                // The others are to be done, too.
                Py.writeUnraisable(e, Py.newString("the end of an interpreter"));
            }
        }
    }

    private Runnable nextEnd() {
        synchronized (ends) {
            return ends.isEmpty() ? null : ends.remove(ends.size() - 1);
        }
    }

    boolean isEnding() {
        return ending;
    }

    /** The group in which threads are that Python code starts, whichever thread asks. */
    static ThreadGroup threadGroup() {
        Home home = current();
        return home == null ? Thread.currentThread().getThreadGroup() : home.threadGroup.get();
    }

    /** The same of this interpreter; null if it was never needed. */
    ThreadGroup startedGroup() {
        return threadGroup.orNull();
    }

    /**
     * Has something done in the interpreter: between two tasks, at the next line of Python code, or in
     * {@code gc.collect()}, whichever comes first. After close nothing is done.
     */
    void post(Runnable action) {
        if (isClosed()) {
            return;
        }
        due.add(action);
        long now = System.nanoTime();
        boolean first = asked.compareAndSet(false, true);
        if (first || now - askedAt > ASK_AGAIN_NANOS) {
            askedAt = now;
            ThreadState own = state;
            if (own != null) {
                Interjection.into(own, this::runDue);
            }
        }
        if (mailed.compareAndSet(false, true)) {
            try {
                mailbox.accept(this::runMailed);
            } catch (Throwable e) {
                // It takes memory, and there may be some the next time.
                mailed.set(false);
                throw e;
            }
        }
    }

    private void runMailed() {
        mailed.set(false);
        runDue();
    }

    /** Does what was posted, if this thread runs the interpreter. What comes meanwhile is done after, not within. */
    public void runDue() {
        if (!isHere() || running) {
            return;
        }
        running = true;
        enter();
        try {
            asked.set(false);
            for (Runnable next = due.poll(); next != null && !isClosed(); next = due.poll()) {
                next.run();
            }
        } finally {
            leave();
            running = false;
        }
    }

    /**
     * Runs something in this interpreter, also on a thread that is in another or in none.
     *
     * @throws PyException RuntimeError if the interpreter is closed
     */
    Object visit(Work work) throws Throwable {
        PySystemState here = system;
        if (here == null) {
            throw Py.RuntimeError("the interpreter that this function belongs to is closed");
        }
        if (isHere()) {
            enter();
            try {
                return work.run();
            } finally {
                leave();
            }
        }
        ThreadStates.Visitor visitor = ThreadStates.visitor();
        ThreadState state = visitor.state();
        PySystemState before = state.getSystemState();
        if (before == here) {
            return work.run();
        }
        visitor.register();
        // A frame would get its built-in names from the one that called it, and show it to the function.
        PyFrame frame = state.frame;
        PyException exception = state.exception;
        TraceFunction trace = state.tracefunc;
        TraceFunction profile = state.profilefunc;
        state.frame = null;
        state.exception = null;
        state.setSystemState(here);
        try {
            return work.run();
        } finally {
            state.setSystemState(before);
            state.frame = frame;
            state.exception = exception;
            state.tracefunc = trace;
            state.profilefunc = profile;
            visitor.end();
        }
    }

    /** From now on nothing of the interpreter runs by itself, and nothing of it is held. The thread is still to leave. */
    public void close() {
        PySystemState closing = system;
        system = null;
        state = null;
        last = null;
        moved = () -> {};
        mailbox = task -> {};
        due.clear();
        locals.clear();
        threadGroup.close();
        if (closing != null) {
            ThreadStates.forgetAll(closing);
        }
    }
}
