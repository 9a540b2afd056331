package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyObject;

/** A method of a type that an extension made: binds itself to the instance that it is looked up on. */
final class MethodDescriptor extends Descriptor {

    private static final long serialVersionUID = 1L;

    private final transient NativeFunction function;

    MethodDescriptor(Definition.Method method, InterpreterContext context, OwnerType owner) {
        super("method", method.name(), method.doc(), context, owner);
        this.function = new NativeFunction(method, context, owner.name(), owner.module());
    }

    @Override
    PyObject get(PyObject instance) {
        return function.bind(instance);
    }

    /** The unbound method: self comes first. */
    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length == keywords.length) {
            throw Py.TypeError("descriptor '" + name() + "' of '" + owner.name() + "' object needs an argument");
        }
        owner.checkInstance(name(), args[0]);
        PyObject[] rest = new PyObject[args.length - 1];
        System.arraycopy(args, 1, rest, 0, rest.length);
        return get(args[0]).__call__(rest, keywords);
    }
}
