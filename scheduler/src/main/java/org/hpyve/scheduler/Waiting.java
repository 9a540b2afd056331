package org.hpyve.scheduler;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** How threads wait: for a moment by looking again and again, since waking one takes longer than most tasks; then parked. */
final class Waiting {

    /** About what it takes to park a thread and to wake it. On a single processor nothing happens while one looks. */
    private static final long SPIN = Runtime.getRuntime().availableProcessors() > 1 ? 10_000 : 0;

    /** For how much of that nobody else is let run. */
    private static final long QUICK = 1_500;

    private Waiting() {}

    /** Something that may park the thread. */
    interface Blocking<T, E extends Exception> {
        T run() throws E, InterruptedException;
    }

    /** Looks for a short time; what it saw last. */
    static boolean spin(BooleanSupplier done) {
        if (done.getAsBoolean()) {
            return true;
        }
        long start = System.nanoTime();
        while (true) {
            long waited = System.nanoTime() - start;
            if (waited > SPIN) {
                return false;
            }
            if (waited < QUICK) {
                Thread.onSpinWait();
            } else {
                // On a busy machine what is waited for may need this processor.
                Thread.yield();
            }
            if (done.getAsBoolean()) {
                return true;
            }
        }
    }

    /** Parks; if the thread is one that others count on, another takes its place meanwhile. */
    static <T, E extends Exception> T blocking(Blocking<T, E> wait) throws E, InterruptedException {
        if (!(Thread.currentThread() instanceof Worker worker)) {
            return wait.run();
        }
        worker.beginBlocking();
        try {
            return wait.run();
        } finally {
            worker.endBlocking();
        }
    }

    /** The result of a task whose code throws no other checked exception than E. */
    static <T, E extends Exception> T forTask(Task<T> task) throws E, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException | CancellationException wrapped) {
            Throwable thrown = task.failure();
            if (thrown == null) {
                thrown = wrapped instanceof ExecutionException ? wrapped.getCause() : wrapped;
            }
            throw Waiting.<E>rethrow(thrown);
        }
    }

    /** Waits for an end, whatever interrupts say; throws what it failed with. */
    static void forEnd(CompletableFuture<Void> end, String name) {
        try {
            Void unused = Waiting.<Void, ExecutionException>uninterrupted(end::get);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof RuntimeException || cause instanceof Error) {
                throw Waiting.<RuntimeException>rethrow(cause);
            }
            throw new IllegalStateException("closing '" + name + "' failed", cause);
        }
    }

    /** Waits until a thread has ended, whatever interrupts say. */
    static void forThread(Thread thread) {
        Void unused = Waiting.<Void, RuntimeException>uninterrupted(() -> {
            thread.join();
            return null;
        });
    }

    /** An interrupt is pending again at the end. */
    private static <T, E extends Exception> T uninterrupted(Blocking<T, E> wait) throws E {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return Waiting.<T, E>blocking(wait);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A time after another, by {@link Watch#now} or a thread's CPU time; the largest number for ever. */
    static long later(long now, Duration time) {
        long later = now + nanos(time);
        return later < 0 ? Long.MAX_VALUE : later;
    }

    /** At most the largest number, at least zero. */
    static long nanos(Duration time) {
        try {
            return Math.max(0, time.toNanos());
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Throws anything as what the caller knows it to be, or as unchecked. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> E rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
