package org.hpyve.context.isolation;

import org.python.core.Py;

/**
 * How the Java proxy of a Python class finds the classes that it mentions. Jython asks the loader of the Java class that
 * the Python class extends before its own; where the two see different copies of Jython, that would mix them.
 */
public final class ProxyLoaders {

    private ProxyLoaders() {}

    /** Null, which Jython ignores, for a loader that Jython's own asks anyway; others as they are. */
    public static ClassLoader parent(ClassLoader candidate) {
        for (ClassLoader loader = Py.class.getClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader == candidate) {
                return null;
            }
        }
        return candidate;
    }
}
