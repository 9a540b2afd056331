package org.hpyve.scheduler;

import java.time.Duration;

/**
 * The tasks that a mailbox has run so far, by their outcome. Those that never began are not among them, nor are the making
 * and the closing of what lives there.
 *
 * @param returned those that came to their end
 * @param threw those that threw something
 * @param stopped those that were told to stop
 */
public record TaskStats(Times returned, Times threw, Times stopped) {

    /**
     * Times of some tasks, each from its begin to its end.
     *
     * @param nanos their sum, in nanoseconds
     */
    public record Times(long count, long nanos) {

        /** Their sum. */
        public Duration total() {
            return Duration.ofNanos(nanos);
        }
    }

    /** Those with an outcome. */
    public Times of(TaskOutcome outcome) {
        return switch (outcome) {
            case RETURNED -> returned;
            case THREW -> threw;
            case STOPPED -> stopped;
        };
    }

    /** The number of all. */
    public long count() {
        return returned.count + threw.count + stopped.count;
    }
}
