package org.hpyve.scheduler;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the tasks of one mailbox have taken: how many, how long, how much CPU time. Written by the thread that runs the
 * mailbox, without a fence; any thread may read it and sees recent values.
 *
 * <p>To ask for CPU time is a system call. That of a mailbox with its own thread is the thread's, and is asked for by the
 * reader. Where threads are shared it is asked for whenever a thread begins and ends to run the mailbox, and only if
 * somebody wants to know: see {@link Workers#meterCpu}.
 */
final class Meter {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final long NOT_METERED = -1;

    /** Of the tasks with one outcome. */
    private static final class Sum {

        private final AtomicLong count = new AtomicLong();
        private final AtomicLong nanos = new AtomicLong();

        void add(long more) {
            nanos.setOpaque(nanos.getPlain() + more);
            count.setOpaque(count.getPlain() + 1);
        }

        TaskStats.Times times() {
            return new TaskStats.Times(count.getOpaque(), nanos.getOpaque());
        }
    }

    private final Workers workers;

    private final Map<TaskOutcome, Sum> tasks = new EnumMap<>(TaskOutcome.class);

    /** The thread's CPU time when it began to run the mailbox. */
    private long since = NOT_METERED;

    /** In nanoseconds; with a thread of its own, only known at the end. */
    private volatile long cpu;

    Meter(Workers workers) {
        this.workers = workers;
        for (TaskOutcome outcome : TaskOutcome.values()) {
            tasks.put(outcome, new Sum());
        }
    }

    /** A task has ended. */
    void count(TaskOutcome outcome, long nanos) {
        tasks.get(outcome).add(nanos);
    }

    TaskStats tasks() {
        return new TaskStats(times(TaskOutcome.RETURNED), times(TaskOutcome.THREW), times(TaskOutcome.STOPPED));
    }

    private TaskStats.Times times(TaskOutcome outcome) {
        return tasks.get(outcome).times();
    }

    /** The current thread begins to run the mailbox. */
    void enter() {
        since = workers.metersCpu() ? THREADS.getCurrentThreadCpuTime() : NOT_METERED;
    }

    /**
     * It does not run it any more.
     *
     * @param last whether nobody will
     */
    void leave(boolean last) {
        if (since != NOT_METERED) {
            long before = cpu;
            cpu = before + THREADS.getCurrentThreadCpuTime() - since;
        } else if (last && !workers.isShared()) {
            cpu = THREADS.getCurrentThreadCpuTime();
        }
    }

    /** CPU time in nanoseconds, by the JVM's count. */
    long cpuNanos(Thread worker) {
        long live = workers.isShared() || worker == null ? -1 : THREADS.getThreadCpuTime(worker.getId());
        return live < 0 ? cpu : live;
    }
}
