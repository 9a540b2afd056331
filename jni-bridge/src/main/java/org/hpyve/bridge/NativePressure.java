package org.hpyve.bridge;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks for a collection when objects of extensions may hold much memory that the collector knows nothing of: it sees a
 * small Java object, not the array behind it that only {@code tp_destroy} frees. The JVM does the same for direct buffers.
 *
 * <p>One for each context, used by the thread that runs the interpreter. What {@code malloc} has given out is known only
 * for the whole process, and so is how little it was since the last collection.
 */
public final class NativePressure {

    /** Growth of which nobody takes notice; a small heap gets a smaller one. */
    private static final long UNNOTICED =
            Math.min(256L << 20, Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 4));

    /** So much may come between two looks, as far as can be foreseen. */
    private static final long BETWEEN_LOOKS = 4L << 20;

    private static final int MOST_OBJECTS_BETWEEN_LOOKS = 64;

    /** The share of time that looks may take, one in so many: {@code malloc} goes over all that is free. */
    private static final int SHARE_OF_LOOKS = 50;

    /** But much memory can be taken in a short time. */
    private static final long LONGEST_WITHOUT_LOOK_NANOS = 5_000_000;

    /** The share of time that collections asked for here may take, one in so many. */
    private static final int SHARE = 10;

    private static final long PATIENCE_MILLIS = 100;

    private static final AtomicLong LOWEST = new AtomicLong(Long.MAX_VALUE);
    private static final ReentrantLock COLLECTING = new ReentrantLock();
    /** When the last collection asked for here began; guarded by {@link #COLLECTING}. */
    private static long begun = System.nanoTime();

    private static final AtomicLong NEXT_NANOS = new AtomicLong(System.nanoTime());

    private int objects = 1;
    private int untilLook = 1;
    private long nextLookNanos = System.nanoTime();
    private long seen;

    /** An object is being made whose native memory has to wait for the collector. */
    public void made() {
        if (--untilLook <= 0) {
            look();
        }
    }

    private void look() {
        long begin = System.nanoTime();
        if (begin - nextLookNanos < 0) {
            untilLook = objects;
            return;
        }
        long inUse = NativeMemory.inUse();
        long end = System.nanoTime();
        nextLookNanos = end + Math.min(SHARE_OF_LOOKS * (end - begin), LONGEST_WITHOUT_LOOK_NANOS);
        long each = Math.max(1, (inUse - seen) / objects);
        objects = (int) Math.max(1, Math.min(BETWEEN_LOOKS / each, Math.min(2L * objects, MOST_OBJECTS_BETWEEN_LOOKS)));
        untilLook = objects;
        seen = inUse;
        long lowest = LOWEST.accumulateAndGet(inUse, Math::min);
        long grown = inUse - lowest;
        long limit = Math.max(UNNOTICED, lowest / 2);
        boolean urgent = grown >= 4 * limit;
        if (grown >= limit && (urgent || end - NEXT_NANOS.get() >= 0)) {
            // Whoever comes while another interpreter collects goes on.
            if (COLLECTING.tryLock()) {
                try {
                    collect();
                } finally {
                    COLLECTING.unlock();
                }
            }
        }
    }

    /** Collects now; there is no memory else. One collection does for all that wait for it. */
    public static void relieve() {
        long asked = System.nanoTime();
        COLLECTING.lock();
        try {
            if (begun - asked < 0) {
                collect();
            }
        } finally {
            COLLECTING.unlock();
        }
    }

    private static void collect() {
        try {
            long begin = System.nanoTime();
            begun = begin;
            ReferenceQueue<Object> queue = new ReferenceQueue<>();
            PhantomReference<Object> dead = new PhantomReference<>(new Object(), queue);
            System.gc();
            // What the collector found is handed over a little later.
            queue.remove(PATIENCE_MILLIS);
            dead.clear();
            long end = System.nanoTime();
            NEXT_NANOS.set(end + SHARE * (end - begin));
            LOWEST.set(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
