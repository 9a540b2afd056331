/**
 * The meaning of HPy on Jython objects: one class for each family of the API, functions and types of extensions, and
 * the loading of extension modules.
 *
 * <p>Threads: an {@link org.hpyve.context.InterpreterContext} and everything that it gives out belong to one
 * interpreter. This package starts no thread; its host sees to it that one thread at a time runs an interpreter.
 */
package org.hpyve.context;
