package org.hpyve.host.boundary;

import java.util.List;

/** Steps that are all done, whatever one of them throws. */
public final class Cleanup {

    private Cleanup() {}

    /** Runs every step. The first failure is thrown at the end, the others are suppressed in it. */
    public static void runAll(List<Runnable> steps) {
        Throwable failure = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }
}
