package org.hpyve.context.isolation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.python.core.ThreadState;

/**
 * The threads of an interpreter besides its owner: those in the owner's group, which Python code has started by
 * {@code thread}, {@code threading} or Java. They end with it.
 */
public final class InterpreterThreads {

    private static final long ASK_AGAIN_MILLIS = 10;

    private InterpreterThreads() {}

    /**
     * Has the threads of a group end: interrupts them, and ends Python code at its next line, whatever it catches.
     * Called by the owner thread at close, before its interpreter is gone.
     *
     * @param group of this interpreter alone
     * @param grace how long to wait for them
     * @return the names of those that still run; Java code that cares for no interrupt cannot be ended
     */
    public static List<String> askToEnd(IsolatedSystem system, ThreadGroup group, Duration grace) {
        List<Thread> threads = others(group);
        if (threads.isEmpty()) {
            return List.of();
        }
        system.home().setEnding();
        long end = System.nanoTime() + grace.toNanos();
        List<Thread> left = threads;
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            left.forEach(InterpreterThreads::ask);
            join(left.get(0), ASK_AGAIN_MILLIS);
            left = others(group);
            for (Thread each : left) {
                if (!threads.contains(each)) {
                    threads.add(each);
                }
            }
        }
        for (Thread each : threads) {
            if (!each.isAlive()) {
                ThreadStates.forget(each);
            }
        }
        return left.stream().map(Thread::getName).toList();
    }

    private static void ask(Thread thread) {
        ThreadState state = ThreadStates.of(thread);
        if (state != null) {
            EndOfThread.of(state);
        }
        thread.interrupt();
    }

    private static void join(Thread thread, long milliseconds) {
        try {
            thread.join(milliseconds);
        } catch (InterruptedException e) {
            // Who closes is not to be hurried.
        }
    }

    private static List<Thread> others(ThreadGroup group) {
        Thread[] all = new Thread[group.activeCount() + 8];
        int found = group.enumerate(all);
        while (found == all.length) {
            all = new Thread[2 * all.length];
            found = group.enumerate(all);
        }
        List<Thread> threads = new ArrayList<>(Arrays.asList(all).subList(0, found));
        threads.remove(Thread.currentThread());
        threads.removeIf(thread -> !thread.isAlive());
        return threads;
    }
}
