package org.hpyve.scheduler;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A queue of messages for any number of senders and receivers, with or without a bound, first in first out.
 *
 * <p>Nobody takes a lock to put or take. Who finds it empty, or full, looks again for some microseconds and is then
 * parked until there is something to do; nobody polls.
 *
 * <p>{@link #close} ends it: what is in it can still be taken, everything else is refused with {@link
 * ClosedQueueException}, also to those who wait at that moment. A message that {@code put} or {@code offer} has accepted
 * is never lost.
 *
 * @param <T> what is sent; never null
 */
public final class MessageQueue<T> {

    /** Waiting times with this value have no end. */
    public static final long FOREVER = Long.MAX_VALUE;

    /** Lets everybody pass; more than there are threads and messages. */
    private static final int GATES_OPEN = 1 << 30;

    /** How many times others are let run. */
    private static final int MOMENT = 10_000;

    /** A message in the queue; empty when it has been taken or removed. */
    private static final class Entry<T> extends AtomicReference<T> {

        private static final long serialVersionUID = 1L;

        Entry(T message) {
            super(message);
        }
    }

    /*
     * `filled` has a permit for each entry. It is released after the entry is in, so who holds one finds an entry.
     * Who gets none may be early: it looks again until there is no entry either, or as many permits as messages fit in.
     * Else a sender could find the queue empty while its own message is behind one that is just being put.
     *
     * An entry whose message was removed stays, with its permit, until somebody takes it and then the next.
     *
     * After close the permits do not count any more: who passes and finds nothing knows that it is closed. A sender
     * looks at `closed` after its entry is in. If it is set, the receivers may all have gone, so the sender takes its
     * message back if nobody else has it; that decides who of them has it.
     */
    private final Queue<Entry<T>> entries = new ConcurrentLinkedQueue<>();
    private final Semaphore filled = new Semaphore(0);

    /** Null without a bound. */
    private final Semaphore free;

    private final int capacity;
    private final AtomicInteger removed = new AtomicInteger();
    private volatile boolean closed;

    /**
     * A new, empty queue.
     *
     * @param capacity how many messages it holds; 0 for no bound
     */
    public MessageQueue(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("a queue for " + capacity + " messages");
        }
        this.capacity = capacity;
        this.free = capacity == 0 ? null : new Semaphore(capacity);
    }

    /** How many messages it holds at most; 0 for no bound. */
    public int capacity() {
        return capacity;
    }

    /** The number of messages in it; an estimate while others use it. */
    public int size() {
        if (closed) {
            return (int) entries.stream().filter(entry -> entry.get() != null).count();
        }
        return Math.max(0, filled.availablePermits() - removed.get());
    }

    /**
     * Puts a message at the end, if there is room at once.
     *
     * @return false if it is full
     */
    public boolean offer(T message) {
        if (free != null && !findsRoom()) {
            return false;
        }
        add(message);
        return true;
    }

    /**
     * Puts a message at the end and waits for room.
     *
     * @param nanos how long at most; {@link #FOREVER}
     * @return false if it was full all the time
     */
    public boolean offer(T message, long nanos) throws InterruptedException {
        if (free != null && !acquire(free, nanos) && !findsRoom()) {
            return false;
        }
        add(message);
        return true;
    }

    /** Puts a message at the end and waits for room. */
    public void put(T message) throws InterruptedException {
        boolean unused = offer(message, FOREVER);
    }

    private void add(T message) {
        if (closed) {
            throw refused();
        }
        Entry<T> entry = new Entry<>(message);
        entries.add(entry);
        if (closed && entry.compareAndSet(message, null)) {
            throw refused();
        }
        filled.release();
    }

    /** Takes the first message; null if there is none. */
    public T poll() {
        while (surely(filled::tryAcquire, entries::isEmpty)) {
            T message = next();
            if (message != null) {
                return message;
            }
        }
        return null;
    }

    /**
     * Takes the first message and waits for one.
     *
     * @param nanos how long at most; {@link #FOREVER}
     * @return null if there was none all the time
     */
    public T poll(long nanos) throws InterruptedException {
        long start = nanos == FOREVER ? 0 : System.nanoTime();
        long left = nanos;
        while (acquire(filled, left)) {
            T message = next();
            if (message != null) {
                return message;
            }
            if (nanos != FOREVER) {
                left = nanos - (System.nanoTime() - start);
            }
        }
        return poll();
    }

    /** Takes the first message and waits for one. */
    public T take() throws InterruptedException {
        return poll(FOREVER);
    }

    /** With a permit: the message of the first entry, null if that was removed. */
    private T next() {
        Entry<T> entry = entries.poll();
        if (entry == null) {
            throw refused();
        }
        T message = entry.getAndSet(null);
        if (message == null) {
            removed.decrementAndGet();
        } else if (free != null) {
            free.release();
        }
        return message;
    }

    /**
     * Removes messages.
     *
     * @return how many were removed and are taken by nobody
     */
    public int removeIf(Predicate<? super T> unwanted) {
        int count = 0;
        for (Entry<T> entry : entries) {
            T message = entry.get();
            if (message != null && unwanted.test(message) && entry.compareAndSet(message, null)) {
                count++;
                removed.incrementAndGet();
                if (free != null) {
                    free.release();
                }
            }
        }
        dropEmptyHead();
        return count;
    }

    /** Who takes messages drops the empty entries between them; this is for when nobody does. */
    private void dropEmptyHead() {
        Entry<T> head = entries.peek();
        while (head != null && head.get() == null && filled.tryAcquire()) {
            if (entries.remove(head)) {
                removed.decrementAndGet();
            } else {
                filled.release();
            }
            head = entries.peek();
        }
    }

    /** Does something with each message that is in it now. */
    public void forEach(Consumer<? super T> action) {
        for (Entry<T> entry : entries) {
            T message = entry.get();
            if (message != null) {
                action.accept(message);
            }
        }
    }

    /** Was {@link #close} called? */
    public boolean isClosed() {
        return closed;
    }

    /** Takes no further messages, and wakes all who wait. */
    public synchronized void close() {
        if (!closed) {
            closed = true;
            filled.release(GATES_OPEN);
            if (free != null) {
                free.release(GATES_OPEN);
            }
        }
    }

    private boolean findsRoom() {
        return surely(free::tryAcquire, () -> size() >= capacity);
    }

    /**
     * Tries until it succeeds or cannot. In between somebody else is in the middle of putting or taking a message, which
     * takes a moment; that one of them fails there, for want of stack or memory, is to hold up nobody.
     */
    private static boolean surely(BooleanSupplier attempt, BooleanSupplier hopeless) {
        for (int i = 0; i < MOMENT; i++) {
            if (attempt.getAsBoolean()) {
                return true;
            }
            if (hopeless.getAsBoolean()) {
                return false;
            }
            Thread.yield();
        }
        return false;
    }

    private static boolean acquire(Semaphore semaphore, long nanos) throws InterruptedException {
        if (Waiting.spin(semaphore::tryAcquire)) {
            return true;
        }
        return Waiting.<Boolean, RuntimeException>blocking(() -> {
            if (nanos != FOREVER) {
                return semaphore.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            }
            semaphore.acquire();
            return true;
        });
    }

    private static ClosedQueueException refused() {
        return new ClosedQueueException();
    }
}
