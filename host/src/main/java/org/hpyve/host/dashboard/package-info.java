/**
 * A page that shows the interpreters of a host while they run, with what feeds it, over HTTP.
 *
 * <p>Threads: one looks at all interpreters once a second, however many browsers there are, and waits for none of them. Two
 * serve connections, without blocking, and a few more what may take a moment. Nothing here runs in an interpreter's
 * thread, except for the list of open handles, which somebody has to ask for.
 */
package org.hpyve.host.dashboard;
