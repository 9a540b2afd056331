package org.hpyve.context;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What has to be done by the thread that runs the interpreter because an object is dead: destructors, release of native memory.
 * It is done when an outermost call begins, when native objects are made, and at close.
 */
final class Endings {

    /** Runs when what it refers to is dead. Whoever makes it must hold it until then. */
    abstract static class Ending extends PhantomReference<Object> implements Runnable {
        Ending(Object of, Endings endings) {
            super(of, endings.dead);
        }
    }

    private final ReferenceQueue<Object> dead = new ReferenceQueue<>();
    private final LinkedBlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    /** May something be posted? */
    private volatile boolean due;

    private boolean running;

    /** Has something done on the interpreter's thread. Any thread. */
    void post(Runnable ending) {
        posted.add(ending);
        due = true;
    }

    /** Does what there is to do. */
    void run() {
        Reference<?> first = dead.poll();
        if (first != null || due) {
            run(first);
        }
    }

    private void run(Reference<?> first) {
        for (var reference = first; reference != null; reference = dead.poll()) {
            posted.add((Ending) reference);
        }
        if (!running) {
            running = true;
            due = false;
            try {
                for (Runnable next = posted.peek(); next != null; next = posted.peek()) {
                    next.run();
                    // Not before: what cannot begin, for want of stack, is done another time.
                    posted.remove();
                }
            } finally {
                running = false;
                if (!posted.isEmpty()) {
                    due = true;
                }
            }
        } else {
            due = true;
        }
    }

    /** Is something being done now, or nothing any more? What comes meanwhile is done after it. */
    boolean areRunning() {
        return running;
    }

    /** Waits for something to do; false if nothing came, and where it could not be done now. */
    boolean await(long milliseconds) {
        if (running) {
            return false;
        }
        try {
            // What is posted does not come through the queue of the dead.
            for (long i = 0; i < milliseconds && !due; i++) {
                Reference<?> next = dead.remove(1);
                if (next != null) {
                    post((Ending) next);
                }
            }
            return due;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** From now on nothing is done by itself. */
    void close() {
        running = true;
    }

    /** Waits for something to do; null if nothing came. */
    Runnable next(long milliseconds) {
        try {
            return posted.poll(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
