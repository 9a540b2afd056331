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
    /** How many want CPU time to be measured. */
    private final AtomicInteger meteringCpu = new AtomicInteger();

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

    /** One more wants CPU time to be measured for each mailbox, or one less. */
    void meterCpu(boolean on) {
        var unused = meteringCpu.updateAndGet(wanting -> Math.max(0, wanting + (on ? 1 : -1)));
    }

    boolean metersCpu() {
        return meteringCpu.get() > 0;
    }

    /** Is nothing to be done any more? */
    boolean isEnded() {
        return ended && open == 0;
    }

    Slot nextHome() {
        return slots[Math.floorMod(homes.getAndIncrement(), slots.length)];
    }

    /**
     * Has a mailbox run that is ready and in no queue.
     *
     * @return false if there is no thread and none can be started; it is in no queue then
     */
    boolean schedule(Mailbox mailbox) {
        Slot home = mailbox.home();
        home.ready.add(mailbox);
        return wakeOne(home, null) || hasThread() || !home.ready.remove(mailbox);
    }

    /** Finds a thread for what is ready; false if all are busy. The one that asks is not asked. */
    private boolean wakeOne(Slot home, Slot asking) {
        Worker blocked = null;
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[(home.number + i) % slots.length];
            Worker worker = slot.worker;
            if (slot != asking && (worker == null ? start(slot) : worker.wake())) {
                return true;
            }
            if (blocked == null && slot != asking && worker != null && worker.isBlocked()) {
                blocked = worker;
            }
        }
        return blocked != null && replace(blocked);
    }

    private boolean hasThread() {
        for (Slot slot : slots) {
            if (slot.worker != null) {
                return true;
            }
        }
        return false;
    }

    /** A worker begins to wait in a task. */
    void blocked(Worker worker) {
        if (shared && isAnythingReady()) {
            boolean unused = replace(worker);
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
        if (isAnythingReady()) {
            boolean unused = wakeOne(mine, mine);
        }
    }

    /** False if the slot has a thread, or none can be started. */
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
        try {
            worker.start();
        } catch (OutOfMemoryError noThread) {
            // The system has no more threads now; it may have some when this is tried again.
            slot.worker = null;
            dropEmptyGroup();
            return false;
        }
        return true;
    }

    /** Up to Java 18 a group in which no thread ever was would stay for ever. */
    @SuppressWarnings("removal")
    private void dropEmptyGroup() {
        if (group.activeCount() == 0) {
            group.destroy();
            group = null;
        }
    }

    /** Gives the place of a worker, which is busy and may stay so, to a new one; false if there is none. */
    synchronized boolean replace(Worker lost) {
        Slot slot = lost.slot();
        if (slot == null || slot.worker != lost) {
            return false;
        }
        lost.setSlot(null);
        // Its wait may have ended meanwhile, and it may look for something to do.
        boolean unused = lost.wake();
        slot.worker = null;
        boolean replaced = shared && start(slot);
        if (!replaced && lost.isBlocked()) {
            lost.setSlot(slot);
            slot.worker = lost;
        }
        return replaced;
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
            if (left <= 0 || isEnded()) {
                return !leave(worker);
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    /** A worker ends; false if it has been given a slot. One that has lost that again is no spare. */
    private synchronized boolean leave(Worker worker) {
        boolean unused = spares.remove(worker);
        return worker.slot() == null;
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
