package org.hpyve.scheduler;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * One thread that owns one interpreter, and its mailbox.
 *
 * <p>Life: {@link Builder#start(Action)} runs a first action on the new thread, tasks follow one at a time, {@link
 * #close} lets the queued ones finish, runs the closing action, and ends the thread. The three see one thread, so what
 * they share needs no lock.
 *
 * <p>Order: tasks of one submitting thread run in the order of their submission, tasks of several threads in some
 * interleaving of these orders.
 *
 * <p>Failures: whatever a task throws, {@code Error} included, completes its own future and does not reach the thread.
 * An interrupt that a task leaves pending is cleared before the next task.
 *
 * <p>A thread that is never closed lives until the JVM ends; it is a daemon unless the builder says otherwise.
 */
public final class OwnerThread implements AutoCloseable {

    /** Tasks in one chunk of a mailbox; it grows by chunks of this size, and an idle mailbox holds one. */
    private static final int MAILBOX_CHUNK = 64;

    /*
     * How no wake-up and no task is lost.
     *
     * A submitter:  S1 offers the task;  S2 full fence;  S3 reads `closed`, then `sleeping`.
     * A closer:     C1 writes `closed`;  C2 reads `sleeping`.
     * The owner:    O1 writes `sleeping`;  O2 reads the mailbox and `closed`;  O3 parks if there is nothing to do.
     *
     * S1/O1 and C1/O1 are the two sides of Dekker's protocol: each side writes its own variable and then, after a full
     * fence or as a volatile access, reads the other's. They cannot both miss. Either O2 sees the task (or `closed`)
     * and the owner does not park, or the other side sees `sleeping` and unparks; an unpark that comes before the park
     * makes the park return at once. Whoever changes `sleeping` from true to false unparks, so that a burst of tasks
     * pays for one unpark. A late unpark only makes a later park return early, after which O1 to O3 are done again.
     *
     * A submitter that reads `closed` as false at S3 offered before C1. The owner ends only after it has read `closed`
     * as true and then found the mailbox empty, so it has seen that task: an accepted task runs. A submitter that reads
     * true cannot know whether the owner has gone; it and the owner then claim the task by compare-and-set (see Task),
     * and it is either run or rejected, never both and never neither.
     */

    private final Queue<Task<?>> mailbox = new MpscUnboundedAtomicArrayQueue<>(MAILBOX_CHUNK);
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private volatile boolean closed;

    /** Some closer waits, or holds the future, and so hears of a failing closing action. */
    private volatile boolean awaited;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Worker thread;

    private OwnerThread(Builder builder, Task<?> first) {
        Action<?, ?> closing = builder.closing;
        ClassLoader loader = builder.contextClassLoader;
        thread = new Worker(this, () -> live(first, closing), builder.name, builder.stackSize);
        thread.setDaemon(builder.daemon);
        thread.setContextClassLoader(
                loader != null ? loader : Thread.currentThread().getContextClassLoader());
    }

    /**
     * Starts the description of an owner thread.
     *
     * @param name the thread's name, which is also the name in messages; two threads may have the same
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** The owner thread that the caller runs on, or {@code null} if it runs on another kind of thread. */
    public static OwnerThread current() {
        return Thread.currentThread() instanceof Worker worker ? worker.owner : null;
    }

    /** The thread's name. */
    public String name() {
        return thread.getName();
    }

    /**
     * The thread, for names, stack traces and metrics; interrupting it interrupts the task that runs. It has a {@link
     * ThreadGroup} of its own, which threads that its tasks start join unless they say otherwise.
     */
    public Thread thread() {
        return thread;
    }

    /** Whether the caller runs on this thread. */
    public boolean isOwner() {
        return Thread.currentThread() == thread;
    }

    /** Whether {@link #close} was asked for; tasks that were accepted before may still be running. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * The number of tasks in the mailbox: those that wait, without the one that runs, with cancelled ones that the
     * thread has not come to yet. An estimate while others submit.
     */
    public int depth() {
        return mailbox.size();
    }

    /**
     * Puts a task into the mailbox and does not wait, not even on the owner thread itself.
     *
     * <p>Stages that depend on the future without an {@code Async} suffix usually run on the owner thread, between two
     * tasks.
     *
     * @param task run on the owner thread
     * @return the future of the result. What the task throws completes it exceptionally. If it is cancelled, or
     *     completed by hand, before the task starts, the task is skipped; later its result is dropped and the task is
     *     not interrupted. If the thread is closed it has failed with a {@link RejectedExecutionException} that names
     *     the thread
     */
    public <T> CompletableFuture<T> submit(Callable<? extends T> task) {
        Task<T> queued = new Task<>(task);
        post(queued);
        return queued;
    }

    /**
     * Runs an action on the owner thread and waits for it: at once if the caller already runs there, even when the
     * thread is closing, and otherwise through the mailbox.
     *
     * @param action run on the owner thread
     * @return the action's result
     * @throws E what the action throws, as the same object, so that its stack trace is the owner's. Unchecked
     *     exceptions and errors are passed on in the same way
     * @throws InterruptedException if the caller was interrupted while it waited; the action still runs, or goes on
     *     running. Never thrown by the waiting on the owner thread, where there is none
     * @throws RejectedExecutionException if the thread is closed and the caller runs on another
     */
    public <T, E extends Exception> T call(Action<? extends T, ? extends E> action) throws E, InterruptedException {
        if (isOwner()) {
            return action.run();
        }
        Task<T> task = task(action);
        RejectedExecutionException refused = post(task);
        if (refused != null) {
            throw refused;
        }
        return OwnerThread.<T, E>await(task);
    }

    /**
     * Closes the thread: no task is accepted any more, those in the mailbox run, the closing action runs, the thread
     * ends. May be called several times and from several threads.
     *
     * <p>Waits for the end, unless it is called on the owner thread, where it only asks for it. An interrupt does not
     * end the wait and is pending again afterwards. A task that never returns makes the wait endless; {@link
     * #closeAsync} lets the caller choose how long to wait.
     *
     * <p>What the closing action throws is thrown here, a checked exception as the cause of an {@link
     * IllegalStateException}. If nobody waits it goes to the thread's uncaught exception handler.
     */
    @Override
    public void close() {
        if (isOwner()) {
            shut();
            return;
        }
        awaited = true;
        shut();
        joinUninterruptibly(thread);
        Throwable failure = ended.handle((nothing, thrown) -> thrown).join();
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException("closing the thread '" + name() + "' failed", failure);
        }
    }

    /**
     * Asks for what {@link #close} does and does not wait.
     *
     * @return completes when the closing action has run, exceptionally with what it threw; the thread then ends without
     *     running anything else
     */
    public CompletableFuture<Void> closeAsync() {
        awaited = true;
        shut();
        return ended.copy();
    }

    private void shut() {
        closed = true;
        wake();
    }

    /** Queues the task; if that came too late, fails it and returns why. */
    private RejectedExecutionException post(Task<?> task) {
        if (!closed) {
            mailbox.offer(task);
            VarHandle.fullFence();
            if (!closed) {
                wake();
                return null;
            }
        }
        RejectedExecutionException reason = new RejectedExecutionException("the thread '" + name() + "' is closed");
        return task.reject(reason) ? reason : null;
    }

    private void wake() {
        if (sleeping.get() && sleeping.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    /** The whole life of the thread. */
    private void live(Task<?> first, Action<?, ?> closing) {
        run(first);
        if (first.failure() != null) {
            // Nothing was made, so there is nothing to close; a task may be here if the first action gave this away.
            closed = true;
            RejectedExecutionException reason =
                    new RejectedExecutionException("the thread '" + name() + "' did not start");
            for (Task<?> task = mailbox.poll(); task != null; task = mailbox.poll()) {
                task.reject(reason);
            }
            ended.complete(null);
            return;
        }
        runTasks();
        Throwable failure = null;
        try {
            closing.run();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (failure == null) {
            ended.complete(null);
            return;
        }
        ended.completeExceptionally(failure);
        if (!awaited) {
            OwnerThread.<RuntimeException>rethrow(failure);
        }
    }

    private void runTasks() {
        while (true) {
            // Before the poll: a mailbox found empty after `closed` was seen stays empty of accepted tasks.
            boolean last = closed;
            Task<?> task = mailbox.poll();
            if (task != null) {
                run(task);
            } else if (!mailbox.isEmpty()) {
                // A submitter is linking a new chunk; it has a few instructions to go.
                Thread.onSpinWait();
            } else if (last) {
                return;
            } else {
                sleep();
            }
        }
    }

    private static void run(Task<?> task) {
        task.run();
        // What interrupts one task must not reach the next, nor make park return at once for ever.
        Thread.interrupted();
    }

    private void sleep() {
        sleeping.set(true);
        if (mailbox.isEmpty() && !closed) {
            LockSupport.park(this);
            Thread.interrupted();
        }
        sleeping.set(false);
    }

    private static <T> Task<T> task(Action<? extends T, ?> action) {
        Objects.requireNonNull(action, "action");
        return new Task<>(action::run);
    }

    /** Waits for a task of an action that throws no other checked exception than E. */
    private static <T, E extends Exception> T await(Task<T> task) throws E, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException | CancellationException wrapped) {
            // Not cancelled: nobody else holds the future, so the action threw it.
            throw OwnerThread.<E>rethrow(task.failure());
        }
    }

    /** Throws anything as what the caller knows it to be, or as unchecked. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "OwnerThread[" + name() + ", depth " + depth() + (closed ? ", closed]" : "]");
    }

    /** Knows its owner, so that {@link #current} needs no thread-local. */
    private static final class Worker extends Thread {

        private final OwnerThread owner;

        Worker(OwnerThread owner, Runnable life, String name, long stackSize) {
            // Inheritable thread-locals of the creator stay where they are: they would join two interpreters.
            super(newGroup(name), life, name, stackSize, false);
            this.owner = owner;
        }

        /** Not below the creator's, which may be another interpreter's. */
        @SuppressWarnings("removal")
        private static ThreadGroup newGroup(String name) {
            ThreadGroup top = Thread.currentThread().getThreadGroup();
            while (top.getParent() != null) {
                top = top.getParent();
            }
            ThreadGroup group = new ThreadGroup(top, name);
            // Up to Java 18 a group stays in its parent's list until its last thread has ended, and only if it says so.
            group.setDaemon(true);
            return group;
        }
    }

    /** What an owner thread is to be like. For use by one thread at a time. */
    public static final class Builder {

        /**
         * 16 MiB. Python recursion to Jython's limit of 1,000 calls, by way of attribute hooks, operators or sort keys,
         * was measured to need up to 1.5 MiB when the JVM interprets it. The rest is for the frames of extensions and of
         * JNI in between, which the recursion limit does not count, and for programs that raise the limit. The size is
         * an address range: only pages that were touched take memory.
         */
        public static final long DEFAULT_STACK_SIZE = 16L << 20;

        private final String name;
        private long stackSize = DEFAULT_STACK_SIZE;
        private boolean daemon = true;
        private ClassLoader contextClassLoader;
        private Action<?, ?> closing = () -> null;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Sets the stack size; {@link #DEFAULT_STACK_SIZE} if not called.
         *
         * @param bytes greater than 0, which the JVM rounds up to whole pages, or 0 for the JVM's own default
         * @throws IllegalArgumentException if negative
         */
        public Builder stackSize(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("negative stack size: " + bytes);
            }
            stackSize = bytes;
            return this;
        }

        /**
         * Whether the JVM may end while the thread lives; true if not called, so that an interpreter which nobody
         * closed does not keep a finished program from ending.
         */
        public Builder daemon(boolean value) {
            daemon = value;
            return this;
        }

        /**
         * Sets the context class loader, by which Jython finds Java classes.
         *
         * @param loader {@code null} for that of the thread that calls {@code start}, which is also the default
         */
        public Builder contextClassLoader(ClassLoader loader) {
            contextClassLoader = loader;
            return this;
        }

        /**
         * Sets what runs on the thread after the last task. It does not run if the first action failed.
         *
         * @param action releases what the thread owns; {@link #close} says where its failure goes
         */
        public Builder closing(Action<?, ?> action) {
            closing = Objects.requireNonNull(action, "action");
            return this;
        }

        /**
         * Starts the thread and waits until it has run its first action.
         *
         * @param first runs on the new thread before any task, and creates what the thread owns
         * @return the thread, ready for tasks
         * @throws E what the action throws, as the same object, likewise unchecked ones; the thread has then ended and
         *     the closing action did not run
         * @throws InterruptedException if the caller was interrupted while it waited; the thread then closes itself as
         *     soon as the action is done
         */
        public <E extends Exception> OwnerThread start(Action<?, ? extends E> first) throws E, InterruptedException {
            Task<Object> task = task(first);
            OwnerThread owner = new OwnerThread(this, task);
            owner.thread.start();
            try {
                OwnerThread.<Object, E>await(task);
            } catch (Throwable failure) {
                if (task.failure() == failure) {
                    joinUninterruptibly(owner.thread);
                } else {
                    owner.shut();
                }
                throw failure;
            }
            return owner;
        }

        /** Starts the thread, which has no first action. */
        public OwnerThread start() {
            OwnerThread owner = new OwnerThread(this, new Task<>(() -> null));
            owner.thread.start();
            return owner;
        }
    }
}
