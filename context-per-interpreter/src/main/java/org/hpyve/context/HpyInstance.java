package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PyObjectDerived;
import org.python.core.PyType;
import org.python.core.Visitproc;

/**
 * An instance of a type of an extension that is laid out as {@code object} is. Those that inherit from another built-in
 * type are instances of its Java class, and carry their native state as a Jython attribute.
 *
 * <p>Frequent operations that end in the extension go there directly: without a bound method, and with the class's
 * {@link Lookups}. What is overridden in Python goes Jython's own way.
 */
class HpyInstance extends PyObjectDerived {

    private static final long serialVersionUID = 1L;

    private final transient NativeState state;
    /** Of the class that the object had when it was last asked. */
    private transient Lookups lookups;

    HpyInstance(NativeState state) {
        super(state.blueprint().type());
        this.state = state;
        this.lookups = state.blueprint().lookups();
    }

    /** What {@code gc.get_referents} shows: the objects of its fields, and what a subclass in Python adds. */
    @Override
    public int traverseDerived(Visitproc visit, Object arg) {
        int result = state.traverse(visit, arg);
        return result != 0 || getType() == state.made().type() ? result : super.traverseDerived(visit, arg);
    }

    final NativeState state() {
        return state;
    }

    /** Has it still the class that it was made with, and that its bases? */
    final boolean unchanged() {
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

    private Lookups lookups() {
        Lookups current = lookups;
        PyType type = getType();
        if (current.type() != type) {
            current = Lookups.of(type);
            lookups = current;
        }
        return current;
    }

    /** The slot behind a special method; null if there is none, or if it is overridden in Python. */
    private SlotFunction slot(String name) {
        return lookups().value(name) instanceof SlotFunction slot && slot.binds() ? slot : null;
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        Lookups.Found found = lookups().find(name);
        if (found.readPlainly() && found.value() instanceof Descriptor descriptor) {
            PyObject dict;
            if (descriptor.isDataDescr() || (dict = fastGetDict()) == null || dict.__finditem__(name) == null) {
                return descriptor.__get__(this, getType());
            }
        }
        return super.__findattr_ex__(name);
    }

    @Override
    public void __setattr__(String name, PyObject value) {
        Lookups.Found found = lookups().find(name);
        if (found.writtenPlainly() && found.value() instanceof Descriptor.Data descriptor) {
            descriptor.__set__(this, value);
        } else {
            super.__setattr__(name, value);
        }
    }

    @Override
    public int __len__() {
        SlotFunction slot = slot("__len__");
        return slot == null ? super.__len__() : slot.__call__(this).asInt();
    }

    @Override
    public boolean __nonzero__() {
        SlotFunction slot = slot("__nonzero__");
        return slot == null ? super.__nonzero__() : slot.__call__(this).__nonzero__();
    }

    @Override
    public boolean __contains__(PyObject item) {
        SlotFunction slot = slot("__contains__");
        return slot == null
                ? super.__contains__(item)
                : slot.__call__(this, item).__nonzero__();
    }

    @Override
    public PyObject __getitem__(PyObject key) {
        SlotFunction slot = slot("__getitem__");
        return slot == null ? super.__getitem__(key) : slot.__call__(this, key);
    }

    @Override
    public PyObject __finditem__(PyObject key) {
        SlotFunction slot = slot("__getitem__");
        if (slot == null) {
            return super.__finditem__(key);
        }
        try {
            return slot.__call__(this, key);
        } catch (PyException exception) {
            if (exception.match(Py.LookupError)) {
                return null;
            }
            throw exception;
        }
    }

    @Override
    public PyObject __finditem__(int key) {
        return slot("__getitem__") == null ? super.__finditem__(key) : __finditem__(Py.newInteger(key));
    }

    @Override
    public void __setitem__(PyObject key, PyObject value) {
        SlotFunction slot = slot("__setitem__");
        if (slot == null) {
            super.__setitem__(key, value);
        } else {
            slot.__call__(this, key, value);
        }
    }

    @Override
    public void __delitem__(PyObject key) {
        SlotFunction slot = slot("__delitem__");
        if (slot == null) {
            super.__delitem__(key);
        } else {
            slot.__call__(this, key);
        }
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        SlotFunction slot = slot("__call__");
        return slot == null ? super.__call__(args, keywords) : slot.__call__(this, args, keywords);
    }

    @Override
    public void dispatch__init__(PyObject[] args, String[] keywords) {
        PyObject init = lookups().value("__init__");
        // A class that inherits from a Java class has more to do.
        if (getType().getProxyType() != null) {
            super.dispatch__init__(args, keywords);
        } else if (init instanceof SlotFunction slot && slot.binds()) {
            checkNone(slot.__call__(this, args, keywords));
        } else if (init != DefaultNew.OBJECT_INIT) {
            // That of object takes anything and does nothing.
            super.dispatch__init__(args, keywords);
        }
    }

    private static void checkNone(PyObject result) {
        if (result != Py.None) {
            throw Py.TypeError("__init__() should return None, not '%s'".formatted(Api.typeName(result)));
        }
    }
}
