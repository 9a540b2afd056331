package org.hpyve.scheduler;

/**
 * A task took longer than it may: it did not begin in time, was stopped, or could not be stopped. The message says which.
 * What the task itself threw when it was stopped is the cause.
 */
public final class TaskTimeout extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says which task, and what it did. */
    public TaskTimeout(String message) {
        super(message);
    }

    /** None at first: the stack of the thread that watches tells nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
