package org.hpyve.host;

/**
 * A Java object that Python code is to see as it is, with its methods and fields as Jython shows them, and not as a value:
 * {@code python.set("service", new JavaObject(service))}. Its code then runs on the interpreter's thread.
 *
 * @param value the object; comes back as itself when it leaves the interpreter
 */
public record JavaObject(Object value) {}
