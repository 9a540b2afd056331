package org.hpyve.host;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hpyve.scheduler.Scheduler;
import org.hpyve.scheduler.TaskTimeout;

/**
 * Interpreters that are made and warmed up ahead, given to one user at a time, and replaced when they are worn out.
 *
 * <p>Users come in one of two ways. A task is given to {@link #submit} or {@link #call}, and gets some interpreter for as
 * long as it runs. Or a caller takes an interpreter with {@link #acquire}, and returns it. Who waits for an interpreter
 * gets one in the order of coming.
 *
 * <p>Any thread may use a pool. A task of a pool that waits for another interpreter of the same one may wait until its
 * time is over: if all do that, none returns.
 */
public final class InterpreterPool implements AutoCloseable {

    private final PoolSettings settings;
    private final PoolState state;
    private final PoolCounts counts;
    private final PoolThreads threads;
    private final PoolKeeper keeper;

    InterpreterPool(InterpreterHost host, PoolSettings settings) {
        this.settings = settings;
        state = new PoolState(settings);
        counts = new PoolCounts(settings.listener());
        threads = new PoolThreads(settings.name(), settings.max());
        keeper = new PoolKeeper(host, settings, state, counts, threads);
    }

    /** Begins the description of a pool; the same as {@link InterpreterHost#pool}. */
    public static PoolBuilder builder(InterpreterHost host) {
        return host.pool();
    }

    /** Begins to make interpreters; when the pool has ended, tells so. */
    void begin(Runnable whenEnded) {
        CompletableFuture<?> unused = keeper.whenEnded(() -> {
            // First, so that listeners have forgotten the pool before another one can have its name.
            try {
                counts.closed();
            } finally {
                whenEnded.run();
            }
        });
        keeper.run(state.plan());
    }

    /** The name, unique among the open pools of its host. */
    public String name() {
        return settings.name();
    }

    /** Has a listener told what happens from now on, besides the one that the pool was made with. */
    public void addListener(PoolListener listener) {
        counts.add(Objects.requireNonNull(listener, "listener"));
    }

    /** Does not tell the listener any more; calls that are under way go on. */
    public void removeListener(PoolListener listener) {
        counts.remove(listener);
    }

    /** What the pool is doing, and what it has done so far; also when it is closed. */
    public PoolStats stats() {
        return counts.stats(state.numbers());
    }

    /** {@link #submit(Function, Duration)} without a deadline. */
    public <T> CompletableFuture<T> submit(Function<Interpreter, T> task) {
        return submit(task, null);
    }

    /**
     * Runs a task in an interpreter as soon as there is one. Returns at once, and no thread waits.
     *
     * <p>Stages that depend on the future without an {@code Async} suffix usually run on an interpreter's thread, and must
     * not wait for anything.
     *
     * @param deadline from now until the task has to be over, the wait for an interpreter included; {@code null} for none.
     *     A task that has not begun by then never will, one that runs is stopped; both end with a {@link TaskTimeout}
     * @return the task's result. It may be cancelled, with {@code true} also while it runs. It fails with {@link PoolFull}
     *     if too many wait, with {@link PoolTimeout} if there is no interpreter in time, and with a {@link
     *     RejectedExecutionException} if the pool is closed
     */
    public <T> CompletableFuture<T> submit(Function<Interpreter, T> task, Duration deadline) {
        PoolTask<T> queued = newTask(task, deadline, settings.acquireTimeout());
        try {
            queued.start();
        } catch (RejectedExecutionException e) {
            // The future has it.
            assert queued.isCompletedExceptionally() : e;
        }
        return queued;
    }

    /** @param patience how long it waits for an interpreter; null for ever */
    <T> PoolTask<T> newTask(Function<Interpreter, T> task, Duration deadline, Duration patience) {
        return new PoolTask<>(
                this,
                Objects.requireNonNull(task, "task"),
                deadline,
                patience == null ? Long.MAX_VALUE : PoolSettings.nanos(patience));
    }

    /** {@link #call(Function, Duration)} without a deadline. */
    public <T> T call(Function<Interpreter, T> task) {
        return call(task, null);
    }

    /**
     * Runs a task in an interpreter and waits for it.
     *
     * @param deadline see {@link #submit(Function, Duration)}
     * @return the task's result
     * @throws RuntimeException what the task throws, or why it did not run: see {@link #submit(Function, Duration)}
     * @throws CancellationException if the caller was interrupted while it waited; the task is stopped
     */
    public <T> T call(Function<Interpreter, T> task, Duration deadline) {
        CompletableFuture<T> result = submit(task, deadline);
        try {
            return result.isDone() ? result.get() : Scheduler.<T, Exception>blocking(result::get);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                PythonException.raisedHere(unchecked);
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            boolean unused = result.cancel(true);
            throw interrupted();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private CancellationException interrupted() {
        Thread.currentThread().interrupt();
        return new CancellationException("interrupted while waiting for pool '" + name() + "'");
    }

    /** {@link #acquire(Duration)} with the time that the pool has for it. */
    public PooledInterpreter acquire() {
        return acquire(settings.acquireTimeout());
    }

    /**
     * Takes an interpreter, waiting for one if need be. It is the caller's until it is closed, which returns it.
     *
     * @throws PoolTimeout if there is none in time
     * @throws PoolFull if too many wait
     * @throws RejectedExecutionException if the pool is closed, also while the caller waits
     * @throws CancellationException if the caller was interrupted while it waited
     */
    public PooledInterpreter acquire(Duration timeout) {
        PoolWaiter waiter = new PoolWaiter();
        PoolWaitEvent event = PoolWaitEvent.started();
        PoolMember member = null;
        try {
            enter(waiter);
            member = await(waiter, PoolSettings.nanos(timeout));
            taken(waiter);
        } finally {
            event.over(name(), member);
        }
        return new PooledInterpreter(keeper, member);
    }

    private PoolMember await(PoolWaiter waiter, long nanos) {
        try {
            return waiter.isDone()
                    ? waiter.get()
                    : Scheduler.<PoolMember, Exception>blocking(() -> waiter.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            PoolTimeout timeout = timeout(waiter);
            if (waiter.completeExceptionally(timeout)) {
                missed(waiter, timeout);
                PythonException.raisedHere(timeout);
                throw timeout;
            }
            return waiter.join();
        } catch (InterruptedException e) {
            if (waiter.cancel(false)) {
                leave(waiter);
            } else if (!waiter.isCompletedExceptionally()) {
                keeper.giveBack(waiter.join(), false);
            }
            throw interrupted();
        } catch (ExecutionException e) {
            throw new RejectedExecutionException(e.getCause().getMessage(), e.getCause());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gets a caller in line; see {@link PoolState#join}. */
    void enter(PoolWaiter waiter) {
        PoolState.Plan plan;
        try {
            plan = state.join(waiter);
        } catch (PoolFull e) {
            counts.rejected();
            throw e;
        }
        keeper.run(plan);
    }

    /** A caller does not wait any more. */
    void leave(PoolWaiter waiter) {
        state.leave(waiter);
        waiter.endAlarm();
    }

    /** A caller has got what it waited for. */
    void taken(PoolWaiter waiter) {
        counts.acquired(waiter.waited());
    }

    /** Has a caller go without anything after a time, in nanoseconds. */
    void expire(PoolWaiter waiter, long nanos, Supplier<RuntimeException> why) {
        waiter.setAlarm(threads.later(
                () -> {
                    boolean unused = waiter.completeExceptionally(why.get());
                },
                Math.max(nanos, 0)));
    }

    /** A caller does not get anything. */
    void missed(PoolWaiter waiter, Throwable why) {
        leave(waiter);
        if (why instanceof PoolTimeout || why instanceof TaskTimeout) {
            counts.acquireTimedOut(waiter.waited());
        }
    }

    /** What a caller gets that has waited for too long. */
    PoolTimeout timeout(PoolWaiter waiter) {
        PoolState.Numbers now = state.numbers();
        return new PoolTimeout(
                "no interpreter of pool '%s' within %d ms: %d of %d are in use, %d being made, %d callers wait"
                        .formatted(
                                name(),
                                TimeUnit.NANOSECONDS.toMillis(waiter.waited()),
                                now.active(),
                                now.max(),
                                now.creating(),
                                now.pending()),
                keeper.lastFailure());
    }

    PoolKeeper keeper() {
        return keeper;
    }

    /**
     * A new executor, whose tasks run in this pool's interpreters: {@link Interpreter#current} is the one. They wait for an
     * interpreter without a limit of time, and for as long as others of the pool go on, but are part of {@link
     * PoolBuilder#maxPending}. Cancelling a future with {@code true} stops its code.
     *
     * <p>Shutting the executor down ends its own tasks only. When the pool is closed, tasks that wait are cancelled, and no
     * others are accepted.
     */
    public ExecutorService asExecutorService() {
        return new PoolExecutor(this);
    }

    /** Has {@link #close} been called? */
    public boolean isClosed() {
        return state.isClosed();
    }

    /** {@link #close(Duration)} with the time that the pool has for it. */
    @Override
    public void close() {
        close(settings.drain());
    }

    /**
     * Gives out no interpreter any more: who waits for one gets a {@link RejectedExecutionException}. What runs may end, and
     * whoever has an interpreter may go on until it is returned. When the time is over all interpreters are closed, and
     * what runs is stopped.
     *
     * <p>Waits for all that, except where an interpreter of this pool would wait for itself: there it only asks. May be
     * called several times; the earliest end counts.
     */
    public void close(Duration drain) {
        CompletableFuture<Void> ended = keeper.close(drain);
        if (keeper.isInside()) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                Object unused = Scheduler.<Object, Exception>blocking(() -> {
                    Object nothing = ended.get();
                    keeper.join();
                    return nothing;
                });
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks for {@link #close()} and does not wait. */
    void beginClose() {
        CompletableFuture<Void> unused = keeper.close(settings.drain());
    }

    @Override
    public String toString() {
        PoolState.Numbers now = state.numbers();
        return "InterpreterPool[%s, %d active, %d idle, %d pending]"
                .formatted(name(), now.active(), now.idle(), now.pending());
    }
}
