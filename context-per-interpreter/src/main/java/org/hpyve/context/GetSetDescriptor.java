package org.hpyve.context;

import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyObject;

/** An attribute of a type that an extension made, read and written by C functions. */
final class GetSetDescriptor extends Descriptor.Data {

    private static final long serialVersionUID = 1L;

    private final transient Definition.GetSet getSet;

    GetSetDescriptor(Definition.GetSet getSet, InterpreterContext context, OwnerType owner) {
        super("attribute", getSet.name(), getSet.doc(), context, owner);
        this.getSet = getSet;
    }

    @Override
    PyObject get(PyObject instance) {
        if (getSet.getter() == 0) {
            throw Py.AttributeError("attribute '" + name() + "' of '" + owner.name() + "' objects is not readable");
        }
        HpyCallable outer = context.enter(callee);
        long self = Handles.NULL;
        boolean intact;
        PyObject value;
        try {
            self = context.self(instance);
            value = context.complete(
                    callee, DownCalls.getter(context.address(), getSet.getter(), self, getSet.closure()));
        } finally {
            intact = context.releaseArgument(self);
            context.leave(outer);
        }
        context.checkArguments(callee, intact);
        return value;
    }

    @Override
    void delete(PyObject instance) {
        set(instance, null);
    }

    /** {@code value} is null for a deletion. */
    @Override
    void set(PyObject instance, PyObject value) {
        if (getSet.setter() == 0) {
            throw Py.AttributeError("attribute '" + name() + "' of '" + owner.name() + "' objects is not writable");
        }
        HpyCallable outer = context.enter(callee);
        long self = Handles.NULL;
        long handle = Handles.NULL;
        boolean intact;
        try {
            self = context.self(instance);
            handle = value == null ? Handles.NULL : context.argument(callee, value);
            int status = DownCalls.setter(context.address(), getSet.setter(), self, handle, getSet.closure());
            context.completeNumber(callee, status != 0);
        } finally {
            intact = context.releaseArguments(handle, self);
            context.leave(outer);
        }
        context.checkArguments(callee, intact);
    }
}
