package org.hpyve.scheduler;

/**
 * What lives in a {@link Mailbox}: its tasks may touch it, nothing else.
 *
 * <p>One thread at a time runs a mailbox. It calls {@link #enter} before and {@link #leave} after, so that what it has to
 * know of the resident can be put in place and away; in between come tasks, each between {@link #begin} and {@link #end}.
 * The three methods at the bottom are called by other threads.
 */
public interface Resident {

    /** This thread runs the mailbox from now on. Also called before the first task, which may make what lives here. */
    default void enter() {}

    /** This thread does not run the mailbox any more. What it did is seen by the thread that enters next. */
    default void leave() {}

    /** A task begins. */
    default void begin() {}

    /** The task is over. No request to stop or interrupt it comes after this; those that came are to be forgotten. */
    default void end() {}

    /** The last task is over: releases everything. Not called if the first task failed. */
    default void close() {}

    /**
     * The running task is to end. Called again every few milliseconds until it has.
     *
     * @param why for the task's code to see
     * @param insist false at first: the code may still clean up; true when it has not ended soon
     */
    default void stop(String why, boolean insist) {}

    /** The running task is to be interrupted, in a way that its code may handle. */
    default void interrupt() {}

    /**
     * The running task could not be stopped, and nobody waits for it any longer. Should it ever end, {@link #close} is
     * called then, on the thread that ran it.
     */
    default void abandoned(Stuck stuck) {}
}
