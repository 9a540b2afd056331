package org.hpyve.context;

import org.python.core.PyObject;
import org.python.core.PyObjectDerived;
import org.python.core.PyType;

/** An instance of a type of the object shape that an extension made. */
final class HpyInstance extends PyObjectDerived implements HpyObject {

    private static final long serialVersionUID = 1L;

    private final transient HpyType made;
    private final transient long data;
    private transient Fields fields;

    /** Of a class that is {@code made} or a subclass of it. */
    HpyInstance(PyType type, HpyType made, long data) {
        super(type);
        this.made = made;
        this.data = data;
    }

    /** The type whose struct it has; its class may have been changed since. */
    HpyType made() {
        return made;
    }

    @Override
    public long data() {
        return data;
    }

    @Override
    public int store(int index, PyObject value) {
        if (fields == null) {
            fields = new Fields();
        }
        return fields.store(index, value);
    }

    @Override
    public PyObject load(int index) {
        return fields == null ? new Fields().load(index) : fields.load(index);
    }
}
