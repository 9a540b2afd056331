package org.hpyve.context;

/**
 * Table handles that are open, or were at close.
 *
 * @param type the name of the type of their objects
 * @param module the full name of the extension module in whose function they were opened; empty for further handles of
 *     a constant, such as {@code None}, of which nobody knows that
 * @param count how many
 */
public record OpenHandles(String type, String module, long count) {}
