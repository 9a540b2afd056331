package org.hpyve.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A task in a mailbox, and the future of its result.
 *
 * <p>It ends exactly once. Two threads may want to end it at the same time, and each step that only one of them may do is
 * a compare-and-set of the phase: the thread that runs the mailbox starts it, or somebody drops it; the running task ends
 * by itself, or it is abandoned. Requests to stop it hold its monitor, so that none comes after its end.
 */
final class Task<T> extends CompletableFuture<T> {

    /** What a task is for. */
    enum Kind {
        WORK,
        /** Done for the resident, not for somebody who waits for it. */
        UPKEEP,
        /** The closing of the resident, which no time of others ends. */
        CLOSING
    }

    private static final int QUEUED = 0;
    private static final int RUNNING = 1;
    /** Somebody has asked it to stop, or interrupted it. */
    private static final int TOUCHED = 2;

    private static final int OVER = 3;
    private static final int DROPPED = 4;
    private static final int ABANDONED = 5;
    /** On the way from QUEUED to DROPPED. */
    private static final int DROPPING = 6;

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Task.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Mailbox mailbox;
    private final Kind kind;

    /** When it has to be over, by {@link Watch#now}. */
    private volatile long deadline;

    /** The thread's CPU time at which it has to be over. */
    private long cpuDeadline = Long.MAX_VALUE;

    /** Dropped when the task starts or never will, so that a future which is kept keeps nothing else alive. */
    private Callable<? extends T> body;

    private volatile int phase;

    /** Why it was asked to stop, and when; guarded by this until the task is over. */
    private RuntimeException stopCause;

    private long stopSince;

    /** What {@link #body} threw. The running thread only. */
    private Throwable thrown;

    /** What the task failed with, without wrapping; written before the future completes, if not by a watch or by hand. */
    private Throwable failure;

    Task(Mailbox mailbox, Callable<? extends T> body, long deadline, Kind kind) {
        this.mailbox = mailbox;
        this.body = Objects.requireNonNull(body, "task");
        this.deadline = deadline;
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /** How it has ended. Known when it is over. */
    TaskOutcome outcome() {
        return stopCause != null ? TaskOutcome.STOPPED : thrown != null ? TaskOutcome.THREW : TaskOutcome.RETURNED;
    }

    /** Was it stopped because its time was over? Known when it is over. */
    boolean timedOut() {
        return stopCause instanceof TaskTimeout;
    }

    Throwable failure() {
        return failure;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    long deadline() {
        return deadline;
    }

    long cpuDeadline() {
        return cpuDeadline;
    }

    boolean isQueued() {
        return phase == QUEUED;
    }

    /** Claims the task for the thread that runs the mailbox; false if it will never run. */
    boolean start() {
        return PHASE.compareAndSet(this, QUEUED, RUNNING);
    }

    /** Sets an earlier deadline, by the thread that runs it; the one that counts. */
    long limit(long until) {
        deadline = Math.min(deadline, until);
        return deadline;
    }

    /** Sets the deadline again that it had before an earlier one. */
    void extend(long until) {
        deadline = until;
    }

    void limitCpu(long until) {
        cpuDeadline = until;
    }

    /** Runs the code of a task that was started; throws nothing. Completes nothing yet. */
    T runBody() {
        Callable<? extends T> work = body;
        body = null;
        // Completed by hand before it began.
        if (isDone()) {
            return null;
        }
        try {
            return work.call();
        } catch (Throwable failed) {
            thrown = failed;
            return null;
        }
    }

    /** The code has come to its end; false if that was too late, and the task is abandoned. */
    boolean over() {
        if (PHASE.compareAndSet(this, RUNNING, OVER)) {
            return true;
        }
        synchronized (this) {
            return PHASE.compareAndSet(this, TOUCHED, OVER);
        }
    }

    /** Completes the future of a task that is over. */
    void finish(T result) {
        RuntimeException stopped = stopCause;
        if (stopped != null && thrown != null && thrown != stopped && stopped.getCause() == null) {
            stopped.initCause(thrown);
        }
        failure = stopped != null ? stopped : thrown;
        if (failure == null) {
            complete(result);
        } else {
            fail(failure);
        }
    }

    /** Completing allocates a few bytes; where even these are missing, waits for other threads to release some. */
    void fail(Throwable reason) {
        while (!isDone()) {
            try {
                completeExceptionally(reason);
            } catch (OutOfMemoryError noMemory) {
                Thread.yield();
            }
        }
    }

    /** Ends a task that waits; false if it does not. */
    boolean drop(RuntimeException reason) {
        return drop(reason, Runnable::run);
    }

    /** The same, with the future completed by another: what depends on it may take any time. */
    boolean drop(RuntimeException reason, Executor by) {
        if (!PHASE.compareAndSet(this, QUEUED, DROPPING)) {
            return false;
        }
        body = null;
        failure = reason;
        phase = DROPPED;
        mailbox.left(this);
        by.execute(() -> fail(reason));
        return true;
    }

    /** Completes the future of a task that was dropped, if that has not been done yet. */
    void settle() {
        while (phase == DROPPING) {
            Thread.onSpinWait();
        }
        fail(failure);
    }

    /** Ends a task that has got no place to wait; returns why. */
    <R extends RuntimeException> R refuse(R reason) {
        body = null;
        failure = reason;
        phase = DROPPED;
        fail(reason);
        return reason;
    }

    /**
     * Cancels the task: one that waits will not run. One that runs is completed at once as cancelled, and its code stopped
     * if that is asked for, else left to run to its end.
     */
    @Override
    public boolean cancel(boolean mayStopIfRunning) {
        CancellationException cancelled = new CancellationException();
        if (drop(cancelled)) {
            return isCancelled();
        }
        boolean done = super.cancel(mayStopIfRunning);
        if (mayStopIfRunning && done) {
            stop(cancelled);
        }
        return done;
    }

    /** Most tasks take less time than to park and to be woken. */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        return Waiting.spin(this::isDone) ? super.get() : Waiting.<T, ExecutionException>blocking(super::get);
    }

    @Override
    public T get(long time, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!Waiting.spin(this::isDone)) {
            Waiting.<Void, TimeoutException>blocking(() -> {
                try {
                    super.get(time, unit);
                } catch (ExecutionException | CancellationException done) {
                    // Thrown again below.
                }
                return null;
            });
        }
        return super.get(time, unit);
    }

    @Override
    public T join() {
        if (!Waiting.spin(this::isDone)) {
            try {
                return Waiting.<T, RuntimeException>blocking(super::join);
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return super.join();
    }

    /** Does something to the running code, unless it is over. */
    private synchronized void touch(Runnable request) {
        if (phase == TOUCHED || PHASE.compareAndSet(this, RUNNING, TOUCHED)) {
            request.run();
            mailbox.interruptWait();
        }
    }

    /** Asks the running code to end; nothing happens if it has. */
    void stop(RuntimeException cause) {
        touch(() -> {
            if (stopCause == null) {
                stopCause = cause;
                stopSince = Watch.now();
                mailbox.resident().stop(why(cause), false);
                mailbox.time().lookAgain(stopSince + Watch.REPEAT);
            }
        });
    }

    void interrupt() {
        touch(() -> mailbox.resident().interrupt());
    }

    /**
     * Asks again, ever more firmly; the time when to ask next.
     *
     * @param by completes the future where that is due
     */
    synchronized long insist(long now, long patience, Executor by) {
        if (phase != TOUCHED || stopCause == null) {
            return Long.MAX_VALUE;
        }
        long asked = now - stopSince;
        if (asked >= patience) {
            phase = ABANDONED;
            return now;
        }
        mailbox.resident().stop(why(stopCause), asked >= Watch.POLITE);
        mailbox.interruptWait();
        if (asked >= Watch.TELL && !isDone()) {
            // Who waits learns of it in time; the thread may still come back.
            by.execute(() -> fail(stopCause));
        }
        return now + Watch.REPEAT;
    }

    boolean isStopping() {
        return phase == TOUCHED && stopCause != null;
    }

    /** Null if the task was not given up. */
    synchronized RuntimeException abandonedFor() {
        return phase == ABANDONED ? stopCause : null;
    }

    private static String why(RuntimeException cause) {
        return cause.getMessage() == null ? "the task was cancelled" : cause.getMessage();
    }
}
