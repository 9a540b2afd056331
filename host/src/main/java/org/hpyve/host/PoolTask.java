package org.hpyve.host;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.hpyve.scheduler.TaskTimeout;

/** A task that gets an interpreter of a pool as soon as there is one, runs in it, and returns it. No thread waits for that. */
final class PoolTask<T> extends CompletableFuture<T> {

    private final InterpreterPool pool;
    private final Function<Interpreter, T> body;

    /** When it has to be over, by {@link System#nanoTime}; null for any time. */
    private final Long end;

    /** How long it waits for an interpreter, in nanoseconds; the largest number for ever. */
    private final long patience;

    private volatile PoolWaiter waiter;

    /** The task in the interpreter; null before. */
    private volatile CompletableFuture<T> inner;

    private volatile boolean stopped;

    /** Set when the body begins. */
    private volatile boolean begun;

    /** Whether the body has left no other task behind it. */
    private volatile boolean quiet;

    PoolTask(InterpreterPool pool, Function<Interpreter, T> body, Duration deadline, long patience) {
        this.pool = pool;
        this.body = body;
        this.patience = patience;
        end = deadline == null ? null : System.nanoTime() + PoolSettings.nanos(deadline);
    }

    /** Has the body begun, here or elsewhere? */
    boolean hasBegun() {
        return begun;
    }

    private long left() {
        return end == null ? Long.MAX_VALUE : end - System.nanoTime();
    }

    /**
     * Gets in line.
     *
     * @throws RejectedExecutionException if the pool is closed, or too many wait; the task has then failed with it
     */
    void start() {
        PoolWaiter mine = new PoolWaiter();
        waiter = mine;
        PoolWaitEvent event = PoolWaitEvent.started();
        CompletableFuture<?> unused = mine.whenComplete((member, failure) -> {
            event.over(pool.name(), member);
            if (failure == null) {
                pool.taken(mine);
                run(member);
            } else {
                pool.missed(mine, failure);
                completeExceptionally(failure);
            }
        });
        try {
            pool.enter(mine);
        } catch (RejectedExecutionException e) {
            mine.completeExceptionally(e);
            throw e;
        }
        if (isDone()) {
            pool.leave(mine);
            return;
        }
        long left = left();
        if (left <= patience && left != Long.MAX_VALUE) {
            pool.expire(
                    mine,
                    left,
                    () -> new TaskTimeout("a task of pool '" + pool.name() + "' did not begin before its deadline"));
        } else if (patience != Long.MAX_VALUE) {
            pool.expire(mine, patience, () -> pool.timeout(mine));
        }
    }

    /** On whichever thread has found the interpreter; the body runs on the interpreter's. */
    private void run(PoolMember member) {
        CompletableFuture<T> task =
                member.interpreter().submit(this::body, end == null ? null : Duration.ofNanos(Math.max(left(), 0)));
        inner = task;
        if (stopped) {
            boolean unused = task.cancel(true);
        }
        CompletableFuture<?> unused = task.whenComplete((result, failure) -> over(member, result, failure));
    }

    private T body(Interpreter interpreter) {
        // Cancelled while it waited for its turn.
        if (isDone()) {
            quiet = true;
            return null;
        }
        begun = true;
        try {
            return body.apply(interpreter);
        } finally {
            quiet = interpreter.waiting() == 0;
        }
    }

    private void over(PoolMember member, T result, Throwable failure) {
        boolean again = !begun && failure instanceof RejectedExecutionException && !isDone();
        // Who tells of a timeout may do so before the task has come to its end.
        pool.keeper().giveBack(member, quiet && !(failure instanceof TaskTimeout));
        if (again) {
            // The interpreter was closed by somebody just before.
            try {
                start();
            } catch (RejectedExecutionException e) {
                completeExceptionally(e);
            }
        } else if (failure == null) {
            complete(result);
        } else {
            completeExceptionally(failure);
        }
    }

    /**
     * Cancels the task: one that waits will not run. One that runs is completed at once, and its code stopped if that is
     * asked for, else left to run to its end.
     */
    @Override
    public boolean cancel(boolean mayStopIfRunning) {
        boolean done = super.cancel(mayStopIfRunning);
        if (done) {
            PoolWaiter mine = waiter;
            if (mine != null && mine.cancel(false)) {
                pool.leave(mine);
            }
            if (mayStopIfRunning) {
                stopped = true;
                CompletableFuture<T> task = inner;
                if (task != null) {
                    boolean unused = task.cancel(true);
                }
            }
        }
        return done;
    }
}
