package org.hpyve.context;

import org.hpyve.bridge.Layout;
import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyType;

/** A Python object that carries a pointer of an extension. Its fields are native memory, which C reads and writes. */
final class PyCapsule extends PyObject {

    private static final long serialVersionUID = 1L;

    private final transient Capsules owner;
    private final transient long fields;

    PyCapsule(PyType type, Capsules owner, long fields) {
        super(type);
        this.owner = owner;
        this.fields = fields;
    }

    /** The class of one interpreter's capsules. */
    static PyType newClass() {
        return new HostClass<>("__builtin__", "PyCapsule", PyCapsule.class)
                .method("__repr__", 0, 0, (self, args) -> self.__repr__())
                .make();
    }

    /** The address of the fields, which only this owner may give to C. */
    long fields() {
        return fields;
    }

    Capsules owner() {
        return owner;
    }

    /** The name may be read only where and as long as the extension that owns it runs. */
    @Override
    public String toString() {
        String name = "";
        if (owner.canRead()) {
            String text = NativeMemory.string(NativeMemory.load(fields + Layout.CAPSULE_NAME, Long.BYTES));
            name = text == null ? "NULL " : "\"" + text + "\" ";
        }
        return "<capsule object " + name + "at " + Py.idstr(this) + ">";
    }
}
