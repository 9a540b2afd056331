/**
 * What keeps interpreters apart that share one copy of Jython's classes: a system state that shares nothing writable,
 * and the few changes to Jython's own classes without which that cannot be had.
 *
 * <p>{@link org.hpyve.context.isolation.JythonPatches#apply} comes before anything else of Jython; each interpreter
 * then gets an {@link org.hpyve.context.isolation.IsolatedSystem}. Code here that Jython calls learns from
 * {@code Py.getSystemState()} for whom it works; where that is not one of ours, it does what stock Jython does.
 *
 * <p>Threads: what is said of no interpreter is shared by all, and safe to be used by any thread. What an interpreter
 * has of its own may be used by all of its threads.
 */
package org.hpyve.context.isolation;
