package org.hpyve.host;

import java.time.Duration;
import java.util.Objects;
import org.hpyve.scheduler.MailboxFull;
import org.hpyve.scheduler.MailboxLimits;
import org.hpyve.scheduler.TaskTimeout;

/**
 * What one interpreter may use. Begin with {@link #NONE} and set what is to be limited.
 *
 * @param openHandles HPy handles open at once; 0 for any number. One more is a Python {@code hpyve.LimitExceeded}
 * @param nativeBytes native memory that extensions hold through the interpreter, in bytes; 0 for any. More is a Python
 *     {@code hpyve.LimitExceeded}
 * @param mailbox tasks that wait; 0 for any number. Who submits another one waits, see the next, and then gets {@link
 *     MailboxFull}
 * @param mailboxWait how long a submitter waits for a place; zero refuses at once
 * @param taskTime how long a task may run; null for any time. Then it is stopped with {@link TaskTimeout}
 * @param cpuTime CPU time of the thread while it runs a task; null for any. Then the task is stopped likewise
 * @param patience how long after that request a task may go on, in code that cannot be stopped, until its interpreter is
 *     given up
 */
public record Limits(
        long openHandles,
        long nativeBytes,
        int mailbox,
        Duration mailboxWait,
        Duration taskTime,
        Duration cpuTime,
        Duration patience) {

    /** No limit, and 10 seconds of patience. */
    public static final Limits NONE = new Limits(0, 0, 0, Duration.ZERO, null, null, MailboxLimits.NONE.patience());

    /** Checks the numbers. */
    public Limits {
        if (openHandles < 0 || nativeBytes < 0 || mailbox < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
        Objects.requireNonNull(mailboxWait, "mailboxWait");
        Objects.requireNonNull(patience, "patience");
    }

    /** These, with another number of handles. */
    public Limits withOpenHandles(long most) {
        return new Limits(most, nativeBytes, mailbox, mailboxWait, taskTime, cpuTime, patience);
    }

    /** These, with other native memory, in bytes. */
    public Limits withNativeBytes(long most) {
        return new Limits(openHandles, most, mailbox, mailboxWait, taskTime, cpuTime, patience);
    }

    /** These, with another length of the mailbox, and the time that a submitter waits for a place. */
    public Limits withMailbox(int most, Duration wait) {
        return new Limits(openHandles, nativeBytes, most, wait, taskTime, cpuTime, patience);
    }

    /** These, with another time for each task. */
    public Limits withTaskTime(Duration most) {
        return new Limits(openHandles, nativeBytes, mailbox, mailboxWait, most, cpuTime, patience);
    }

    /** These, with another CPU time for each task. */
    public Limits withCpuTime(Duration most) {
        return new Limits(openHandles, nativeBytes, mailbox, mailboxWait, taskTime, most, patience);
    }

    /** These, with another time until an interpreter is given up. */
    public Limits withPatience(Duration time) {
        return new Limits(openHandles, nativeBytes, mailbox, mailboxWait, taskTime, cpuTime, time);
    }

    /** @param endless whether closing has any time, as where it waits for threads */
    MailboxLimits ofMailbox(boolean endless) {
        return new MailboxLimits(
                mailbox == 0 ? Integer.MAX_VALUE : mailbox,
                mailboxWait,
                taskTime,
                cpuTime,
                patience,
                endless ? Duration.ofSeconds(Long.MAX_VALUE) : MailboxLimits.NONE.closing());
    }
}
