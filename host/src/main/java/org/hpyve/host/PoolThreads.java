package org.hpyve.host;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of a pool: some that make interpreters, which end when there are none to make, and one that keeps the time. */
final class PoolThreads implements Executor {

    private final Set<Thread> started = ConcurrentHashMap.newKeySet();
    private final AtomicInteger serial = new AtomicInteger();
    private final String name;
    private final ThreadPoolExecutor makers;
    private final ScheduledThreadPoolExecutor timer;

    PoolThreads(String pool, int max) {
        name = "hpyve-pool-" + pool;
        int count = Math.min(max, Math.max(2, Runtime.getRuntime().availableProcessors()));
        makers =
                new ThreadPoolExecutor(count, count, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::newThread);
        makers.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, this::newThread);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Not in the group of the thread that happens to need it, which may be an interpreter's. */
    private Thread newThread(Runnable work) {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        Thread thread = new Thread(top, work, name + "-" + serial.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(PoolThreads.class.getClassLoader());
        started.removeIf(each -> each.getState() == Thread.State.TERMINATED);
        started.add(thread);
        return thread;
    }

    /** Does something that may take a while, such as making an interpreter. */
    @Override
    public void execute(Runnable work) {
        makers.execute(work);
    }

    /** Does something short after a time, in nanoseconds; null if the threads have ended. */
    Future<?> later(Runnable work, long nanos) {
        try {
            return timer.schedule(work, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    /** The threads end; what was to be done later is not done. */
    void end() {
        timer.shutdownNow();
        makers.shutdown();
    }

    /** Waits until the threads have ended. */
    void join() throws InterruptedException {
        for (Thread thread : started) {
            if (thread != Thread.currentThread() && thread.getState() != Thread.State.NEW) {
                thread.join();
            }
        }
    }
}
