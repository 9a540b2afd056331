package org.hpyve.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;

/**
 * When the tasks of one mailbox have to be over, and what is done then: the {@link Watch} calls {@link #look}.
 *
 * <p>Any thread may plan an earlier look.
 */
final class Timekeeper {

    /** On a thread of the watch's: whose tasks it tells of their end. */
    private static final ThreadLocal<Mailbox> TELLING = new ThreadLocal<>();

    private static final VarHandle WATCH_AT;

    static {
        try {
            WATCH_AT = MethodHandles.lookup().findVarHandle(Timekeeper.class, "watchAt", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Mailbox mailbox;
    private final Queue<Task<?>> tasks;
    private final Watch watch;
    private final MailboxLimits limits;

    private volatile long watchAt = Long.MAX_VALUE;

    /** When what is left is dropped and stopped, after the mailbox was closed. */
    private volatile long drainUntil = Long.MAX_VALUE;

    Timekeeper(Mailbox mailbox, Queue<Task<?>> tasks, Watch watch, MailboxLimits limits) {
        this.mailbox = mailbox;
        this.tasks = tasks;
        this.watch = watch;
        this.limits = limits;
    }

    /** Is the calling thread one that tells of the end of this mailbox's tasks? */
    boolean isTelling() {
        return TELLING.get() == mailbox;
    }

    /** What is not over at a time is to be dropped and stopped; the earliest time counts. */
    void drainBy(long until) {
        synchronized (this) {
            drainUntil = Math.min(drainUntil, until);
        }
        lookAgain(until);
    }

    void lookWhenDrained() {
        lookAgain(drainUntil);
    }

    /** When the watch is to look; {@code Long.MAX_VALUE} for never. */
    long watchAt() {
        return watchAt;
    }

    /** Has the watch look at this mailbox not later than at a time. */
    void lookAgain(long at) {
        for (long planned = watchAt; at < planned; planned = watchAt) {
            if (WATCH_AT.compareAndSet(this, planned, at)) {
                watch.earlier(at);
                return;
            }
        }
    }

    /** Stops, drops and gives up what has to be over, and plans the next look. By the watch only. */
    void look(long now) {
        List<Runnable> completions = new ArrayList<>();
        try {
            look(now, completions::add);
        } finally {
            if (!completions.isEmpty()) {
                watch.complete(() -> tell(completions));
            }
        }
    }

    private void tell(List<Runnable> completions) {
        TELLING.set(mailbox);
        try {
            completions.forEach(Runnable::run);
        } finally {
            TELLING.remove();
        }
    }

    private void look(long now, Executor by) {
        watchAt = Long.MAX_VALUE;
        VarHandle.fullFence();
        if (mailbox.stuck() != null) {
            return;
        }
        boolean drained = drainUntil <= now;
        long next = drained ? Long.MAX_VALUE : drainUntil;
        Task<?> task = mailbox.running();
        if (task != null) {
            if (!task.isStopping()) {
                RuntimeException cause =
                        drained && task.kind() != Task.Kind.CLOSING ? closing() : limits.exceeded(task, mailbox, now);
                if (cause != null) {
                    task.stop(cause);
                } else {
                    next = Math.min(next, limits.nextLook(task, mailbox, now));
                }
            }
            next = Math.min(next, task.insist(now, Waiting.nanos(limits.patience()), by));
            if (task.abandonedFor() != null) {
                mailbox.abandon(task, by);
                return;
            }
        }
        int unseen = tasks.size();
        for (Task<?> waiting : tasks) {
            unseen--;
            if (drained) {
                boolean unused = waiting.drop(closing(), by);
            } else if (waiting.deadline() <= now) {
                boolean unused = waiting.drop(notBegun(), by);
            } else if (waiting.isQueued()) {
                next = Math.min(next, waiting.deadline());
            }
        }
        // While tasks are taken out, some others may be passed over.
        lookAgain(unseen > 0 ? Math.min(next, now + Watch.REPEAT) : next);
    }

    /** Why a task is dropped whose deadline was before its turn. */
    TaskTimeout notBegun() {
        return new TaskTimeout("a task of '" + mailbox.name() + "' did not begin before its deadline");
    }

    private CancellationException closing() {
        return new CancellationException("'" + mailbox.name() + "' is closed");
    }
}
