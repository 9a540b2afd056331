package org.hpyve.host;

import java.time.Duration;

/**
 * Learns what happens in a pool, as it happens; for metrics. Called by threads that others wait for: a method is to return
 * at once, and to use no interpreter. What it throws is logged.
 */
public interface PoolListener {

    /** A caller has got an interpreter. */
    default void acquired(Duration waited) {}

    /** A caller has waited as long as it wanted to, and has got none. */
    default void acquireTimedOut(Duration waited) {}

    /** A caller has got none since too many wait. */
    default void rejected() {}

    /** An interpreter has come back. */
    default void returned(Duration used) {}

    /** An interpreter is ready for its first use. */
    default void created(String interpreter, Duration took) {}

    /** An interpreter could not be made or warmed up. */
    default void creationFailed(String interpreter, Throwable cause) {}

    /** An interpreter is not used any more. */
    default void recycled(String interpreter, RecycleReason reason) {}

    /** A task was stopped since its time was over. */
    default void taskTimedOut(String interpreter) {}

    /** The pool is closed, and all its interpreters are. */
    default void closed() {}
}
