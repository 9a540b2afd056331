package org.hpyve.context;

import java.util.Arrays;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * {@code __new__} of a type whose extension defines none: what the base makes, with a zeroed struct. Unlike the
 * {@code __new__} of a built-in type alone, it sees to the struct's end from the begin.
 */
final class DefaultNew extends PyBuiltinFunction implements HpyCallable {

    private static final long serialVersionUID = 1L;

    private final transient InterpreterContext context;
    private final transient OwnerType owner;

    DefaultNew(InterpreterContext context, OwnerType owner) {
        super("__new__", null);
        this.context = context;
        this.owner = owner;
    }

    @Override
    public String qualifiedName() {
        return owner.name() + ".__new__";
    }

    @Override
    public int module() {
        return owner.module();
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length == keywords.length) {
            throw Py.TypeError(owner.name() + ".__new__(): not enough arguments");
        }
        owner.checkSubtype(args[0]);
        PyType type = (PyType) args[0];
        HpyCallable outer = context.enter(this);
        try {
            PyObject baseNew = baseNew(type);
            if (baseNew != null) {
                PyObject object = baseNew.__call__(args, keywords);
                context.instances().stateOf(object);
                return object;
            }
            if (args.length > 1 && type.lookup("__init__") == PyObject.TYPE.lookup("__init__")) {
                throw Py.TypeError(type.fastGetName() + "() takes no arguments");
            }
            return context.instances().create(type);
        } finally {
            context.leave(outer);
        }
    }

    /** The next {@code __new__} behind the owner's among the bases; null if it is that of {@code object}. */
    private PyObject baseNew(PyType type) {
        PyObject[] mro = type.getMro().getArray();
        int at = Arrays.asList(mro).indexOf(owner.type());
        for (int i = at + 1; i < mro.length; i++) {
            if (mro[i] == PyObject.TYPE) {
                return null;
            }
            PyObject found = mro[i] instanceof PyType base && base.fastGetDict() != null
                    ? base.fastGetDict().__finditem__("__new__")
                    : null;
            if (found != null) {
                return found.__get__(null, mro[i]);
            }
        }
        return null;
    }
}
