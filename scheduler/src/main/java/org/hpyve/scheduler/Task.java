package org.hpyve.scheduler;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A task in a mailbox, and the future of its result.
 *
 * <p>Exactly one of two threads claims a task: the owner, to run it, or the submitter, to reject it because the owner
 * may have looked into its mailbox for the last time.
 */
final class Task<T> extends CompletableFuture<T> {

    /** Dropped when the task is claimed, so that a future which is kept keeps nothing else alive. */
    private Callable<? extends T> body;

    private final AtomicBoolean claimed = new AtomicBoolean();

    /** What {@link #body} threw; written before the future completes, and so visible to whoever saw that it did. */
    private Throwable failure;

    Task(Callable<? extends T> body) {
        this.body = Objects.requireNonNull(body, "task");
    }

    /** The throwable itself, without the wrapping that {@link CompletableFuture#get} does; null if none was thrown. */
    Throwable failure() {
        return failure;
    }

    /** Runs the body unless the task was rejected, cancelled or completed by hand. Throws nothing. Owner only. */
    void run() {
        if (!claimed.compareAndSet(false, true)) {
            return;
        }
        Callable<? extends T> work = body;
        body = null;
        if (isDone()) {
            return;
        }
        T result;
        try {
            result = work.call();
        } catch (Throwable thrown) {
            failure = thrown;
            fail(thrown);
            return;
        }
        complete(result);
    }

    /** Completing allocates a few bytes; where even these are missing, waits for other threads to release some. */
    private void fail(Throwable thrown) {
        while (!isDone()) {
            try {
                completeExceptionally(thrown);
            } catch (OutOfMemoryError noMemory) {
                Thread.yield();
            }
        }
    }

    /**
     * Fails the future unless the owner was first.
     *
     * @return true if the task will not run
     */
    boolean reject(RejectedExecutionException reason) {
        if (!claimed.compareAndSet(false, true)) {
            return false;
        }
        body = null;
        failure = reason;
        fail(reason);
        return true;
    }
}
