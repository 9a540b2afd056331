package org.hpyve.scheduler;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Objects;

/**
 * How much a mailbox holds and how long its tasks may take.
 *
 * @param length the most tasks that wait; {@link Integer#MAX_VALUE} for any number
 * @param roomWait how long a submitter waits for a place in a full mailbox; zero refuses at once
 * @param taskTime from the start of a task to its end; {@code null} for any time
 * @param cpuTime CPU time of the thread that runs a task, by the JVM's count; {@code null} for any time
 * @param patience from the request that a task stops until its mailbox is abandoned
 * @param closing how long {@link Resident#close} may take before it is stopped like a task
 */
public record MailboxLimits(
        int length, Duration roomWait, Duration taskTime, Duration cpuTime, Duration patience, Duration closing) {

    /** No limits, 10 seconds of patience, and as many for closing. */
    public static final MailboxLimits NONE = new MailboxLimits(
            Integer.MAX_VALUE, Duration.ZERO, null, null, Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Checks the values. */
    public MailboxLimits {
        if (length <= 0) {
            throw new IllegalArgumentException("a mailbox holds at least one task, not " + length);
        }
        check("roomWait", Objects.requireNonNull(roomWait, "roomWait"));
        check("taskTime", taskTime);
        check("cpuTime", cpuTime);
        check("patience", Objects.requireNonNull(patience, "patience"));
        check("closing", Objects.requireNonNull(closing, "closing"));
    }

    private static void check(String what, Duration time) {
        if (time != null && time.isNegative()) {
            throw new IllegalArgumentException(what + " is negative: " + time);
        }
    }

    /** Tells a task that begins on this thread when it has to be over, and has that looked at. */
    void apply(Task<?> task, Timekeeper time) {
        if (task.kind() == Task.Kind.CLOSING || (taskTime == null && cpuTime == null)) {
            time.lookAgain(task.deadline());
            return;
        }
        long now = Watch.now();
        long look = taskTime == null ? task.deadline() : task.limit(Waiting.later(now, taskTime));
        if (cpuTime != null) {
            task.limitCpu(Waiting.later(THREADS.getCurrentThreadCpuTime(), cpuTime));
            // A thread cannot use more CPU time than passes.
            look = Math.min(look, Waiting.later(now, cpuTime));
        }
        time.lookAgain(look);
    }

    /** Why the running task is to be stopped now; null if it may go on. */
    TaskTimeout exceeded(Task<?> task, Mailbox mailbox, long now) {
        if (task.deadline() <= now) {
            return new TaskTimeout("a task of '" + mailbox.name() + "' ran past its deadline");
        }
        if (cpuLeft(task, mailbox) <= 0) {
            return new TaskTimeout(
                    "a task of '" + mailbox.name() + "' used more than " + cpuTime.toMillis() + " ms of CPU time");
        }
        return null;
    }

    long nextLook(Task<?> task, Mailbox mailbox, long now) {
        long left = cpuLeft(task, mailbox);
        return Math.min(task.deadline(), left == Long.MAX_VALUE ? left : now + Math.max(left, Watch.REPEAT));
    }

    private static long cpuLeft(Task<?> task, Mailbox mailbox) {
        long until = task.cpuDeadline();
        if (until == Long.MAX_VALUE) {
            return until;
        }
        long used = THREADS.getThreadCpuTime(mailbox.thread().getId());
        return used < 0 ? Long.MAX_VALUE : until - used;
    }
}
