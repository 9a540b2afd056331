package org.hpyve.scheduler;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A thread that runs mailboxes: those of its slot, or one of another slot that is waiting. */
final class Worker extends Thread {

    /** Runs a mailbox, or stands before looking for one. */
    static final int BUSY = 0;
    /** Looks again and again. */
    static final int LOOKING = 1;

    static final int PARKED = 2;

    private final Workers workers;

    /** Null when another worker has taken its place; then this one ends what it is at. */
    private volatile Workers.Slot slot;

    private final AtomicInteger mode = new AtomicInteger(BUSY);

    /** Is the task that runs here waiting for something? */
    private volatile boolean blocked;

    /** The mailbox whose task runs here. This thread only. */
    private Mailbox mailbox;

    Worker(Workers workers, Workers.Slot slot, ThreadGroup group, String name, long stackSize) {
        // Inheritable thread-locals of the creator stay where they are: they would join two interpreters.
        super(group, null, name, stackSize, false);
        this.workers = workers;
        this.slot = slot;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    void setMailbox(Mailbox running) {
        mailbox = running;
    }

    boolean isBlocked() {
        return blocked;
    }

    Workers.Slot slot() {
        return slot;
    }

    void setSlot(Workers.Slot other) {
        slot = other;
    }

    @Override
    public void run() {
        while (true) {
            Workers.Slot mine = slot;
            if (mine == null) {
                if (workers.rest(this)) {
                    continue;
                }
                return;
            }
            Mailbox next = workers.next(mine);
            if (next == null) {
                next = look(mine);
                if (next == null && slot != mine) {
                    // Whoever woke this thread last counts on it.
                    next = workers.next(mine);
                }
                if (next != null) {
                    // Whoever scheduled it may have seen that this thread looks, and so have woken nobody for more.
                    workers.helpBeside(mine);
                }
            }
            if (next == null) {
                if (workers.isEnded()) {
                    return;
                }
            } else if (next.run(this)) {
                boolean unused = workers.schedule(next);
            }
        }
    }

    /** Waits until there may be something to do; maybe it is given back. */
    private Mailbox look(Workers.Slot mine) {
        /*
         * Who schedules a mailbox queues it and then reads the mode; here the mode is written and then the queues are read.
         * So either this thread finds the mailbox, or the other sees that it is to be woken.
         */
        mode.set(LOOKING);
        Mailbox[] found = new Mailbox[1];
        try {
            if (Waiting.spin(() -> (found[0] = workers.next(mine)) != null || workers.isEnded())) {
                return found[0];
            }
            mode.set(PARKED);
            Mailbox late = workers.next(mine);
            if (late != null || slot != mine || workers.isEnded()) {
                return late;
            }
            LockSupport.park(this);
            boolean unused = Thread.interrupted();
            return workers.next(mine);
        } finally {
            mode.set(BUSY);
        }
    }

    /** Has the worker look for something to do, unless it is busy. Each call wakes another one. */
    boolean wake() {
        int seen = mode.get();
        if (seen == PARKED && mode.compareAndSet(PARKED, BUSY)) {
            LockSupport.unpark(this);
            return true;
        }
        return seen == LOOKING;
    }

    void beginBlocking() {
        blocked = true;
        workers.blocked(this);
    }

    void endBlocking() {
        blocked = false;
    }
}
