package org.hpyve.context;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyDictionary;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyType;

/**
 * A Python class of one interpreter that is made of Java functions. Its instances are made by the host only: it cannot
 * be called from Python.
 *
 * @param <T> the Java class of its instances
 */
final class HostClass<T extends PyObject> {

    private final String name;
    private final Class<T> instances;
    private final PyDictionary attributes = new PyDictionary();

    HostClass(String module, String name, Class<T> instances) {
        this.name = name;
        this.instances = instances;
        put("__module__", new PyString(module));
        put("__slots__", new PyTuple());
        put("__new__", new NoNew(name));
    }

    HostClass<T> put(String attribute, PyObject value) {
        attributes.__setitem__(new PyString(attribute), value);
        return this;
    }

    /** An attribute that cannot be set: an instance has nowhere to put another. */
    HostClass<T> attribute(String attribute, Function<T, PyObject> value) {
        return put(attribute, new Attribute(attribute, value));
    }

    /** A method that takes so many positional arguments. */
    HostClass<T> method(String method, int least, int most, BiFunction<T, PyObject[], PyObject> body) {
        return put(method, new Method(method, least, most, body));
    }

    /** Must run with the interpreter's own system state current. */
    PyType make() {
        return (PyType) PyType.TYPE.__call__(new PyString(name), new PyTuple(PyObject.TYPE), attributes);
    }

    private T self(String attribute, PyObject object) {
        if (!instances.isInstance(object)) {
            throw Py.TypeError("descriptor '%s' requires a '%s' object but received a '%s'"
                    .formatted(attribute, name, Api.typeName(object)));
        }
        return instances.cast(object);
    }

    private static final class NoNew extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        private final String type;

        NoNew(String type) {
            super("__new__", null);
            this.type = type;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            throw Py.TypeError("cannot create '" + type + "' instances");
        }
    }

    private final class Attribute extends PyObject {

        private static final long serialVersionUID = 1L;

        private final String attribute;
        private final transient Function<T, PyObject> value;

        Attribute(String attribute, Function<T, PyObject> value) {
            this.attribute = attribute;
            this.value = value;
        }

        @Override
        public boolean implementsDescrGet() {
            return true;
        }

        @Override
        public PyObject __get__(PyObject instance, PyObject type) {
            return instance == null || instance == Py.None ? this : value.apply(self(attribute, instance));
        }

        @Override
        public String toString() {
            return "<attribute '" + attribute + "' of '" + name + "' objects>";
        }
    }

    private final class Method extends PyObject {

        private static final long serialVersionUID = 1L;

        private final String method;
        private final int least;
        private final int most;
        private final transient BiFunction<T, PyObject[], PyObject> body;

        Method(String method, int least, int most, BiFunction<T, PyObject[], PyObject> body) {
            this.method = method;
            this.least = least;
            this.most = most;
            this.body = body;
        }

        @Override
        public boolean implementsDescrGet() {
            return true;
        }

        @Override
        public PyObject __get__(PyObject instance, PyObject type) {
            return instance == null || instance == Py.None ? this : new Bound(self(method, instance), this);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (args.length == keywords.length) {
                throw Py.TypeError("descriptor '" + method + "' of '" + name + "' object needs an argument");
            }
            PyObject[] rest = new PyObject[args.length - 1];
            System.arraycopy(args, 1, rest, 0, rest.length);
            return __get__(args[0], null).__call__(rest, keywords);
        }

        @Override
        public String toString() {
            return "<method '" + method + "' of '" + name + "' objects>";
        }
    }

    private final class Bound extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        private final transient T self;
        private final transient Method of;

        Bound(T self, Method of) {
            super(of.method, null);
            this.self = self;
            this.of = of;
        }

        @Override
        public PyObject getSelf() {
            return self;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (keywords.length > 0) {
                throw Py.TypeError(of.method + "() takes no keyword arguments");
            }
            if (args.length < of.least || args.length > of.most) {
                String wanted = of.least == of.most ? String.valueOf(of.least) : of.least + " to " + of.most;
                throw Py.TypeError("%s() takes %s arguments (%d given)".formatted(of.method, wanted, args.length));
            }
            return of.body.apply(self, args);
        }
    }
}
