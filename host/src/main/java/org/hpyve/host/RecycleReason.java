package org.hpyve.host;

/** Why a pool has closed an interpreter and does not use it again. */
public enum RecycleReason {
    /** It was used as often as it may be. */
    USES,
    /** It is too old. */
    AGE,
    /** It was idle for long, and there are others. */
    IDLE,
    /** Extensions left handles open. */
    HANDLES,
    /** Extensions hold much native memory. */
    NATIVE_MEMORY,
    /** A task was stopped since its time was over, and the pool is to keep no interpreter after that. */
    TIMEOUT,
    /** Its health check failed. */
    UNHEALTHY,
    /** Its tasks went on after it was returned, although they were told to stop. */
    BUSY,
    /** Its code could not be stopped; it is given up, and its thread with it. */
    STUCK,
    /** Whoever had it asked for that. */
    DISCARDED,
    /** Somebody else has closed it. */
    CLOSED
}
