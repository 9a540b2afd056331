package org.hpyve.scheduler;

import java.lang.invoke.VarHandle;
import java.time.Duration;
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

    private volatile boolean closed;

    /** The task of another mailbox that the running one waits for. */
    private volatile Task<?> awaited;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final Timekeeper time;
    private final TaskLoop loop;

    private volatile Stuck stuck;

    Mailbox(String name, Resident resident, Workers workers, Watch watch, MailboxLimits limits) {
        this.name = name;
        this.resident = resident;
        this.workers = workers;
        this.watch = watch;
        this.limits = limits;
        room = limits.length() == Integer.MAX_VALUE ? null : new Semaphore(limits.length());
        home = workers.nextHome();
        time = new Timekeeper(this, tasks, watch, limits);
        loop = new TaskLoop(this, tasks, time, workers, limits);
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
        return loop.worker();
    }

    /** Whether a thread runs this alone; if not, several threads share it with other mailboxes. */
    public boolean hasOwnThread() {
        return !workers.isShared();
    }

    /** Whether {@link #close} was asked for, or the mailbox is abandoned; tasks that were accepted may still be running. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether a task runs now. {@link #keepUp Upkeep} is none. */
    public boolean isRunning() {
        Task<?> task = loop.running();
        return task != null && task.kind() != Task.Kind.UPKEEP;
    }

    /** Whether nothing runs and nothing waits, {@link #keepUp upkeep} included. An estimate while others submit. */
    public boolean isAtRest() {
        return loop.running() == null && tasks.isEmpty();
    }

    /**
     * The number of tasks that wait, with {@link #keepUp upkeep} and with dropped ones that nobody has come to yet. An
     * estimate while others submit.
     */
    public int depth() {
        return tasks.size();
    }

    /** What could not be stopped; {@code null} if the mailbox was not abandoned. */
    public Stuck stuck() {
        return stuck;
    }

    /** How many tasks were stopped so far because their time was over. */
    public long timeouts() {
        return loop.timeouts();
    }

    /** The tasks that were run so far. */
    public TaskStats tasks() {
        return loop.meter().tasks();
    }

    /**
     * The CPU time that this has taken on the threads that ran it, in nanoseconds, by the JVM's count. Where threads are
     * shared, only what they took while {@link Scheduler#meterCpu} was on, and nothing of what runs now.
     */
    public long cpuNanos() {
        return loop.meter().cpuNanos(loop.worker());
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

    /**
     * Has something done between two tasks that nobody waits for, such as what a collector found. It takes no place of a
     * bounded mailbox and is not counted as a task; a mailbox that is closed does nothing.
     *
     * @param atMost how long it may take before it is stopped, like a task whose time is over
     */
    public void keepUp(Runnable work, Duration atMost) {
        Task<Void> upkeep = new Task<>(
                this,
                () -> call(
                        () -> {
                            work.run();
                            return null;
                        },
                        atMost),
                Long.MAX_VALUE,
                Task.Kind.UPKEEP);
        RejectedExecutionException unused = post(upkeep);
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
     *     task that it is part of is stopped as a whole
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
            return deadline == null ? action.run() : loop.runWithin(Waiting.later(Watch.now(), deadline), action);
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
        loop.expectStart();
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
                boolean unused = loop.wake();
            }
            throw failure;
        }
        return this;
    }

    private <T> Task<T> newTask(Callable<? extends T> body, Duration deadline) {
        long until = deadline == null ? Long.MAX_VALUE : Waiting.later(Watch.now(), deadline);
        return new Task<>(this, body, until, Task.Kind.WORK);
    }

    /** Asks the running task to stop what it does, in a way that it may handle; nothing happens if none runs. */
    public void interrupt() {
        Task<?> task = loop.running();
        if (task != null) {
            task.interrupt();
        }
    }

    /**
     * Cancels the tasks that wait and stops the one that runs; those that are submitted later are not concerned, nor is
     * {@link #keepUp upkeep}. One that is just about to begin may be missed.
     */
    public void cancelAll() {
        CancellationException cancelled = new CancellationException("the tasks of '" + name + "' were cancelled");
        for (Task<?> waiting : tasks) {
            boolean unused = waiting.kind() == Task.Kind.WORK && waiting.drop(cancelled);
        }
        Task<?> task = loop.running();
        if (task != null && task.kind() != Task.Kind.UPKEEP) {
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
        time.drainBy(Waiting.later(Watch.now(), drain));
        if (!loop.wake()) {
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
        if (isCurrent() || time.isTelling()) {
            return;
        }
        try {
            Waiting.forEnd(end, name);
        } finally {
            Worker last = loop.worker();
            if (!workers.isShared() && stuck == null && last != null && last != Thread.currentThread()) {
                Waiting.forThread(last);
            }
        }
    }

    /** Queues the task; if that is not possible, fails it and returns why. */
    private RejectedExecutionException post(Task<?> task) {
        RejectedExecutionException full = takesPlace(task) ? enter() : null;
        if (full != null) {
            return task.refuse(full);
        }
        if (!closed) {
            tasks.offer(task);
            VarHandle.fullFence();
            // Only now: a look before the offer would not have found it.
            time.lookAgain(task.deadline());
            if (!closed && loop.wake()) {
                return null;
            }
        }
        RejectedExecutionException reason =
                new RejectedExecutionException("'" + name + "' " + (closed ? "is closed" : "has no thread"));
        return task.drop(reason) ? reason : null;
    }

    private boolean takesPlace(Task<?> task) {
        return room != null && task.kind() == Task.Kind.WORK;
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
    void left(Task<?> task) {
        if (takesPlace(task)) {
            room.release();
        }
    }

    /** Takes no tasks any more, and drops what waits. By the thread that runs this; returns why. */
    RejectedExecutionException reject(String what) {
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

    /** Nothing will run here any more. */
    void end(Throwable failure) {
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

    /** Waits until all have been told of the end. */
    void awaitEnd() {
        ended.join();
    }

    Timekeeper time() {
        return time;
    }

    /** The task that runs now; null if none does. */
    Task<?> running() {
        return loop.running();
    }

    /** {@link TaskLoop#run}. */
    boolean run(Worker by) {
        return loop.run(by);
    }

    /** Interrupts the running task if it has told that it waits. */
    void interruptWait() {
        Worker by = loop.worker();
        if (by.isBlocked()) {
            by.interrupt();
        }
    }

    /** Lets the thread have the resident, and goes on without both. By the watch. */
    void abandon(Task<?> task, Executor by) {
        Worker lost = loop.worker();
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
