package org.hpyve.scheduler;

import java.util.concurrent.RejectedExecutionException;

/** A task was not accepted, since as many as the mailbox may hold wait in it. */
public final class MailboxFull extends RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    MailboxFull(String message) {
        super(message);
    }
}
