package org.hpyve.context;

import org.python.core.PyObjectDerived;
import org.python.core.PyType;

/**
 * An instance of a type of an extension that is laid out as {@code object} is. Those that inherit from another built-in
 * type are instances of its Java class, and carry their native state as a Jython attribute.
 */
final class HpyInstance extends PyObjectDerived {

    private static final long serialVersionUID = 1L;

    private final transient NativeState state;
    /** The class that the state was made for. */
    private final transient PyType original;

    HpyInstance(PyType type, NativeState state) {
        super(type);
        this.state = state;
        this.original = type;
    }

    NativeState state() {
        return state;
    }

    /** Has it still the class that it was made with? */
    boolean unchanged() {
        return getType() == original;
    }
}
