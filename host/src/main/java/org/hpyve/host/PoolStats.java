package org.hpyve.host;

import java.time.Duration;
import java.util.Map;

/**
 * What a pool is doing, and what it has done so far. The numbers of interpreters are of one moment.
 *
 * @param max the most interpreters that it may have
 * @param active interpreters that are in use, or looked after between two uses
 * @param idle interpreters that are ready
 * @param creating interpreters that are being made and warmed up
 * @param closing interpreters that are being closed
 * @param pending callers that wait
 * @param acquire how long callers that got an interpreter had waited; its count is the number of uses
 * @param usage how long interpreters were in use
 * @param creation how long it took to make an interpreter and warm it up
 * @param failedCreations attempts to make an interpreter that failed
 * @param acquireTimeouts callers that waited as long as they wanted, and got none
 * @param rejected callers that got none since too many waited
 * @param taskTimeouts tasks that were stopped since their time was over
 * @param recycled interpreters that were closed, by the reason; every reason is there
 * @param abandoned interpreters that could not be closed since their code could not be stopped
 */
public record PoolStats(
        int max,
        int active,
        int idle,
        int creating,
        int closing,
        int pending,
        Times acquire,
        Times usage,
        Times creation,
        long failedCreations,
        long acquireTimeouts,
        long rejected,
        long taskTimeouts,
        Map<RecycleReason, Long> recycled,
        long abandoned) {

    /**
     * Times of the same thing.
     *
     * @param total their sum
     * @param max the longest, zero if there is none
     */
    public record Times(long count, Duration total, Duration max) {

        /** The average; zero if there is none. */
        public Duration mean() {
            return count == 0 ? Duration.ZERO : total.dividedBy(count);
        }
    }

    /** Copies the map. */
    public PoolStats {
        recycled = Map.copyOf(recycled);
    }

    /** Interpreters that the pool has. */
    public int size() {
        return active + idle + creating + closing;
    }

    /** Interpreters that were closed, for whatever reason. */
    public long recycledCount() {
        return recycled.values().stream().mapToLong(Long::longValue).sum();
    }
}
