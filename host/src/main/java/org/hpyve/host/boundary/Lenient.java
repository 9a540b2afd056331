package org.hpyve.host.boundary;

/**
 * A value for Python in its Python form, and one that has none as the Java object that it is, as users of script engines
 * expect it.
 */
public record Lenient(Object value) {}
