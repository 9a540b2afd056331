package org.hpyve.host;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

    /** Those that are not over, in the order of coming. Guarded by this. */
    private final Set<Command> commands = new LinkedHashSet<>();

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

    /** A command that was accepted, and its task. The last fields are guarded by the executor. */
    private final class Command {

        private final Runnable runnable;

        /** Its future; null if nobody has one. */
        private final Result<?> result;

        private final PoolTask<Void> task = pool.newTask(
                interpreter -> {
                    run();
                    return null;
                },
                null,
                null);
        private boolean begun;

        /** Given back by {@link #shutdownNow}. */
        private boolean drained;

        Command(Runnable runnable, Result<?> result) {
            this.runnable = runnable;
            this.result = result;
            if (result != null) {
                result.task = task;
            }
        }

        private void run() {
            synchronized (PoolExecutor.this) {
                if (drained) {
                    return;
                }
                begun = true;
            }
            CURRENT.set(task);
            try {
                runnable.run();
            } finally {
                CURRENT.remove();
                remove(this);
            }
        }

        private void over(Throwable failure) {
            synchronized (PoolExecutor.this) {
                if (drained) {
                    return;
                }
                if (!begun) {
                    remove(this);
                }
            }
            if (failure == null) {
                return;
            }
            if (result == null) {
                LOG.warn("a task of pool '{}' failed", pool.name(), failure);
                return;
            }
            result.fail(failure);
            if (runnable != result && runnable instanceof Future<?> wrapper) {
                boolean unused = wrapper.cancel(false);
            }
        }
    }

    @Override
    public void execute(Runnable runnable) {
        Result<?> made = MADE.get();
        MADE.remove();
        Command command = new Command(
                runnable, runnable instanceof Result<?> own ? own : runnable instanceof Future ? made : null);
        synchronized (this) {
            if (shutdown) {
                throw new RejectedExecutionException("an executor of pool '" + pool.name() + "' is shut down");
            }
            commands.add(command);
        }
        try {
            command.task.start();
        } catch (RejectedExecutionException e) {
            remove(command);
            throw e;
        }
        CompletableFuture<?> unused = command.task.whenComplete((nothing, failure) -> command.over(failure));
    }

    private synchronized void remove(Command command) {
        commands.remove(command);
        if (commands.isEmpty()) {
            notifyAll();
        }
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
                commands.clear();
                notifyAll();
            }
        });
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        List<Command> left;
        List<Runnable> never = new ArrayList<>();
        synchronized (this) {
            left = List.copyOf(commands);
            for (Command command : left) {
                if (!command.begun) {
                    command.drained = true;
                    never.add(command.runnable);
                }
            }
            commands.removeIf(command -> command.drained);
            notifyAll();
        }
        left.forEach(command -> {
            boolean unused = command.task.cancel(true);
        });
        return never;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown || pool.isClosed();
    }

    @Override
    public synchronized boolean isTerminated() {
        return isShutdown() && commands.isEmpty();
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
