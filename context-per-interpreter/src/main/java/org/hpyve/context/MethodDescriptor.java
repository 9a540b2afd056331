package org.hpyve.context;

import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyObject;

/** A method of a type that an extension made: binds itself to the instance that it is looked up on. */
final class MethodDescriptor extends PyObject {

    private static final long serialVersionUID = 1L;

    private final transient Definition.Method method;
    private final transient InterpreterContext context;
    private final transient OwnerType owner;

    MethodDescriptor(Definition.Method method, InterpreterContext context, OwnerType owner) {
        this.method = method;
        this.context = context;
        this.owner = owner;
    }

    /** Without this an instance gives the descriptor itself away: it is asked of the Java class by default. */
    @Override
    public boolean implementsDescrGet() {
        return true;
    }

    @Override
    public PyObject __get__(PyObject instance, PyObject type) {
        return instance == null || instance == Py.None ? this : bind(instance);
    }

    /** The unbound method: self comes first. */
    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length == keywords.length) {
            throw Py.TypeError("descriptor '" + method.name() + "' of '" + owner.name() + "' object needs an argument");
        }
        PyObject[] rest = new PyObject[args.length - 1];
        System.arraycopy(args, 1, rest, 0, rest.length);
        return bind(args[0]).__call__(rest, keywords);
    }

    private PyObject bind(PyObject instance) {
        owner.checkInstance(method.name(), instance);
        return HpyFunction.of(method, context, owner.name(), instance, Handles.NULL);
    }

    @Override
    public String toString() {
        return "<method '" + method.name() + "' of '" + owner.name() + "' objects>";
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        return switch (name) {
            case "__name__" -> Py.newStringOrUnicode(method.name());
            case "__doc__" -> method.doc() == null ? Py.None : Py.newStringOrUnicode(method.doc());
            default -> super.__findattr_ex__(name);
        };
    }
}
