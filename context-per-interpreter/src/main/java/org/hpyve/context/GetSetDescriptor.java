package org.hpyve.context;

import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyObject;

/** An attribute of a type that an extension made, read and written by C functions. */
final class GetSetDescriptor extends Descriptor.Data implements HpyCallable {

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
        HpyCallable outer = context.enter(this);
        long self = Handles.NULL;
        try {
            self = context.handle(instance);
            long result = DownCalls.getter(context.bridge().address(), getSet.getter(), self, getSet.closure());
            PyObject value = context.complete(this, result);
            context.checkArguments(this, context.isOpen(self));
            return value;
        } finally {
            context.close(self);
            context.leave(outer);
        }
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
        HpyCallable outer = context.enter(this);
        long self = Handles.NULL;
        long handle = Handles.NULL;
        try {
            self = context.handle(instance);
            handle = value == null ? Handles.NULL : context.handle(value);
            int status = DownCalls.setter(context.bridge().address(), getSet.setter(), self, handle, getSet.closure());
            context.completeNumber(this, status != 0);
            if (!context.isOpen(self) || !context.isOpen(handle)) {
                throw context.systemError(this, "closed the handle of one of its arguments");
            }
        } finally {
            context.close(handle);
            context.close(self);
            context.leave(outer);
        }
    }
}
