package org.hpyve.host;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** A caller that wants an interpreter. Completed once: with a member that is then the caller's, or with why it gets none. */
final class PoolWaiter extends CompletableFuture<PoolMember> {

    private final long since = System.nanoTime();

    /** Its place in the line; guarded by {@link PoolState}. */
    long ticket;

    /** Ends the wait when it has taken too long; may be null. */
    private volatile Future<?> alarm;

    long waited() {
        return System.nanoTime() - since;
    }

    void setAlarm(Future<?> value) {
        alarm = value;
        if (isDone()) {
            endAlarm();
        }
    }

    void endAlarm() {
        Future<?> current = alarm;
        if (current != null) {
            boolean unused = current.cancel(false);
        }
    }
}
