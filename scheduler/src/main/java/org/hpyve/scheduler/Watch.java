package org.hpyve.scheduler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that looks at mailboxes when a deadline has come. It sleeps until the earliest one, and is not there before
 * the first.
 *
 * <p>Mailboxes do not tell it of each deadline but keep the time of the next look ({@link Timekeeper#watchAt}), which a task
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

    /** Completes futures: what depends on one may take any time, and must not hold up this thread. */
    private final ExecutorService completions;

    private final Set<Mailbox> mailboxes = ConcurrentHashMap.newKeySet();
    private final String name;
    private volatile long wakeAt = AWAKE;
    private volatile boolean ended;
    private volatile Thread thread;

    Watch(String name) {
        this.name = name;
        completions = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                1,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> newThread(work, name + "-completions"));
    }

    /** One that belongs to nobody who happens to need it first. */
    private static Thread newThread(Runnable work, String name) {
        Thread thread = new Thread(Workers.topGroup(), work, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        return thread;
    }

    /** Nanoseconds since some moment in the past; never negative. */
    static long now() {
        return System.nanoTime() - START;
    }

    void add(Mailbox mailbox) {
        mailboxes.add(mailbox);
    }

    /** False if it was not there any more. */
    boolean remove(Mailbox mailbox) {
        boolean removed = mailboxes.remove(mailbox);
        if (ended) {
            LockSupport.unpark(thread);
        }
        return removed;
    }

    private boolean isOver() {
        return ended && mailboxes.isEmpty();
    }

    /** Runs an action on another thread. */
    void complete(Runnable action) {
        completions.execute(action);
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
        if (thread == null) {
            Thread started = newThread(this::run, name);
            thread = started;
            started.start();
        }
    }

    /** The thread ends as soon as no mailbox is left. */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }

    /** Waits for the thread if nothing is left for it to do. */
    void join() {
        Thread running = thread;
        if (running != null && isOver()) {
            Waiting.forThread(running);
        }
    }

    private void run() {
        while (!isOver()) {
            wakeAt = AWAKE;
            long next = look();
            // The two sides of Dekker's protocol: a mailbox writes its time and reads wakeAt, here it is the other way.
            wakeAt = next;
            if (earliest() < next) {
                continue;
            }
            if (next == Long.MAX_VALUE) {
                if (!isOver()) {
                    LockSupport.park(this);
                }
            } else {
                LockSupport.parkNanos(this, next - now());
            }
        }
        completions.shutdown();
        try {
            // Those that have nothing to do need only a moment.
            boolean unused = completions.awaitTermination(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Then they end alone.
        }
    }

    private long look() {
        long next = Long.MAX_VALUE;
        for (Mailbox mailbox : mailboxes) {
            long now = now();
            if (mailbox.time().watchAt() <= now) {
                look(mailbox, now);
            }
            next = Math.min(next, mailbox.time().watchAt());
        }
        return next;
    }

    /** A resident that fails when it is asked to stop must not leave the others without their deadlines. */
    private static void look(Mailbox mailbox, long now) {
        try {
            mailbox.time().look(now);
        } catch (Throwable failure) {
            Thread watch = Thread.currentThread();
            watch.getUncaughtExceptionHandler().uncaughtException(watch, failure);
            mailbox.time().lookAgain(now + REPEAT);
        }
    }

    private long earliest() {
        long earliest = Long.MAX_VALUE;
        for (Mailbox mailbox : mailboxes) {
            earliest = Math.min(earliest, mailbox.time().watchAt());
        }
        return earliest;
    }
}
