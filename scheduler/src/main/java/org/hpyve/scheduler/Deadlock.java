package org.hpyve.scheduler;

/** A task would wait for a mailbox whose task waits, maybe by way of others, for the mailbox that this task runs in. */
public final class Deadlock extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    Deadlock(String message) {
        super(message);
    }
}
