package org.hpyve.scheduler;

/** A queue is closed: nothing can be put into it, or nothing is left in it. */
public final class ClosedQueueException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    ClosedQueueException() {
        super("the queue is closed");
    }
}
