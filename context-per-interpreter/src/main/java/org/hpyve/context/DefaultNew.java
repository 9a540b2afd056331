package org.hpyve.context;

import java.util.Arrays;
import org.python.core.Py;
import org.python.core.PyNewWrapper;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * {@code __new__} of a type whose extension defines none: what the base makes, with a zeroed struct. Unlike the
 * {@code __new__} of a built-in type alone, it sees to the struct's end from the begin.
 */
final class DefaultNew extends PyNewWrapper {

    private static final long serialVersionUID = 1L;

    static final PyObject OBJECT_INIT = PyObject.TYPE.lookup("__init__");

    private final transient InterpreterContext context;
    private final transient OwnerType owner;
    private final transient HpyCallable callee;

    DefaultNew(InterpreterContext context, OwnerType owner) {
        super((PyType) null, "__new__", -1, -1);
        this.context = context;
        this.owner = owner;
        this.callee = HpyCallable.of(context.openers().calls(owner.module()), () -> owner.name() + ".__new__");
    }

    /** Not equal to that of another type, as Jython's own would say: they have no self that differs. */
    @Override
    public int __cmp__(PyObject other) {
        return other == this ? 0 : -2;
    }

    @Override
    public boolean equals(Object other) {
        return other == this;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length == keywords.length) {
            throw Py.TypeError(owner.name() + ".__new__(): not enough arguments");
        }
        owner.checkSubtype(args[0]);
        return new_impl(false, (PyType) args[0], Arrays.copyOfRange(args, 1, args.length), keywords);
    }

    /** As {@link #__call__(PyObject[], String[])}, with the class apart from the arguments. */
    @Override
    public PyObject new_impl(boolean init, PyType type, PyObject[] args, String[] keywords) {
        Blueprint known = context.instances().recent(type);
        if (known != null && isPlain(known) && (args.length == 0 || known.initialises())) {
            context.checkThread(callee);
            return context.instances().create(known);
        }
        owner.checkSubtype(type);
        HpyCallable outer = context.enter(callee);
        try {
            return create(type, args, keywords);
        } finally {
            context.leave(outer);
        }
    }

    /** With no base behind the owner but object there is no other {@code __new__} to ask. */
    private boolean isPlain(Blueprint blueprint) {
        PyObject[] bases = blueprint.bases();
        // Only a class of a metaclass is asked whether it is abstract.
        return bases[bases.length - 2] == owner.type()
                && blueprint.finalizer() == 0
                && blueprint.type().getClass() == PyType.class;
    }

    private static boolean isAbstract(PyType type) {
        return (type.getFlags().asLong() & Py.TPFLAGS_IS_ABSTRACT) != 0;
    }

    private PyObject create(PyType type, PyObject[] args, String[] keywords) {
        PyObject baseNew = baseNew(type);
        if (baseNew != null) {
            context.endings().run();
            PyObject[] all = new PyObject[args.length + 1];
            all[0] = type;
            System.arraycopy(args, 0, all, 1, args.length);
            PyObject object = baseNew.__call__(all, keywords);
            context.instances().stateOf(object);
            return object;
        }
        if (args.length > 0 && type.lookup("__init__") == OBJECT_INIT) {
            throw Py.TypeError(type.fastGetName() + "() takes no arguments");
        }
        if (isAbstract(type)) {
            // Says what is missing.
            return PyObject.TYPE.__getattr__("__new__").__call__(type);
        }
        return context.instances().create(type);
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
