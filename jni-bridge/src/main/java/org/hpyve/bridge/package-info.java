/**
 * The bridge between Java and HPy extensions: contexts, the handle table, calls in both directions, images.
 *
 * <p>This package knows C and the JVM, not Python: an object behind a handle is an {@code Object} here.
 *
 * <p>Threads: a context, its table and every down-call belong to the one thread that runs the interpreter. Only the
 * counters of {@link org.hpyve.bridge.NativeContext} may be read by others.
 */
package org.hpyve.bridge;
