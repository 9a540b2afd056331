package org.hpyve.context.isolation;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyTuple;
import org.python.core.ThreadState;

/**
 * The threads of an interpreter besides the one that runs it: those in its group, which Python code has started by
 * {@code thread} or {@code threading}, and those of others that are in Python code of the interpreter. They end with it.
 */
public final class InterpreterThreads {

    private static final long ASK_AGAIN_MILLIS = 10;

    private InterpreterThreads() {}

    /**
     * Has them end: interrupts them, and ends Python code at its next line, whatever it catches. Called by the thread
     * that closes the interpreter, before it is gone.
     *
     * @param grace how long to wait for them
     * @return the names of those that still run; Java code that cares for no interrupt cannot be ended
     */
    public static List<String> askToEnd(IsolatedSystem system, Duration grace) {
        system.home().beginEnd();
        Set<Thread> left = others(system);
        Set<Thread> asked = new LinkedHashSet<>();
        long end = System.nanoTime() + grace.toNanos();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            asked.addAll(left);
            left.forEach(InterpreterThreads::ask);
            join(left.iterator().next(), ASK_AGAIN_MILLIS);
            left = others(system);
        }
        for (Thread each : asked) {
            if (!each.isAlive()) {
                ThreadStates.forget(each);
            }
        }
        return left.stream().map(Thread::getName).toList();
    }

    /** Before Python code makes a thread: none when they are to end, or they could go on making others for ever. */
    public static void starting(PyObject function, PyTuple arguments) {
        Home home = Home.current();
        if (home != null && home.isEnding()) {
            throw Py.RuntimeError("no thread can be started: the interpreter is closed");
        }
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

    /** Those in the group, and those of others, such as a pool of Java's, that run code of the interpreter now. */
    private static Set<Thread> others(IsolatedSystem system) {
        ThreadGroup group = system.home().startedGroup();
        Set<Thread> threads = group == null ? new LinkedHashSet<>() : in(group);
        threads.removeIf(InterpreterThreads::isOfProcess);
        threads.addAll(ThreadStates.in(system));
        threads.remove(Thread.currentThread());
        threads.removeIf(thread -> !thread.isAlive());
        return threads;
    }

    private static Set<Thread> in(ThreadGroup group) {
        Thread[] all = new Thread[group.activeCount() + 8];
        int found = group.enumerate(all);
        while (found == all.length) {
            all = new Thread[2 * all.length];
            found = group.enumerate(all);
        }
        return new LinkedHashSet<>(Arrays.asList(all).subList(0, found));
    }

    /** Threads are in the group of whoever needed them first; these two kinds serve all. */
    private static boolean isOfProcess(Thread thread) {
        return WeakReferences.isReaper(thread) || thread.getName().startsWith("ForkJoinPool.commonPool-worker-");
    }
}
