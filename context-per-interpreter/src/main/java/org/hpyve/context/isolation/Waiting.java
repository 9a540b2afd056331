package org.hpyve.context.isolation;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.ThreadState;
import org.python.modules._threading.RLock;
import org.python.modules.thread.PyLock;

/**
 * Waiting that lets a thread go when its task is {@link Stopping stopped}, and locks of Python that let it go when its
 * interpreter ends. Jython's locks wait whatever happens; so do these otherwise. Called by Jython in the place of its own.
 */
public final class Waiting {

    private static final VarHandle LOCKED;

    static {
        try {
            LOCKED = MethodHandles.privateLookupIn(PyLock.class, MethodHandles.lookup())
                    .findVarHandle(PyLock.class, "locked", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("a lock is not locked", e);
        }
    }

    private Waiting() {}

    /** A wait of Python code. */
    public interface Wait<T> {
        T once() throws InterruptedException;
    }

    /** Does waits. It may see to it that other interpreters do not wait for the thread. */
    public interface Waiter {
        <T> T await(Wait<T> wait) throws InterruptedException;
    }

    private static volatile Waiter waiter = Wait::once;

    /** Who does the waits of Python code from now on, for locks, conditions and times. */
    public static void setWaiter(Waiter other) {
        waiter = other;
    }

    /**
     * Waits, and after an interrupt again, unless the thread is to wait no longer.
     *
     * @throws PyException if the task is stopped or the interpreter ends
     */
    public static <T> T uninterrupted(Wait<T> wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.once();
                } catch (InterruptedException e) {
                    interrupted = false;
                    interrupted();
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * To be called where a wait of Python code was interrupted.
     *
     * @throws PyException if the task is stopped or the interpreter ends
     */
    public static void interrupted() {
        PyException stop = Stopping.now();
        if (stop != null) {
            throw stop;
        }
        Home home = Home.current();
        if (home != null && home.isEnding()) {
            Thread.currentThread().interrupt();
            throw new PyException(Py.SystemExit, Py.newString("the interpreter is closed"));
        }
    }

    private static boolean acquire(Lock lock, boolean blocking) {
        if (!blocking) {
            return lock.tryLock();
        }
        if (!lock.tryLock()) {
            uninterrupted(() -> waiter.await(() -> {
                lock.lockInterruptibly();
                return null;
            }));
        }
        return true;
    }

    /** In the place of what {@code threading.Condition} calls. */
    @SuppressWarnings("WaitNotInLoop") // Python code has the loop.
    public static void await(Condition condition) throws InterruptedException {
        waiter.await(() -> {
            condition.await();
            return null;
        });
    }

    /** The same with a time. */
    @SuppressWarnings("WaitNotInLoop") // Python code has the loop.
    public static long awaitNanos(Condition condition, long nanos) throws InterruptedException {
        return waiter.await(() -> condition.awaitNanos(nanos));
    }

    public static boolean acquire(org.python.modules._threading.Lock lock, boolean blocking) {
        return acquire(lock.getLock(), blocking);
    }

    public static PyObject enter(org.python.modules._threading.Lock lock) {
        acquire(lock.getLock(), true);
        return lock;
    }

    public static PyObject enter(org.python.modules._threading.Lock lock, ThreadState state) {
        return enter(lock);
    }

    public static boolean acquire(RLock lock, boolean blocking) {
        return acquire(lock.getLock(), blocking);
    }

    public static PyObject enter(RLock lock) {
        acquire(lock.getLock(), true);
        return lock;
    }

    public static PyObject enter(RLock lock, ThreadState state) {
        return enter(lock);
    }

    /** In the place of a synchronized method. */
    public static boolean acquire(PyLock lock, boolean blocking) {
        synchronized (lock) {
            if (blocking) {
                if ((boolean) LOCKED.get(lock)) {
                    uninterrupted(() -> waiter.await(() -> {
                        while ((boolean) LOCKED.get(lock)) {
                            lock.wait();
                        }
                        return null;
                    }));
                }
            } else if ((boolean) LOCKED.get(lock)) {
                return false;
            }
            LOCKED.set(lock, true);
            return true;
        }
    }

    /** In the place of {@code time.sleep}. */
    public static void sleep(double seconds) {
        if (seconds == 0) {
            Thread.yield();
            return;
        }
        try {
            waiter.await(() -> {
                Thread.sleep((long) (seconds * 1000));
                return null;
            });
        } catch (InterruptedException e) {
            PyException stop = Stopping.now();
            throw stop == null ? new PyException(Py.KeyboardInterrupt, "interrupted sleep") : stop;
        }
    }

    /** What an exception of Java's becomes in Python: for an interrupted wait, what the thread was interrupted for. */
    public static PyException raised(PyException exception, Throwable cause) {
        return cause instanceof InterruptedException ? orStop(exception, cause) : exception;
    }

    public static PyException raised(PyException exception, IOException cause) {
        return cause instanceof InterruptedIOException || cause instanceof ClosedByInterruptException
                ? orStop(exception, cause)
                : exception;
    }

    private static PyException orStop(PyException exception, Throwable cause) {
        PyException stop = Stopping.inPlaceOf(cause);
        return stop == null ? exception : stop;
    }
}
