package org.hpyve.scheduler;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.hpyve.scheduler.Scheduler.Threads;

/**
 * The threads that run mailboxes. Each has a slot with a queue of the mailboxes that are ready; a mailbox comes to its home
 * slot, and a thread with nothing to do takes from other slots. A dedicated thread is a group of one for one mailbox.
 *
 * <p>What is ready is in exactly one queue. A thread that is lost in a task, or waits in one while others have nobody to run
 * them, gives its slot to a new thread; when it comes back it ends.
 */
final class Workers {

    /** How long a thread waits that has lost its slot, before it ends. */
    private static final long REST = 1_000_000_000;

    /** A place for a thread. */
    static final class Slot {

        private final Queue<Mailbox> ready = new ConcurrentLinkedQueue<>();
        private final int number;
        volatile Worker worker;

        private Slot(int number) {
            this.number = number;
        }
    }

    private final String name;
    private final Threads threads;
    private final boolean shared;
    private final Slot[] slots;
    private final AtomicInteger homes = new AtomicInteger();
    private final AtomicInteger serial = new AtomicInteger();
    /** Null before the first thread. */
    private ThreadGroup group;

    private final Queue<Worker> spares = new ConcurrentLinkedQueue<>();
    /** Mailboxes that have not ended; guarded by this. */
    private volatile int open;

    private volatile boolean ended;

    /** @param shared whether they serve many mailboxes; if not, they end with theirs */
    Workers(String name, int count, boolean shared, Threads threads) {
        this.name = name;
        this.shared = shared;
        this.threads = threads;
        slots = new Slot[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new Slot(i);
        }
    }

    /** Not the creator's, which may be that of an interpreter. */
    static ThreadGroup topGroup() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        return top;
    }

    @SuppressWarnings("removal")
    private static ThreadGroup newGroup(String name) {
        ThreadGroup group = new ThreadGroup(topGroup(), name);
        // Up to Java 18 a group stays in its parent's list until its last thread has ended, and longer if it had none.
        group.setDaemon(true);
        return group;
    }

    boolean isShared() {
        return shared;
    }

    /** Is nothing to be done any more? */
    boolean isEnded() {
        return ended && open == 0;
    }

    Slot nextHome() {
        return slots[Math.floorMod(homes.getAndIncrement(), slots.length)];
    }

    /** Has a mailbox run that is ready and in no queue. */
    void schedule(Mailbox mailbox) {
        Slot home = mailbox.home();
        home.ready.add(mailbox);
        Worker worker = home.worker;
        if (worker == null) {
            start(home);
            return;
        }
        if (worker.wake()) {
            return;
        }
        Worker blocked = worker.isBlocked() ? worker : null;
        for (Slot slot : slots) {
            Worker other = slot.worker;
            if (slot != home && (other == null ? start(slot) : other.wake())) {
                return;
            }
            if (blocked == null && other != null && other.isBlocked()) {
                blocked = other;
            }
        }
        if (blocked != null) {
            replace(blocked);
        }
    }

    /** A worker begins to wait in a task. */
    void blocked(Worker worker) {
        if (shared && isAnythingReady()) {
            replace(worker);
        }
    }

    private boolean isAnythingReady() {
        for (Slot slot : slots) {
            if (!slot.ready.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** A mailbox that is ready, first of the slot itself; null if there is none. */
    Mailbox next(Slot slot) {
        Mailbox next = slot.ready.poll();
        for (int i = 1; next == null && i < slots.length; i++) {
            next = slots[(slot.number + i) % slots.length].ready.poll();
        }
        return next;
    }

    /** Wakes another worker if more is ready than the one that asks can run at once. */
    void helpBeside(Slot mine) {
        if (!shared) {
            return;
        }
        for (Slot other : slots) {
            Worker worker = other.worker;
            if (!isAnythingReady() || (other != mine && (worker == null ? start(other) : worker.wake()))) {
                return;
            }
        }
    }

    private synchronized boolean start(Slot slot) {
        if (slot.worker != null || isEnded()) {
            return false;
        }
        Worker spare = spares.poll();
        if (spare != null) {
            slot.worker = spare;
            spare.setSlot(slot);
            LockSupport.unpark(spare);
            return true;
        }
        if (group == null) {
            group = newGroup(name);
        }
        String threadName = shared ? name + "-" + serial.incrementAndGet() : name;
        Worker worker = new Worker(this, slot, group, threadName, threads.stackSize());
        worker.setDaemon(threads.daemon());
        worker.setContextClassLoader(threads.loader());
        slot.worker = worker;
        worker.start();
        return true;
    }

    /** Gives the place of a worker, which is busy and may stay so, to a new one. */
    synchronized void replace(Worker lost) {
        Slot slot = lost.slot();
        if (slot == null || slot.worker != lost) {
            return;
        }
        lost.setSlot(null);
        slot.worker = null;
        if (shared) {
            boolean unused = start(slot);
        }
    }

    /** A worker without a slot waits until it is given one; false if it is to end. */
    boolean rest(Worker worker) {
        if (!shared || isEnded()) {
            return false;
        }
        spares.add(worker);
        long end = System.nanoTime() + REST;
        while (worker.slot() == null) {
            long left = end - System.nanoTime();
            if ((left <= 0 || isEnded()) && spares.remove(worker)) {
                return false;
            }
            LockSupport.parkNanos(this, Math.max(left, 1));
        }
        return true;
    }

    /** A mailbox is opened; false if it is too late for that. */
    synchronized boolean add() {
        if (ended) {
            return false;
        }
        open++;
        return true;
    }

    /** A mailbox has ended. */
    synchronized void remove() {
        open--;
        if (!shared || ended) {
            end();
        }
    }

    /** The threads end as soon as the last mailbox has ended. */
    synchronized void end() {
        ended = true;
        for (Slot slot : slots) {
            Worker worker = slot.worker;
            if (worker != null) {
                boolean unused = worker.wake();
            }
        }
        spares.forEach(LockSupport::unpark);
    }

    /** Waits for the threads if nothing is left for them to do; not those that are lost. */
    void join() {
        if (!isEnded()) {
            return;
        }
        for (Slot slot : slots) {
            Worker worker = slot.worker;
            if (worker != null) {
                Waiting.forThread(worker);
            }
        }
        spares.forEach(Waiting::forThread);
    }
}
