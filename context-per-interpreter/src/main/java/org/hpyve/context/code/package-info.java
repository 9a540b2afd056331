/**
 * Python code that all interpreters of the process share: each module is compiled and loaded once, and an interpreter
 * that imports it only runs its body. What is shared is immutable: Jython's code objects.
 *
 * <p>{@link org.hpyve.context.code.SharedImports} is the way in. {@link org.hpyve.context.code.SharedCode} is the cache
 * of the process; all else belongs to one interpreter.
 *
 * <p>Threads: any thread may use the cache. No lock is held while code is compiled or run.
 */
package org.hpyve.context.code;
