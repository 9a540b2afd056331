package org.hpyve.host.dashboard;

/**
 * Something that became of an interpreter.
 *
 * @param serial counts up
 * @param time in milliseconds since 1970
 * @param kind {@code created}, {@code closed}, {@code recycled}, {@code killed}, {@code leaked}, or {@code operator} for
 *     what was asked for on the page
 * @param interpreter its name
 * @param text what else there is to say; may be empty
 */
record Happening(long serial, long time, String kind, String interpreter, String text) {}
