package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;

/** What stands in the dict of a class that an extension made: a method, or an attribute that is computed or lies in C. */
abstract class Descriptor extends PyObject {

    private static final long serialVersionUID = 1L;

    final transient InterpreterContext context;
    final transient OwnerType owner;
    final transient HpyCallable callee;
    private final String kind;
    private final String name;
    private final String doc;

    /**
     * @param kind for messages, such as {@code method}
     * @param doc may be null
     */
    Descriptor(String kind, String name, String doc, InterpreterContext context, OwnerType owner) {
        this.kind = kind;
        this.name = name;
        this.doc = doc;
        this.context = context;
        this.owner = owner;
        this.callee = HpyCallable.of(context.openers().calls(owner.module()), () -> owner.name() + "." + name);
    }

    final String name() {
        return name;
    }

    /** Without this an instance gives the descriptor itself away: it is asked of the Java class by default. */
    @Override
    public final boolean implementsDescrGet() {
        return true;
    }

    @Override
    public final PyObject __get__(PyObject instance, PyObject type) {
        if (instance == null || instance == Py.None) {
            return this;
        }
        owner.checkInstance(name, instance);
        return get(instance);
    }

    /** The value for an instance of the owner. */
    abstract PyObject get(PyObject instance);

    @Override
    public final String toString() {
        return "<" + kind + " '" + name + "' of '" + owner.name() + "' objects>";
    }

    @Override
    public PyObject __findattr_ex__(String attribute) {
        return switch (attribute) {
            case "__name__" -> Py.newStringOrUnicode(name);
            case "__doc__" -> doc == null ? Py.None : Py.newStringOrUnicode(doc);
            case "__objclass__" -> owner.type();
            case "__get__" -> new Access(attribute, 1, 2);
            case "__set__" -> isDataDescr() ? new Access(attribute, 2, 2) : null;
            case "__delete__" -> isDataDescr() ? new Access(attribute, 1, 1) : null;
            default -> super.__findattr_ex__(attribute);
        };
    }

    /** The descriptor protocol as Python calls it. */
    private final class Access extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        private final int least;
        private final int most;

        Access(String name, int least, int most) {
            super(name, null);
            this.least = least;
            this.most = most;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (keywords.length > 0 || args.length < least || args.length > most) {
                throw Py.TypeError(info.getName() + "() called with " + args.length + " arguments");
            }
            if (info.getName().equals("__get__")) {
                return Descriptor.this.__get__(args[0], args.length > 1 ? args[1] : null);
            }
            if (info.getName().equals("__set__")) {
                Descriptor.this.__set__(args[0], args[1]);
            } else {
                Descriptor.this.__delete__(args[0]);
            }
            return Py.None;
        }
    }

    /** One that Python can also assign to. */
    abstract static class Data extends Descriptor {

        private static final long serialVersionUID = 1L;

        Data(String kind, String name, String doc, InterpreterContext context, OwnerType owner) {
            super(kind, name, doc, context, owner);
        }

        @Override
        public final boolean isDataDescr() {
            return true;
        }

        @Override
        public final boolean implementsDescrSet() {
            return true;
        }

        @Override
        public final boolean implementsDescrDelete() {
            return true;
        }

        @Override
        public final void __set__(PyObject instance, PyObject value) {
            owner.checkInstance(name(), instance);
            set(instance, value);
        }

        @Override
        public final void __delete__(PyObject instance) {
            owner.checkInstance(name(), instance);
            delete(instance);
        }

        abstract void set(PyObject instance, PyObject value);

        abstract void delete(PyObject instance);
    }
}
