package org.hpyve.context;

import org.python.core.PyMethod;
import org.python.core.PyObject;
import org.python.core.ThreadState;

/** A special method bound to its instance; what Jython's own does with the state of the thread is not needed for C. */
final class BoundSlot extends PyMethod {

    private static final long serialVersionUID = 1L;

    private final transient SlotFunction function;
    private final PyObject self;

    BoundSlot(SlotFunction function, PyObject self, PyObject type) {
        super(function, self, type);
        this.function = function;
        this.self = self;
    }

    @Override
    public PyObject __call__() {
        return function.__call__(self);
    }

    @Override
    public PyObject __call__(ThreadState state) {
        return function.__call__(self);
    }

    @Override
    public PyObject __call__(PyObject arg) {
        return function.__call__(self, arg);
    }

    @Override
    public PyObject __call__(ThreadState state, PyObject arg) {
        return function.__call__(self, arg);
    }

    @Override
    public PyObject __call__(PyObject arg, PyObject other) {
        return function.__call__(self, arg, other);
    }

    @Override
    public PyObject __call__(ThreadState state, PyObject arg, PyObject other) {
        return function.__call__(self, arg, other);
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        return function.__call__(self, args, keywords);
    }

    @Override
    public PyObject __call__(ThreadState state, PyObject[] args, String[] keywords) {
        return function.__call__(self, args, keywords);
    }
}
