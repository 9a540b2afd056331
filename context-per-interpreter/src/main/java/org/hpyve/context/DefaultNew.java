package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;
import org.python.core.PyType;

/** {@code __new__} of a type whose extension defines none: an instance with a zeroed struct. */
final class DefaultNew extends PyBuiltinFunction implements HpyCallable {

    private static final long serialVersionUID = 1L;

    private final transient TypeApi api;
    private final transient OwnerType owner;

    DefaultNew(TypeApi api, OwnerType owner) {
        super("__new__", null);
        this.api = api;
        this.owner = owner;
    }

    @Override
    public String qualifiedName() {
        return owner.name() + ".__new__";
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length == keywords.length) {
            throw Py.TypeError(owner.name() + ".__new__(): not enough arguments");
        }
        owner.checkSubtype(args[0]);
        PyType type = (PyType) args[0];
        if (args.length > 1 && type.lookup("__init__") == PyObject.TYPE.lookup("__init__")) {
            throw Py.TypeError(type.fastGetName() + "() takes no arguments");
        }
        HpyCallable outer = api.context.enter(this);
        try {
            return api.newInstance(type);
        } finally {
            api.context.leave(outer);
        }
    }
}
