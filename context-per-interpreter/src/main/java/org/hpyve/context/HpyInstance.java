package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyObjectDerived;
import org.python.core.PyType;
import org.python.core.Visitproc;

/**
 * An instance of a type of an extension that is laid out as {@code object} is. Those that inherit from another built-in
 * type are instances of its Java class, and carry their native state as a Jython attribute.
 */
class HpyInstance extends PyObjectDerived {

    private static final long serialVersionUID = 1L;

    private final transient NativeState state;

    HpyInstance(PyType type, NativeState state) {
        super(type);
        this.state = state;
    }

    /** What {@code gc.get_referents} shows: the objects of its fields, and what a subclass in Python adds. */
    @Override
    public int traverseDerived(Visitproc visit, Object arg) {
        int result = state.traverse(visit, arg);
        return result != 0 || getType() == state.made().type() ? result : super.traverseDerived(visit, arg);
    }

    NativeState state() {
        return state;
    }

    /** Has it still the class that it was made with, and that its bases? */
    boolean unchanged() {
        return state.isFor(getType());
    }

    /** As Python's own: Jython would call the None that a class without a hash has in its place. */
    @Override
    public int hashCode() {
        if (getType().lookup("__hash__") == Py.None) {
            throw Py.TypeError("unhashable type: '" + getType().fastGetName() + "'");
        }
        return super.hashCode();
    }
}
