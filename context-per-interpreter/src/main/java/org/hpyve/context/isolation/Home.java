package org.hpyve.context.isolation;

import java.util.ArrayList;
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
 * Where the code of one interpreter runs that nobody in it called: callbacks of weak references, {@code __del__}, functions
 * that Java calls on its own threads. The first two come to the interpreter's owner thread; the last are made to find
 * their interpreter on whatever thread they are.
 *
 * <p>Made and closed on the owner thread; all else on any thread. Objects of Jython's that live longer than the
 * interpreter may hold this; closed, it holds nothing.
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
    /** Of the owner thread. */
    private boolean running;

    private volatile boolean ending;
    private final List<Runnable> ends = new ArrayList<>();
    private volatile PySystemState system;
    private volatile Thread owner = Thread.currentThread();
    private volatile Consumer<Runnable> mailbox = task -> {};

    Home(PySystemState system) {
        this.system = system;
    }

    /** That of the interpreter in which the caller is; null if it is in none. */
    static Home current() {
        return Py.getSystemState() instanceof IsolatedSystem system ? system.home() : null;
    }

    /** Sets how an idle owner thread is woken: by an action for it, which may come late or never. */
    public void setMailbox(Consumer<Runnable> mailbox) {
        this.mailbox = mailbox;
    }

    boolean isClosed() {
        return system == null;
    }

    /** Has something done at the end, on the owner thread, while Python code can still run. */
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

    /** The group in which threads are that Python code starts: the owner's, whichever thread asks. */
    static ThreadGroup threadGroup() {
        Home home = current();
        Thread thread = home == null ? null : home.owner;
        return (thread == null ? Thread.currentThread() : thread).getThreadGroup();
    }

    /**
     * Has something done on the owner thread: between two tasks, at the next line of Python code, or in
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
            Thread thread = owner;
            ThreadState state = thread == null ? null : ThreadStates.of(thread);
            if (state != null) {
                Interjection.into(state, this::runDue);
            }
            if (first) {
                mailbox.accept(this::runDue);
            }
        }
    }

    /** Does what was posted, if this is the owner thread. What comes meanwhile is done after, not within. */
    public void runDue() {
        if (Thread.currentThread() != owner || running) {
            return;
        }
        running = true;
        try {
            asked.set(false);
            for (Runnable next = due.poll(); next != null && !isClosed(); next = due.poll()) {
                next.run();
            }
        } finally {
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
        boolean known = ThreadStates.of(Thread.currentThread()) != null;
        ThreadState state = Py.getThreadState();
        PySystemState before = state.getSystemState();
        if (before == here) {
            return work.run();
        }
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
            if (!known) {
                ThreadStates.forget(Thread.currentThread());
            }
        }
    }

    /** From now on nothing of the interpreter runs by itself, and nothing of it is held. */
    public void close() {
        PySystemState closing = system;
        system = null;
        owner = null;
        mailbox = task -> {};
        due.clear();
        if (closing != null) {
            ThreadStates.forgetAll(closing);
        }
    }
}
