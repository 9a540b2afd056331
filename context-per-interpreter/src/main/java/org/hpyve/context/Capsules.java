package org.hpyve.context;

import java.util.ArrayList;
import org.eclipse.collections.impl.set.mutable.UnifiedSet;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * The fields of living capsules. A capsule's destructor is called once, on the interpreter's own thread: when an
 * outermost call begins, or another capsule is made, after the collector found the capsule dead; else at close.
 */
final class Capsules {

    private final class Fields extends Endings.Ending {
        final long address;

        Fields(PyObject capsule, long address) {
            super(capsule, context.endings());
            this.address = address;
        }

        @Override
        public void run() {
            living.remove(this);
            context.bridge().destroyCapsule(address);
        }
    }

    private final InterpreterContext context;
    private final UnifiedSet<Fields> living = new UnifiedSet<>();
    private volatile boolean closed;

    Capsules(InterpreterContext context) {
        this.context = context;
    }

    /** A new capsule with these fields, and a handle of it. If this throws, the fields are still the caller's. */
    long open(long address) {
        PyCapsule capsule = new PyCapsule((PyType) context.constants().get("CapsuleType"), this, address);
        Fields fields = new Fields(capsule, address);
        living.add(fields);
        long handle = 0;
        try {
            handle = context.handle(capsule);
        } finally {
            if (handle == 0) {
                living.remove(fields);
                fields.clear();
            }
        }
        return handle;
    }

    /** The address of a capsule's fields; 0 for a capsule of another interpreter, which is none here. */
    long fieldsOf(PyCapsule capsule) {
        return capsule.owner() == this ? capsule.fields() : 0;
    }

    /** May the fields be read by this thread now? */
    boolean canRead() {
        return !closed && context.isHere();
    }

    /** Destroys all capsules, also those that somebody still holds. */
    void close() {
        closed = true;
        new ArrayList<>(living).forEach(Fields::run);
    }
}
