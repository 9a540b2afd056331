package org.hpyve.context;

import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyObject;

/** A method of a type that an extension made: binds itself to the instance that it is looked up on. */
final class MethodDescriptor extends PyObject {

    private static final long serialVersionUID = 1L;

    private final transient Definition.Method method;
    private final transient InterpreterContext context;
    private final String typeName;

    MethodDescriptor(Definition.Method method, InterpreterContext context, String typeName) {
        this.method = method;
        this.context = context;
        this.typeName = typeName;
    }

    @Override
    public PyObject __get__(PyObject instance, PyObject type) {
        return instance == null || instance == Py.None ? this : bind(instance);
    }

    /** The unbound method: self comes first. */
    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length == keywords.length) {
            throw Py.TypeError("descriptor '" + method.name() + "' of '" + typeName + "' object needs an argument");
        }
        PyObject[] rest = new PyObject[args.length - 1];
        System.arraycopy(args, 1, rest, 0, rest.length);
        return bind(args[0]).__call__(rest, keywords);
    }

    private PyObject bind(PyObject instance) {
        return HpyFunction.of(method, context, typeName, instance, Handles.NULL);
    }

    @Override
    public String toString() {
        return "<method '" + method.name() + "' of '" + typeName + "' objects>";
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
