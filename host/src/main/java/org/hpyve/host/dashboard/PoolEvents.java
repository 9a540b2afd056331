package org.hpyve.host.dashboard;

import java.util.Locale;
import org.hpyve.host.PoolListener;
import org.hpyve.host.RecycleReason;

/** Notes what becomes of a pool's interpreters. Any thread. */
final class PoolEvents implements PoolListener {

    private final Chronicle chronicle;
    private final Runnable whenClosed;

    /** @param whenClosed called when the pool is closed */
    PoolEvents(Chronicle chronicle, Runnable whenClosed) {
        this.chronicle = chronicle;
        this.whenClosed = whenClosed;
    }

    @Override
    public void recycled(String interpreter, RecycleReason reason) {
        chronicle.add(
                "recycled", interpreter, reason.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    @Override
    public void creationFailed(String interpreter, Throwable cause) {
        chronicle.add("killed", interpreter, "could not be made: " + cause.getMessage());
    }

    @Override
    public void taskTimedOut(String interpreter) {
        chronicle.add("killed", interpreter, "a task was stopped since its time was over");
    }

    @Override
    public void closed() {
        whenClosed.run();
    }
}
