package org.hpyve.scheduler;

/** How the code of a task has ended. */
public enum TaskOutcome {
    /** It came to its end. */
    RETURNED,
    /** It threw something. */
    THREW,
    /** It was told to stop: it was cancelled, or its time was over. */
    STOPPED
}
