package org.hpyve.scheduler;

import java.util.Objects;

/** Describes a mailbox. For use by one thread at a time. */
public final class MailboxBuilder {

    private final Scheduler scheduler;
    private final String name;
    private final Resident resident;
    private MailboxLimits limits = MailboxLimits.NONE;

    MailboxBuilder(Scheduler scheduler, String name, Resident resident) {
        this.scheduler = scheduler;
        this.name = Objects.requireNonNull(name, "name");
        this.resident = Objects.requireNonNull(resident, "resident");
    }

    /** Sets what the mailbox holds and how long its tasks may take; {@link MailboxLimits#NONE} if not called. */
    public MailboxBuilder limits(MailboxLimits value) {
        limits = Objects.requireNonNull(value, "limits");
        return this;
    }

    /**
     * Opens the mailbox, runs its first task and waits for that.
     *
     * @param first makes what the resident is; no time limit holds for it
     * @throws E what the action throws, as the same object, likewise unchecked ones; the mailbox has then ended, and the
     *     resident was not closed
     * @throws InterruptedException if the caller was interrupted while it waited; the mailbox then closes itself as soon as
     *     the action is done
     */
    public <E extends Exception> Mailbox start(Action<?, ? extends E> first) throws E, InterruptedException {
        return scheduler.open(name, resident, limits).begin(first);
    }

    /** Opens the mailbox. */
    public Mailbox start() {
        return scheduler.open(name, resident, limits);
    }
}
