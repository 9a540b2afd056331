package org.hpyve.context;

import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyObject;

/** An attribute of a type that an extension made, read and written by C functions. */
final class GetSetDescriptor extends PyObject implements HpyCallable {

    private static final long serialVersionUID = 1L;

    private final transient Definition.GetSet getSet;
    private final transient InterpreterContext context;
    private final transient OwnerType owner;

    GetSetDescriptor(Definition.GetSet getSet, InterpreterContext context, OwnerType owner) {
        this.getSet = getSet;
        this.context = context;
        this.owner = owner;
    }

    @Override
    public String qualifiedName() {
        return owner.name() + "." + getSet.name();
    }

    /** Without this an instance gives the descriptor itself away: it is asked of the Java class by default. */
    @Override
    public boolean implementsDescrGet() {
        return true;
    }

    @Override
    public boolean isDataDescr() {
        return true;
    }

    @Override
    public boolean implementsDescrSet() {
        return true;
    }

    @Override
    public boolean implementsDescrDelete() {
        return true;
    }

    @Override
    public PyObject __get__(PyObject instance, PyObject type) {
        if (instance == null || instance == Py.None) {
            return this;
        }
        if (getSet.getter() == 0) {
            throw Py.AttributeError(
                    "attribute '" + getSet.name() + "' of '" + owner.name() + "' objects is not readable");
        }
        owner.checkInstance(getSet.name(), instance);
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
    public void __set__(PyObject instance, PyObject value) {
        set(instance, value);
    }

    @Override
    public void __delete__(PyObject instance) {
        set(instance, null);
    }

    private void set(PyObject instance, PyObject value) {
        if (getSet.setter() == 0) {
            throw Py.AttributeError(
                    "attribute '" + getSet.name() + "' of '" + owner.name() + "' objects is not writable");
        }
        owner.checkInstance(getSet.name(), instance);
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

    @Override
    public String toString() {
        return "<attribute '" + getSet.name() + "' of '" + owner.name() + "' objects>";
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        return switch (name) {
            case "__name__" -> Py.newStringOrUnicode(getSet.name());
            case "__doc__" -> getSet.doc() == null ? Py.None : Py.newStringOrUnicode(getSet.doc());
            default -> super.__findattr_ex__(name);
        };
    }
}
