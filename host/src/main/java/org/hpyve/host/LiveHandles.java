package org.hpyve.host;

/**
 * Open handles of one interpreter that are alike.
 *
 * @param type the name of the objects' type, such as {@code list}
 * @param module the full name of the extension module whose code opened them; empty for further handles of a constant,
 *     such as {@code None}, of which nobody knows that
 * @param count how many
 */
public record LiveHandles(String type, String module, long count) {}
