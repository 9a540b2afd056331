package org.hpyve.host;

import java.time.Duration;

/** One interpreter of a pool, from the decision to make it until it is closed. */
final class PoolMember {

    /** What the pool does with it; guarded by {@link PoolState}. */
    enum Stage {
        STARTING,
        IDLE,
        ACTIVE,
        CLOSING,
        GONE
    }

    /** From 1 to the size of the pool; it is used again when the interpreter is closed. */
    private final int number;

    private final String name;
    private final long since = System.nanoTime();

    Stage stage = Stage.STARTING;

    /** When it became idle, by {@link System#nanoTime}; guarded like the stage. */
    long idleSince;

    /** When it is too old; guarded like the stage. */
    long endOfLife;

    /** Null until it is made. */
    private volatile Interpreter interpreter;

    // The rest is touched by who has the member: one after the other, with the lock of the state in between.

    private long usedSince;
    private int uses;
    private long handles;
    private long timeouts;

    /** Set by who has it. */
    private volatile boolean discarded;

    PoolMember(int number, String name) {
        this.number = number;
        this.name = name;
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    Interpreter interpreter() {
        return interpreter;
    }

    void made(Interpreter made) {
        interpreter = made;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    int uses() {
        return uses;
    }

    /** It is warmed up: what is open now is not its users' fault. */
    void ready() {
        handles = interpreter.extensionStats().handlesOpen();
        timeouts = interpreter.timeouts();
    }

    void useBegins() {
        uses++;
        usedSince = System.nanoTime();
    }

    /** The use did not come about. */
    void useCancelled() {
        uses--;
    }

    /** The nanoseconds of the use. */
    long useEnds() {
        return System.nanoTime() - usedSince;
    }

    void discard() {
        discarded = true;
    }

    boolean isDiscarded() {
        return discarded;
    }

    /** Handles that are open and were not before the first use. */
    long leakedHandles() {
        return interpreter.extensionStats().handlesOpen() - handles;
    }

    /** Tasks that were stopped since this was asked before. */
    long newTimeouts() {
        long seen = timeouts;
        timeouts = interpreter.timeouts();
        return timeouts - seen;
    }

    @Override
    public String toString() {
        return name;
    }
}
