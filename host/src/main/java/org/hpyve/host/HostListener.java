package org.hpyve.host;

import org.hpyve.scheduler.Stuck;

/**
 * Learns what becomes of the interpreters of a host, as it happens. Called by threads that others wait for: a method is to
 * return at once, and to run nothing in an interpreter. What it throws is logged.
 *
 * <p>For each interpreter {@link #created} comes first, and either {@link #closed} or {@link #abandoned} last. After that
 * its {@link Interpreter#slot} may be another's.
 */
public interface HostListener {

    /** An interpreter is ready for its first use. */
    default void created(Interpreter interpreter) {}

    /** An interpreter is loading an extension module for the first time; by the thread that runs it. */
    default void extensionLoading(Interpreter interpreter, String module) {}

    /** An interpreter is closed, and its extensions have left handles open. Comes right before {@link #closed}. */
    default void leaked(Interpreter interpreter, long handles) {}

    /** An interpreter is closed. {@link Interpreter#stats} still gives its last counts. */
    default void closed(Interpreter interpreter, CloseReport report) {}

    /** An interpreter is given up, since its code could not be stopped. */
    default void abandoned(Interpreter interpreter, Stuck reason) {}
}
