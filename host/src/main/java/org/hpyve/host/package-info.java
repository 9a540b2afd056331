/**
 * The public API: a host of many isolated Python interpreters, and the interpreters.
 *
 * <p>Threads: an {@link org.hpyve.host.Interpreter} may be used from any thread. Its work is done by the one thread that
 * owns it, in the order in which it was asked for; interpreters share no lock.
 */
package org.hpyve.host;
