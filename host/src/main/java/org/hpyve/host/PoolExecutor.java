package org.hpyve.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An executor whose tasks run in the interpreters of a pool. */
final class PoolExecutor extends AbstractExecutorService {

    private static final Logger LOG = LoggerFactory.getLogger(PoolExecutor.class);

    /** The task in which this thread runs a command. */
    private static final ThreadLocal<PoolTask<?>> CURRENT = new ThreadLocal<>();

    /** What this thread has made last and not executed yet: a completion service wraps it before. */
    private static final ThreadLocal<Result<?>> MADE = new ThreadLocal<>();

    private final InterpreterPool pool;

    /** Those that are not over, with their commands. Guarded by this. */
    private final Map<PoolTask<?>, Runnable> tasks = new LinkedHashMap<>();

    private boolean shutdown;

    PoolExecutor(InterpreterPool pool) {
        this.pool = pool;
    }

    /** A future that stops its code in the way of interpreters, and that fails when its task never begins. */
    private static final class Result<T> extends FutureTask<T> {

        /** The task that it runs in, or is to run in. */
        private volatile PoolTask<?> task;

        Result(Callable<T> body) {
            super(body);
            MADE.set(this);
        }

        @Override
        public void run() {
            task = CURRENT.get();
            super.run();
        }

        @Override
        public boolean cancel(boolean mayStopIfRunning) {
            boolean done = super.cancel(false);
            PoolTask<?> current = task;
            if (done && current != null && (mayStopIfRunning || !current.hasBegun())) {
                boolean unused = current.cancel(mayStopIfRunning);
            }
            return done;
        }

        void fail(Throwable reason) {
            setException(reason);
        }
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new Result<>(callable);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new Result<>(() -> {
            runnable.run();
            return value;
        });
    }

    @Override
    public void execute(Runnable command) {
        Result<?> made = MADE.get();
        MADE.remove();
        Result<?> result = command instanceof Result<?> own ? own : command instanceof Future ? made : null;
        PoolTask<?>[] self = new PoolTask<?>[1];
        PoolTask<Void> task = pool.newTask(
                interpreter -> {
                    run(command, self[0]);
                    return null;
                },
                null,
                null);
        self[0] = task;
        if (result != null) {
            result.task = task;
        }
        synchronized (this) {
            if (shutdown) {
                throw new RejectedExecutionException("an executor of pool '" + pool.name() + "' is shut down");
            }
            tasks.put(task, command);
        }
        try {
            task.start();
        } catch (RejectedExecutionException e) {
            remove(task);
            throw e;
        }
        CompletableFuture<?> unused = task.whenComplete((nothing, failure) -> over(task, command, result, failure));
    }

    private void run(Runnable command, PoolTask<?> task) {
        CURRENT.set(task);
        try {
            command.run();
        } finally {
            CURRENT.remove();
            remove(task);
        }
    }

    private void over(PoolTask<?> task, Runnable command, Result<?> result, Throwable failure) {
        boolean drained = !task.hasBegun() && !remove(task);
        if (failure == null || drained) {
            return;
        }
        if (result == null) {
            LOG.warn("a task of pool '{}' failed", pool.name(), failure);
            return;
        }
        result.fail(failure);
        if (command != result && command instanceof Future<?> wrapper) {
            boolean unused = wrapper.cancel(false);
        }
    }

    /** False if it is not there. */
    private synchronized boolean remove(PoolTask<?> task) {
        boolean removed = tasks.remove(task) != null;
        if (tasks.isEmpty()) {
            notifyAll();
        }
        return removed;
    }

    @Override
    public void shutdown() {
        synchronized (this) {
            if (shutdown) {
                return;
            }
            shutdown = true;
            notifyAll();
        }
        // Then no task goes on, but those that cannot be stopped.
        CompletableFuture<?> unused = pool.keeper().whenEnded(() -> {
            synchronized (this) {
                tasks.clear();
                notifyAll();
            }
        });
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List<Runnable> never = new ArrayList<>();
        List<PoolTask<?>> running = new ArrayList<>();
        synchronized (this) {
            tasks.entrySet().removeIf(each -> {
                boolean waits = !each.getKey().hasBegun() && each.getKey().cancel(false);
                if (waits) {
                    never.add(each.getValue());
                } else {
                    running.add(each.getKey());
                }
                return waits;
            });
            notifyAll();
        }
        running.forEach(task -> {
            boolean unused = task.cancel(true);
        });
        return never;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown || pool.isClosed();
    }

    @Override
    public synchronized boolean isTerminated() {
        return isShutdown() && tasks.isEmpty();
    }

    @Override
    public synchronized boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + Math.min(unit.toNanos(timeout), Long.MAX_VALUE / 4);
        while (!isTerminated()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    @Override
    public String toString() {
        return "executor of " + pool;
    }
}
