package org.hpyve.context;

/**
 * Open handles that calls of one function from one place have left.
 *
 * @param type the name of the type of their objects
 * @param module the full name of the extension module of the function
 * @param function module or type and name of the function, such as {@code m.f}
 * @param file of the Python code that called it, as in tracebacks; empty if none did
 * @param line in that file; 0 if there is none
 * @param count how many
 */
public record TracedLeak(String type, String module, String function, String file, int line, long count) {}
