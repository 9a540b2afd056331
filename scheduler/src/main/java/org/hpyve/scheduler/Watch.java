package org.hpyve.scheduler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that looks at mailboxes when a deadline has come. It sleeps until the earliest one, and is not there before
 * the first.
 *
 * <p>Mailboxes do not tell it of each deadline but keep the time of the next look ({@link Mailbox#watchAt}), which a task
 * only moves when it has to be over earlier. So a task with a deadline that is met costs a comparison.
 */
final class Watch {

    /** Ask once, and let the code clean up for so long before it is stopped at each line. */
    static final long POLITE = 40_000_000;

    /** Between two requests to the same task. */
    static final long REPEAT = 5_000_000;

    /** After so long without success, who waits for the task is told. */
    static final long TELL = 90_000_000;

    /** What {@link #wakeAt} holds while the thread looks around, so that nobody wakes it. */
    private static final long AWAKE = Long.MIN_VALUE;

    private static final long START = System.nanoTime();

    private final Set<Mailbox> mailboxes = ConcurrentHashMap.newKeySet();
    private final String name;
    private volatile long wakeAt = AWAKE;
    private volatile boolean ended;
    private volatile Thread thread;

    Watch(String name) {
        this.name = name;
    }

    /** Nanoseconds since some moment in the past; never negative. */
    static long now() {
        return System.nanoTime() - START;
    }

    void add(Mailbox mailbox) {
        mailboxes.add(mailbox);
    }

    void remove(Mailbox mailbox) {
        mailboxes.remove(mailbox);
    }

    /** A mailbox is to be looked at earlier than before. */
    void earlier(long at) {
        if (thread == null) {
            start();
        }
        if (at < wakeAt) {
            LockSupport.unpark(thread);
        }
    }

    private synchronized void start() {
        if (thread == null && !ended) {
            Thread started = new Thread(Workers.topGroup(), this::run, name, 0, false);
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    /** No mailbox is left. */
    void end() {
        Thread running;
        synchronized (this) {
            ended = true;
            running = thread;
        }
        if (running != null) {
            LockSupport.unpark(running);
        }
    }

    private void run() {
        while (!ended) {
            wakeAt = AWAKE;
            long next = look();
            // The two sides of Dekker's protocol: a mailbox writes its time and reads wakeAt, here it is the other way.
            wakeAt = next;
            if (earliest() < next) {
                continue;
            }
            if (next == Long.MAX_VALUE) {
                if (!ended) {
                    LockSupport.park(this);
                }
            } else {
                LockSupport.parkNanos(this, next - now());
            }
        }
    }

    private long look() {
        long next = Long.MAX_VALUE;
        for (Mailbox mailbox : mailboxes) {
            long now = now();
            if (mailbox.watchAt() <= now) {
                mailbox.look(now);
            }
            next = Math.min(next, mailbox.watchAt());
        }
        return next;
    }

    private long earliest() {
        long earliest = Long.MAX_VALUE;
        for (Mailbox mailbox : mailboxes) {
            earliest = Math.min(earliest, mailbox.watchAt());
        }
        return earliest;
    }
}
