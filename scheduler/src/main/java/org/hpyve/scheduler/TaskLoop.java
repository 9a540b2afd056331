package org.hpyve.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * How the tasks of one mailbox are run: whether a thread is to come, what it does, and how that ends.
 *
 * <p>{@link #wake} and the questions may be called by any thread; all else by the one that runs the mailbox.
 */
final class TaskLoop {

    /*
     * States. A submitter offers its task and then, after a full fence, schedules the mailbox if it is IDLE. The thread that
     * runs it sets IDLE and then looks into the queue once more. These are the two sides of Dekker's protocol: they cannot
     * both miss, and the compare-and-set from IDLE to READY lets only one of them schedule.
     *
     * The same holds for a mailbox that is closed: who reads that it is not, after the offer, has offered before, and the
     * mailbox ends only when it was seen and the queue found empty after that. Who reads that it is cannot know; the
     * submitter and the running thread then claim the task by its phase, and it is either run or rejected.
     */
    private static final int IDLE = 0;
    private static final int READY = 1;
    private static final int RUNNING = 2;
    private static final int ENDED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TaskLoop.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How long a shared thread runs one mailbox while others may wait for it. */
    private static final long SLICE = 1_000_000;

    private final Mailbox mailbox;
    private final Queue<Task<?>> tasks;
    private final Timekeeper time;
    private final Resident resident;
    private final Workers workers;
    private final MailboxLimits limits;

    private volatile int state = IDLE;
    private volatile Task<?> running;

    /** The thread that runs this now, or ran it last. */
    private volatile Worker worker;

    /** False until the first task has made what lives here, if there is one for that. */
    private volatile boolean started = true;

    private volatile long timeouts;
    private final Meter meter;

    TaskLoop(Mailbox mailbox, Queue<Task<?>> tasks, Timekeeper time, Workers workers, MailboxLimits limits) {
        this.mailbox = mailbox;
        this.tasks = tasks;
        this.time = time;
        this.workers = workers;
        this.limits = limits;
        resident = mailbox.resident();
        meter = new Meter(workers);
    }

    /** The task that runs now; null if none does. */
    Task<?> running() {
        return running;
    }

    Worker worker() {
        return worker;
    }

    long timeouts() {
        return timeouts;
    }

    Meter meter() {
        return meter;
    }

    /** The first task makes what lives here. Before there is any. */
    void expectStart() {
        started = false;
    }

    /** Has a thread come, if none is there; false if there is none that could. */
    boolean wake() {
        if (state == IDLE && STATE.compareAndSet(this, IDLE, READY) && !workers.schedule(mailbox)) {
            state = IDLE;
            return false;
        }
        return true;
    }

    /**
     * Runs tasks.
     *
     * @return true if the time slice is over and there is more to do; then the mailbox is to be scheduled again
     */
    boolean run(Worker by) {
        worker = by;
        state = RUNNING;
        by.setMailbox(mailbox);
        meter.enter();
        boolean more = false;
        try {
            resident.enter();
            try {
                more = runTasks();
            } finally {
                resident.leave();
            }
        } catch (Throwable broken) {
            fail(broken);
        } finally {
            meter.leave(state == ENDED);
            by.setMailbox(null);
        }
        if (state == ENDED) {
            return false;
        }
        if (more) {
            state = READY;
            return true;
        }
        state = IDLE;
        return (!tasks.isEmpty() || mailbox.isClosed()) && STATE.compareAndSet(this, IDLE, READY);
    }

    private boolean runTasks() {
        long sliceEnd = workers.isShared() ? Watch.now() + SLICE : Long.MAX_VALUE;
        while (true) {
            // Before the poll: a queue found empty after that was seen stays empty of accepted tasks.
            boolean last = mailbox.isClosed();
            Task<?> task = tasks.poll();
            if (task != null) {
                if (task.deadline() != Long.MAX_VALUE && task.deadline() <= Watch.now()) {
                    boolean unused = task.drop(time.notBegun());
                }
                if (claim(task)) {
                    mailbox.left(task);
                    if (!run(task)) {
                        return false;
                    }
                    if (!started) {
                        // Nothing was made, so there is nothing to close, and nothing for others to do.
                        mailbox.reject("did not start");
                        end(null);
                        return false;
                    }
                } else {
                    // So that nothing is told later than the end.
                    task.settle();
                }
                if (sliceEnd != Long.MAX_VALUE && Watch.now() >= sliceEnd) {
                    return true;
                }
            } else if (!tasks.isEmpty()) {
                // A submitter is linking a new chunk; it has a few instructions to go.
                Thread.onSpinWait();
            } else if (last) {
                finish();
                return false;
            } else {
                return false;
            }
        }
    }

    /** Claims a task, unless it was dropped. Requests to stop it come after this, and so to a resident that expects them. */
    private boolean claim(Task<?> task) {
        if (!task.isQueued()) {
            return false;
        }
        running = task;
        resident.begin();
        if (task.start()) {
            return true;
        }
        running = null;
        resident.end();
        return false;
    }

    /** Runs a task that was begun; false if the mailbox was abandoned meanwhile, and has ended. */
    private <T> boolean run(Task<T> task) {
        TaskEvent event = TaskEvent.started();
        long begun = Watch.now();
        // After it can be seen as running: a look in between would have found it neither there nor waiting.
        if (started) {
            limits.apply(task, time);
            time.lookWhenDrained();
        }
        T result = task.runBody();
        boolean inTime = task.over();
        resident.end();
        running = null;
        // What interrupts one task must not reach the next, nor what depends on it.
        Thread.interrupted();
        // Before others learn of the end.
        if (started && task.kind() == Task.Kind.WORK) {
            meter.count(task.outcome(), Watch.now() - begun);
        }
        if (task.timedOut() && task.kind() == Task.Kind.WORK) {
            long before = timeouts;
            timeouts = before + 1;
        }
        if (inTime) {
            task.finish(result);
            if (!started) {
                started = task.failure() == null;
            }
            Thread.interrupted();
        }
        event.over(mailbox, task);
        if (!inTime) {
            endLate(task);
        }
        return inTime;
    }

    /**
     * Runs an action as a part of the running task, which has to be over when that has to.
     *
     * @param until by {@link Watch#now}
     */
    <T, E extends Exception> T runWithin(long until, Action<? extends T, ? extends E> action) throws E {
        Task<?> task = running;
        if (task == null) {
            return action.run();
        }
        long before = task.deadline();
        time.lookAgain(task.limit(until));
        try {
            return action.run();
        } finally {
            task.extend(before);
        }
    }

    /** The resident has failed where it must not. */
    private void fail(Throwable broken) {
        if (state == ENDED) {
            Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(worker, broken);
            return;
        }
        Task<?> task = running;
        running = null;
        RejectedExecutionException reason = mailbox.reject("is broken: " + broken);
        if (task != null && !task.drop(reason)) {
            task.fail(reason);
        }
        end(broken);
    }

    /** Runs the closing of the resident as the last task, which may be stopped like any other. */
    private void finish() {
        Throwable failure = null;
        if (started) {
            Task<Void> closing = new Task<>(
                    mailbox,
                    () -> {
                        resident.close();
                        return null;
                    },
                    Waiting.later(Watch.now(), limits.closing()),
                    Task.Kind.CLOSING);
            time.lookAgain(closing.deadline());
            if (claim(closing) && !run(closing)) {
                return;
            }
            failure = closing.failure();
        }
        end(failure);
    }

    private void end(Throwable failure) {
        state = ENDED;
        mailbox.end(failure);
    }

    /** The code of an abandoned task has come back after all: now nothing is in the way of closing. */
    private void endLate(Task<?> task) {
        // First all has to be told of its loss.
        mailbox.awaitEnd();
        state = ENDED;
        if (started && task.kind() != Task.Kind.CLOSING) {
            resident.begin();
            try {
                resident.close();
            } finally {
                resident.end();
            }
        }
    }
}
