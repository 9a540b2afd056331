/**
 * The Python side of an interpreter: everything of the host that touches Jython. Loaded once for all interpreters that
 * share a runtime, and once more for each that has its own; nothing else of the host may use it but by way of {@code
 * org.hpyve.host.boundary}.
 *
 * <p>Threads: used by the thread that runs the interpreter, but for counts.
 */
package org.hpyve.host.runtime;
