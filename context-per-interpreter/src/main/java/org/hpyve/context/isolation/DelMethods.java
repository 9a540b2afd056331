package org.hpyve.context.isolation;

import org.python.core.PyType;

/** {@code __del__} of classes. Jython searches all bases of a class for it whenever an instance is made. Any thread. */
public final class DelMethods {

    private DelMethods() {}

    /** In the place of {@code PyType.needsFinalizer}: the same by a lookup that is remembered. */
    public static boolean defined(PyType type) {
        return type.lookup("__del__") != null;
    }
}
