package org.hpyve.scheduler;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A resident that notes every breach of what {@link Resident} promises, and whose tasks can see what they are asked for. */
class CheckedResident implements Resident {

    /** The code of {@link #close}. */
    interface Closing {
        void run() throws Exception;
    }

    private final Queue<String> breaches = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Thread> runner = new AtomicReference<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private volatile boolean inTask;
    private volatile String why;
    private volatile boolean insisted;
    private volatile boolean interrupted;
    private volatile Closing closing = () -> {};

    /** Plain on purpose: what one thread did is to be seen by the next. */
    private long entered;

    CheckedResident closing(Closing action) {
        closing = action;
        return this;
    }

    private void check(boolean kept, String breach) {
        if (!kept) {
            breaches.add(breach + " on " + Thread.currentThread().getName());
        }
    }

    private boolean isRunner() {
        return runner.get() == Thread.currentThread();
    }

    @Override
    public void enter() {
        check(runner.compareAndSet(null, Thread.currentThread()), "entered beside " + runner.get());
        entered++;
    }

    @Override
    public void leave() {
        check(!inTask, "left in a task");
        check(runner.compareAndSet(Thread.currentThread(), null), "left where not entered");
    }

    @Override
    public void begin() {
        check(isRunner(), "task begun outside");
        check(!inTask, "task begun in a task");
        check(why == null && !insisted && !interrupted, "a request is left from before");
        inTask = true;
    }

    @Override
    public void end() {
        check(isRunner(), "task ended outside");
        check(inTask, "task ended twice");
        inTask = false;
        why = null;
        insisted = false;
        interrupted = false;
    }

    @Override
    public void close() {
        check(isRunner() && inTask, "closed outside of a task");
        check(closed.incrementAndGet() == 1, "closed twice");
        try {
            closing.run();
        } catch (Exception e) {
            throw Waiting.<RuntimeException>rethrow(e);
        }
    }

    @Override
    public void stop(String reason, boolean insist) {
        check(inTask, "stopped outside of a task");
        why = reason;
        insisted |= insist;
        check(inTask, "stopped at the end of a task");
    }

    @Override
    public void interrupt() {
        check(inTask, "interrupted outside of a task");
        interrupted = true;
        check(inTask, "interrupted at the end of a task");
    }

    @Override
    public void abandoned(Stuck stuck) {
        check(abandoned.incrementAndGet() == 1, "abandoned twice");
        check(closed.get() == 0 || inTask, "abandoned after it was closed");
    }

    /** Runs until it is asked to stop, and then fails. */
    Object untilStopped() {
        while (why == null) {
            Thread.yield();
        }
        throw new IllegalStateException("stopped: " + why);
    }

    /** Runs until stopping is insisted on. */
    Object untilInsisted() {
        while (!insisted) {
            Thread.yield();
        }
        throw new IllegalStateException("insisted: " + why);
    }

    Object untilInterrupted() {
        while (!interrupted) {
            Thread.yield();
        }
        return "interrupted";
    }

    int timesClosed() {
        return closed.get();
    }

    int timesAbandoned() {
        return abandoned.get();
    }

    long timesEntered() {
        return entered;
    }

    Queue<String> breaches() {
        return breaches;
    }
}
