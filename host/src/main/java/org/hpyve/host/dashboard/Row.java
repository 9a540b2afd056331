package org.hpyve.host.dashboard;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One interpreter at one moment, as the page shows it. Rates are per second, of the time since the look before.
 *
 * @param slot the number of its place, which another one gets when it is closed
 * @param id its number, which no other one gets
 * @param open handles that are open now
 * @param limit the most that may be, 0 for any number
 * @param slope by how many handles a minute they leak; null while nobody knows
 * @param latency how long tasks took that ended since the look before, on average, in milliseconds; null if none did
 * @param mailbox tasks that wait
 */
record Row(
        int slot,
        long id,
        String name,
        Status status,
        boolean running,
        boolean tracing,
        long open,
        long limit,
        long peak,
        double opened,
        double closed,
        Double slope,
        Crossings crossings,
        long nativeBytes,
        long nativeLimit,
        double calls,
        double tasks,
        Double latency,
        double cpu,
        int mailbox) {

    /** What an operator should know first. */
    enum Status {
        /** More and more handles stay open. */
        @JsonProperty("leaking")
        LEAKING,
        /** More than 80% of the handles or bytes that it may have. */
        @JsonProperty("limit")
        NEAR_LIMIT,
        /** Handles are open while no task runs. */
        @JsonProperty("open")
        LEFT_OPEN,
        @JsonProperty("ok")
        OK
    }

    /** Uses of the API a second; see {@link Reading.Crossings}. */
    record Crossings(double answered, double deferred, double bulk, double upcalls) {}
}
