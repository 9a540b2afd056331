package org.hpyve.host.boundary;

import org.hpyve.scheduler.MessageQueue;

/**
 * A queue of {@link Parcel parcels}, which all interpreters of a host and all threads of Java may use.
 *
 * <p>What becomes of a parcel whose sender is closed before somebody takes it, the sender says.
 */
public final class Channel {

    /** What is done with a parcel whose sender is gone. */
    public enum Orphans {
        /** It disappears. */
        REMOVED(1),
        /** Who takes it gets {@link #ERROR}. */
        AN_ERROR(2),
        /** Who takes it gets {@link #UNBOUND}. */
        REPLACED(3);

        private final int number;

        Orphans(int number) {
            this.number = number;
        }

        /** The number by which Python code says this. */
        public int number() {
            return number;
        }

        /** That of a number. */
        public static Orphans of(int number) {
            for (Orphans each : values()) {
                if (each.number == number) {
                    return each;
                }
            }
            throw new IllegalArgumentException("nothing has the number " + number);
        }
    }

    /** Equal to nothing that could be sent. */
    private enum Replacement {
        UNBOUND,
        ERROR
    }

    /** What is taken in the place of a parcel whose sender is gone. */
    public static final Object UNBOUND = Replacement.UNBOUND;

    /** What is taken in the place of a parcel whose sender is gone, if that is to be an error. */
    public static final Object ERROR = Replacement.ERROR;

    private static final class Letter {

        final Identity sender;
        final Orphans orphans;
        volatile Object parcel;

        Letter(Object parcel, Identity sender, Orphans orphans) {
            this.parcel = parcel;
            this.sender = sender;
            this.orphans = orphans;
        }

        boolean isOrphan() {
            return sender != null && sender.isGone();
        }
    }

    private final long id;
    private final Orphans orphans;
    private final MessageQueue<Letter> letters;

    /**
     * An empty queue.
     *
     * @param id unique in the host
     * @param capacity how many parcels it holds; 0 for no bound
     * @param orphans what holds if a sender says nothing
     */
    public Channel(long id, int capacity, Orphans orphans) {
        this.id = id;
        this.orphans = orphans;
        this.letters = new MessageQueue<>(capacity);
    }

    /** Its number in the host. */
    public long id() {
        return id;
    }

    /** How many parcels it holds at most; 0 for no bound. */
    public int capacity() {
        return letters.capacity();
    }

    /** What holds if a sender says nothing. */
    public Orphans orphans() {
        return orphans;
    }

    /** The number of parcels in it; an estimate while others use it. */
    public int size() {
        return letters.size();
    }

    /**
     * Puts a parcel at the end.
     *
     * @param sender null for Java
     * @param whenOrphan null for what holds in this queue
     * @param nanos how long to wait for room; 0 not at all, {@link MessageQueue#FOREVER}
     * @return false if it was full all the time
     */
    public boolean put(Object parcel, Identity sender, Orphans whenOrphan, long nanos) throws InterruptedException {
        Letter letter = new Letter(parcel, sender, whenOrphan == null ? orphans : whenOrphan);
        return nanos == 0 ? letters.offer(letter) : letters.offer(letter, nanos);
    }

    /**
     * Takes the first parcel.
     *
     * @param nanos how long to wait for one; 0 not at all, {@link MessageQueue#FOREVER}
     * @return null if there was none all the time; {@link #UNBOUND} and {@link #ERROR} in the place of orphans
     */
    public Object take(long nanos) throws InterruptedException {
        long start = nanos == MessageQueue.FOREVER ? 0 : System.nanoTime();
        long left = nanos;
        while (true) {
            Letter letter = left <= 0 ? letters.poll() : letters.poll(left);
            if (letter == null) {
                return null;
            }
            Object parcel = letter.parcel;
            if (!letter.isOrphan()) {
                return parcel;
            }
            if (letter.orphans != Orphans.REMOVED) {
                return letter.orphans == Orphans.AN_ERROR ? ERROR : UNBOUND;
            }
            if (nanos != MessageQueue.FOREVER) {
                left = nanos - (System.nanoTime() - start);
            }
        }
    }

    /** An interpreter is gone: what it has sent, and nobody has taken, is let go. */
    public void senderIsGone(Identity sender) {
        int unused = letters.removeIf(letter -> letter.sender == sender && letter.orphans == Orphans.REMOVED);
        letters.forEach(letter -> {
            if (letter.sender == sender) {
                letter.parcel = UNBOUND;
            }
        });
    }

    /** Takes no further parcels; what is in it can be taken. */
    public void close() {
        letters.close();
    }
}
