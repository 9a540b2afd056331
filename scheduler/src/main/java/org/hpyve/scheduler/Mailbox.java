package org.hpyve.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * The tasks of one {@link Resident}, run one at a time by whichever thread its scheduler has for it.
 *
 * <p>Order: tasks of one submitting thread run in the order of their submission, tasks of several threads in some
 * interleaving of these orders. Cancelling and closing do not wait in line.
 *
 * <p>Failures: whatever a task throws, {@code Error} included, completes its own future and reaches nobody else. An
 * interrupt that a task leaves pending is cleared before the next one.
 *
 * <p>Every public method may be called from any thread.
 */
public final class Mailbox {

    /** Tasks in one chunk of the queue; it grows by chunks of this size, and an idle one holds one. */
    private static final int CHUNK = 64;

    /** How long a shared thread runs one mailbox while others may wait for it. */
    private static final long SLICE = 1_000_000;

    /*
     * States. A submitter offers its task and then, after a full fence, schedules the mailbox if it is IDLE. The thread that
     * runs it sets IDLE and then looks into the queue once more. These are the two sides of Dekker's protocol: they cannot
     * both miss, and the compare-and-set from IDLE to READY lets only one of them schedule.
     *
     * The same holds for `closed`: who reads it as false after the offer has offered before it was set, and the mailbox
     * ends only when it was seen and the queue found empty after that. Who reads true cannot know; the submitter and the
     * running thread then claim the task by its phase, and it is either run or rejected.
     */
    private static final int IDLE = 0;
    private static final int READY = 1;
    private static final int RUNNING = 2;
    private static final int ENDED = 3;

    /** On a thread of the watch's: whose tasks it tells of their end. */
    private static final ThreadLocal<Mailbox> TELLING = new ThreadLocal<>();

    private static final VarHandle STATE;
    private static final VarHandle WATCH_AT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Mailbox.class, "state", int.class);
            WATCH_AT = lookup.findVarHandle(Mailbox.class, "watchAt", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final Resident resident;
    private final Workers workers;
    private final Watch watch;
    private final MailboxLimits limits;
    private final Queue<Task<?>> tasks = new MpscUnboundedAtomicArrayQueue<>(CHUNK);

    /** Permits for tasks that wait; null without a limit. */
    private final Semaphore room;

    /** Where the thread is that usually runs this. */
    private final Workers.Slot home;

    private volatile int state = IDLE;
    private volatile long watchAt = Long.MAX_VALUE;
    private volatile boolean closed;

    /** When what is left is dropped and stopped, after {@link #closed}. */
    private volatile long drainUntil = Long.MAX_VALUE;

    private volatile Task<?> running;

    /** The thread that runs this now, or ran it last. */
    private volatile Worker worker;

    /** The task of another mailbox that the running one waits for. */
    private volatile Task<?> awaited;

    private volatile Stuck stuck;

    /** False until the first task has made what lives here, if there is one for that. */
    private volatile boolean started = true;

    /** Written by the thread that runs this. */
    private volatile long timeouts;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Mailbox(String name, Resident resident, Workers workers, Watch watch, MailboxLimits limits) {
        this.name = name;
        this.resident = resident;
        this.workers = workers;
        this.watch = watch;
        this.limits = limits;
        room = limits.length() == Integer.MAX_VALUE ? null : new Semaphore(limits.length());
        home = workers.nextHome();
    }

    /** The mailbox whose task runs on the calling thread, or {@code null} if there is none. */
    public static Mailbox current() {
        return Thread.currentThread() instanceof Worker worker ? worker.mailbox() : null;
    }

    /** The name in messages; two mailboxes may have the same. */
    public String name() {
        return name;
    }

    /** What lives here. */
    public Resident resident() {
        return resident;
    }

    Workers.Slot home() {
        return home;
    }

    /** Whether the caller runs in a task of this mailbox. */
    public boolean isCurrent() {
        return current() == this;
    }

    /** The thread that runs this now, or ran it last; {@code null} before the first task. */
    public Thread thread() {
        return worker;
    }

    /** Whether a thread runs this alone; if not, several threads share it with other mailboxes. */
    public boolean hasOwnThread() {
        return !workers.isShared();
    }

    /** Whether {@link #close} was asked for, or the mailbox is abandoned; tasks that were accepted may still be running. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether a task runs now. */
    public boolean isRunning() {
        return running != null;
    }

    /** The number of tasks that wait, with dropped ones that nobody has come to yet. An estimate while others submit. */
    public int depth() {
        return tasks.size();
    }

    /** What could not be stopped; {@code null} if the mailbox was not abandoned. */
    public Stuck stuck() {
        return stuck;
    }

    /** How many tasks were stopped so far because their time was over. */
    public long timeouts() {
        return timeouts;
    }

    /** {@link #submit(Callable, Duration)} without a deadline. */
    public <T> CompletableFuture<T> submit(Callable<? extends T> task) {
        return submit(task, null);
    }

    /**
     * Puts a task into the mailbox. Waits only where the mailbox is full and its limits say so.
     *
     * <p>Stages that depend on the future without an {@code Async} suffix usually run on the mailbox's thread, between two
     * tasks.
     *
     * @param deadline from now until the task has to be over; {@code null} for none. A task that has not begun by then
     *     never will; one that runs is stopped
     * @return the future of the result. What the task throws completes it exceptionally, a missed deadline by a {@link
     *     TaskTimeout}. It may be cancelled, with {@code true} also while it runs. If the mailbox is closed it has failed
     *     with a {@link RejectedExecutionException} that names it, if it is full with a {@link MailboxFull}
     */
    public <T> CompletableFuture<T> submit(Callable<? extends T> task, Duration deadline) {
        Task<T> queued = newTask(task, deadline);
        post(queued);
        return queued;
    }

    /** {@link #call(Action, Duration)} without a deadline. */
    public <T, E extends Exception> T call(Action<? extends T, ? extends E> action) throws E, InterruptedException {
        return call(action, null);
    }

    /**
     * Runs an action in this mailbox and waits for it: at once if the caller already runs there, even when it is closing,
     * and otherwise as a task.
     *
     * @param deadline from now until the action has to be over; {@code null} for none. Where the action runs at once, the
     *     deadline of the task that it is part of is what counts
     * @return the action's result
     * @throws E what the action throws, as the same object. Unchecked exceptions and errors are passed on in the same way
     * @throws InterruptedException if the caller was interrupted while it waited; the action is cancelled then, and
     *     stopped if it runs
     * @throws TaskTimeout if the deadline was missed
     * @throws RejectedExecutionException if the mailbox is closed or full, and the caller runs elsewhere
     * @throws Deadlock if this mailbox waits for the caller's own
     */
    public <T, E extends Exception> T call(Action<? extends T, ? extends E> action, Duration deadline)
            throws E, InterruptedException {
        Mailbox caller = current();
        if (caller == this) {
            return action.run();
        }
        Task<T> task = newTask(action::run, deadline);
        if (caller != null) {
            caller.beginWait(task);
        }
        try {
            RejectedExecutionException refused = post(task);
            if (refused != null) {
                throw refused;
            }
            return Waiting.<T, E>forTask(task);
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } finally {
            if (caller != null) {
                caller.awaited = null;
            }
        }
    }

    /** Notes that the running task waits for one of another mailbox, unless that one waits for this. */
    private void beginWait(Task<?> task) {
        awaited = task;
        Set<Mailbox> chain = new LinkedHashSet<>();
        // A task that is done holds up nobody, who waited for it may only not know yet.
        for (Task<?> next = task; next != null && !next.isDone(); next = next.mailbox().awaited) {
            if (!chain.add(next.mailbox())) {
                return;
            }
            if (next.mailbox() == this) {
                awaited = null;
                throw new Deadlock(chain.stream()
                        .map(mailbox -> "'" + mailbox.name + "'")
                        .collect(Collectors.joining(", which waits for ", "'" + name + "' waits for ", "")));
            }
        }
    }

    /** Runs the first task; if it fails nothing else will run here. */
    <E extends Exception> Mailbox begin(Action<?, ? extends E> first) throws E, InterruptedException {
        started = false;
        Task<Object> task = newTask(first::run, null);
        RejectedExecutionException refused = post(task);
        if (refused != null) {
            closed = true;
            end(null);
            throw refused;
        }
        try {
            Object unused = Waiting.<Object, E>forTask(task);
        } catch (Throwable failure) {
            if (task.failure() == failure) {
                Waiting.forEnd(ended, name);
            } else {
                closed = true;
                boolean unused = wake();
            }
            throw failure;
        }
        return this;
    }

    private <T> Task<T> newTask(Callable<? extends T> body, Duration deadline) {
        return new Task<>(this, body, deadline == null ? Long.MAX_VALUE : Waiting.later(Watch.now(), deadline), false);
    }

    /** Asks the running task to stop what it does, in a way that it may handle; nothing happens if none runs. */
    public void interrupt() {
        Task<?> task = running;
        if (task != null) {
            task.interrupt();
        }
    }

    /**
     * Cancels the tasks that wait and stops the one that runs; those that are submitted later are not concerned. One that is
     * just about to begin may be missed.
     */
    public void cancelAll() {
        CancellationException cancelled = new CancellationException("the tasks of '" + name + "' were cancelled");
        for (Task<?> waiting : tasks) {
            boolean unused = waiting.drop(cancelled);
        }
        Task<?> task = running;
        if (task != null) {
            task.stop(cancelled);
        }
    }

    /**
     * Closes the mailbox: no task is accepted any more, those in it run, {@link Resident#close} is called. What has not
     * run when the time is over is cancelled, and what runs then is stopped. Code that cannot be stopped is abandoned: see
     * {@link #stuck}. May be called several times and from several threads; the earliest end counts.
     *
     * @param drain how long tasks may go on
     * @return completes when the resident is closed, exceptionally with what it threw, or when the mailbox is abandoned
     */
    public CompletableFuture<Void> closeAsync(Duration drain) {
        closed = true;
        long until = Waiting.later(Watch.now(), drain);
        synchronized (ended) {
            drainUntil = Math.min(drainUntil, until);
        }
        lookAgain(until);
        if (!wake()) {
            throw new RejectedExecutionException("'" + name + "' has no thread to close it");
        }
        return ended.copy();
    }

    /**
     * {@link #closeAsync} and waits for it, unless it is called in a task of this mailbox or by what depends on the end of
     * one, where it only asks. An interrupt does not end the wait and is pending again afterwards.
     *
     * @throws RuntimeException what the resident threw
     */
    public void close(Duration drain) {
        CompletableFuture<Void> end = closeAsync(drain);
        if (isCurrent() || TELLING.get() == this) {
            return;
        }
        try {
            Waiting.forEnd(end, name);
        } finally {
            Worker last = worker;
            if (!workers.isShared() && stuck == null && last != null && last != Thread.currentThread()) {
                Waiting.forThread(last);
            }
        }
    }

    /** Queues the task; if that is not possible, fails it and returns why. */
    private RejectedExecutionException post(Task<?> task) {
        RejectedExecutionException full = room == null ? null : enter();
        if (full != null) {
            return task.refuse(full);
        }
        if (!closed) {
            tasks.offer(task);
            VarHandle.fullFence();
            // Only now: a look before the offer would not have found it.
            lookAgain(task.deadline());
            if (!closed && wake()) {
                return null;
            }
        }
        RejectedExecutionException reason =
                new RejectedExecutionException("'" + name + "' " + (closed ? "is closed" : "has no thread"));
        return task.drop(reason) ? reason : null;
    }

    /** Takes a place in a bounded mailbox; why there is none. */
    private RejectedExecutionException enter() {
        try {
            long wait = isCurrent() ? 0 : Waiting.nanos(limits.roomWait());
            if (room.tryAcquire()
                    || (wait > 0 && Waiting.blocking(() -> room.tryAcquire(wait, TimeUnit.NANOSECONDS)))) {
                return null;
            }
            return new MailboxFull("'" + name + "' has " + limits.length() + " tasks waiting, as many as it may have");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new RejectedExecutionException("interrupted while waiting for a place in '" + name + "'", e);
        }
    }

    /** A task does not wait any more. */
    void left() {
        if (room != null) {
            room.release();
        }
    }

    /** False if it is to run and there is no thread for that. */
    private boolean wake() {
        if (state == IDLE && STATE.compareAndSet(this, IDLE, READY) && !workers.schedule(this)) {
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
        by.setMailbox(this);
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
        return (!tasks.isEmpty() || closed) && STATE.compareAndSet(this, IDLE, READY);
    }

    private boolean runTasks() {
        long sliceEnd = workers.isShared() ? Watch.now() + SLICE : Long.MAX_VALUE;
        while (true) {
            // Before the poll: a queue found empty after `closed` was seen stays empty of accepted tasks.
            boolean last = closed;
            Task<?> task = tasks.poll();
            if (task != null) {
                if (task.deadline() != Long.MAX_VALUE && task.deadline() <= Watch.now()) {
                    boolean unused = task.drop(notBegun());
                }
                if (claim(task)) {
                    left();
                    if (!run(task)) {
                        return false;
                    }
                    if (!started) {
                        // Nothing was made, so there is nothing to close, and nothing for others to do.
                        reject("did not start");
                        state = ENDED;
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
        // After it can be seen as running: a look in between would have found it neither there nor waiting.
        if (started) {
            limits.apply(task, this);
            lookAgain(drainUntil);
        }
        T result = task.runBody();
        boolean inTime = task.over();
        resident.end();
        running = null;
        // What interrupts one task must not reach the next, nor what depends on it.
        Thread.interrupted();
        if (task.timedOut()) {
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
        event.over(this, task);
        if (!inTime) {
            endLate(task);
        }
        return inTime;
    }

    /** The resident has failed where it must not. */
    private void fail(Throwable broken) {
        if (state == ENDED) {
            Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(worker, broken);
            return;
        }
        Task<?> task = running;
        running = null;
        RejectedExecutionException reason = reject("is broken: " + broken);
        if (task != null && !task.drop(reason)) {
            task.fail(reason);
        }
        state = ENDED;
        end(broken);
    }

    /** Takes no tasks any more, and drops what waits. By the thread that runs this; returns why. */
    private RejectedExecutionException reject(String what) {
        closed = true;
        RejectedExecutionException reason = new RejectedExecutionException("'" + name + "' " + what);
        dropAll(reason, Runnable::run);
        return reason;
    }

    /** Drops what waits. By the thread that runs this, or when none will any more. After {@link #closed} was set. */
    private void dropAll(RejectedExecutionException reason, Executor by) {
        while (!tasks.isEmpty()) {
            Task<?> waiting = tasks.poll();
            if (waiting != null) {
                if (!waiting.drop(reason, by)) {
                    by.execute(waiting::settle);
                }
            }
        }
    }

    /** Runs the closing of the resident as the last task, which may be stopped like any other. */
    private void finish() {
        Throwable failure = null;
        if (started) {
            Task<Void> closing = new Task<>(
                    this,
                    () -> {
                        resident.close();
                        return null;
                    },
                    Waiting.later(Watch.now(), limits.closing()),
                    true);
            lookAgain(closing.deadline());
            if (claim(closing) && !run(closing)) {
                return;
            }
            failure = closing.failure();
        }
        state = ENDED;
        end(failure);
    }

    /** The code of an abandoned task has come back after all: now nothing is in the way of closing. */
    private void endLate(Task<?> task) {
        // First all has to be told of its loss.
        ended.join();
        state = ENDED;
        if (started && !task.isClosing()) {
            resident.begin();
            try {
                resident.close();
            } finally {
                resident.end();
            }
        }
    }

    private void end(Throwable failure) {
        if (!watch.remove(this)) {
            return;
        }
        workers.remove();
        if (failure == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(failure);
        }
    }

    // The rest is about time, and is called by the watch.

    long watchAt() {
        return watchAt;
    }

    /** Has the watch look at this mailbox not later than at a time. */
    void lookAgain(long at) {
        for (long planned = watchAt; at < planned; planned = watchAt) {
            if (WATCH_AT.compareAndSet(this, planned, at)) {
                watch.earlier(at);
                return;
            }
        }
    }

    /** Stops, drops and gives up what has to be over, and plans the next look. */
    void look(long now) {
        List<Runnable> completions = new ArrayList<>();
        try {
            look(now, completions::add);
        } finally {
            if (!completions.isEmpty()) {
                watch.complete(() -> tell(completions));
            }
        }
    }

    private void tell(List<Runnable> completions) {
        TELLING.set(this);
        try {
            completions.forEach(Runnable::run);
        } finally {
            TELLING.remove();
        }
    }

    private void look(long now, Executor by) {
        watchAt = Long.MAX_VALUE;
        VarHandle.fullFence();
        if (stuck != null) {
            return;
        }
        boolean drained = drainUntil <= now;
        long next = drained ? Long.MAX_VALUE : drainUntil;
        Task<?> task = running;
        if (task != null) {
            if (!task.isStopping()) {
                RuntimeException cause = drained && !task.isClosing() ? closing() : limits.exceeded(task, this, now);
                if (cause != null) {
                    task.stop(cause);
                } else {
                    next = Math.min(next, limits.nextLook(task, this, now));
                }
            }
            next = Math.min(next, task.insist(now, Waiting.nanos(limits.patience()), by));
            if (task.abandonedFor() != null) {
                abandon(task, by);
                return;
            }
        }
        int unseen = tasks.size();
        for (Task<?> waiting : tasks) {
            unseen--;
            if (drained) {
                boolean unused = waiting.drop(closing(), by);
            } else if (waiting.deadline() <= now) {
                boolean unused = waiting.drop(notBegun(), by);
            } else if (waiting.isQueued()) {
                next = Math.min(next, waiting.deadline());
            }
        }
        // While tasks are taken out, some others may be passed over.
        lookAgain(unseen > 0 ? Math.min(next, now + Watch.REPEAT) : next);
    }

    /** Interrupts the running task if it has told that it waits. */
    void interruptWait() {
        Worker by = worker;
        if (by.isBlocked()) {
            by.interrupt();
        }
    }

    private TaskTimeout notBegun() {
        return new TaskTimeout("a task of '" + name + "' did not begin before its deadline");
    }

    private CancellationException closing() {
        return new CancellationException("'" + name + "' is closed");
    }

    /** Lets the thread have the resident, and goes on without both. */
    private void abandon(Task<?> task, Executor by) {
        Worker lost = worker;
        stuck = new Stuck(
                lost.getName(), String.valueOf(task.abandonedFor().getMessage()), List.of(lost.getStackTrace()));
        closed = true;
        boolean unused = workers.replace(lost);
        RejectedExecutionException reason =
                new RejectedExecutionException("'" + name + "' is abandoned: " + stuck.reason());
        dropAll(reason, by);
        by.execute(() -> {
            task.fail(task.abandonedFor());
            try {
                resident.abandoned(stuck);
            } finally {
                end(null);
            }
        });
    }

    @Override
    public String toString() {
        return "Mailbox[" + name + ", depth " + depth() + (closed ? ", closed]" : "]");
    }
}
