package org.hpyve.context;

import org.python.core.PyObject;
import org.python.core.PyType;
import org.python.core.Visitproc;

/** The native side of one object whose class was made by an extension, or inherits from such a class. */
final class NativeState {

    private final Blueprint blueprint;
    private final long data;
    /** Keeps the memory of the struct. */
    private final Pool.Chunk chunk;

    /** Brings the object to {@code tp_finalize} when it is dead; null if there is no such slot. */
    private Structs.Finalizer finalizer;

    private Fields fields;
    private long callFunction;

    NativeState(Blueprint blueprint, long data, Pool.Chunk chunk) {
        this.blueprint = blueprint;
        this.data = data;
        this.chunk = chunk;
    }

    /** How the object was made. */
    Blueprint blueprint() {
        return blueprint;
    }

    /** Has a class the bases that the object's class had? It may be another class now, or have other bases. */
    boolean isFor(PyType type) {
        return HpyType.bases(type) == blueprint.bases();
    }

    /** The type whose struct it is; the object's class may have been changed since. */
    HpyType made() {
        return blueprint.made();
    }

    /** The address of the C struct; 0 if the type has none. */
    long data() {
        return data;
    }

    Pool.Chunk chunk() {
        return chunk;
    }

    void finalizer(Structs.Finalizer value) {
        finalizer = value;
    }

    Structs.Finalizer finalizer() {
        return finalizer;
    }

    /** The call function that {@code HPy_SetCallFunction} gave the object; 0 if it has none of its own. */
    long callFunction() {
        return callFunction;
    }

    void callFunction(long impl) {
        callFunction = impl;
    }

    /**
     * Stores into a field.
     *
     * @param index what the field holds now; 0 if it is empty
     * @param value null empties the field
     * @return what the field holds from now on
     */
    int store(int index, PyObject value) {
        if (fields == null) {
            fields = new Fields();
        }
        int stored = fields.store(index, value);
        int more = Integer.signum(stored) - Integer.signum(index);
        if (more != 0 && chunk != null) {
            chunk.countFields(more);
        }
        return stored;
    }

    /** As {@link org.python.core.Traverseproc#traverse}. */
    int traverse(Visitproc visit, Object arg) {
        return fields == null ? 0 : fields.traverse(visit, arg);
    }

    /** The object in a field; null if it is empty. */
    PyObject load(int index) {
        return fields == null ? new Fields().load(index) : fields.load(index);
    }
}
