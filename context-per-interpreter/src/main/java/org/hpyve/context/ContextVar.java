package org.hpyve.context;

import java.util.Map;
import java.util.function.Supplier;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PyType;

/** A context variable, as the module {@code contextvars} of Python 3 has it. */
final class ContextVar extends PyObject {

    private static final long serialVersionUID = 1L;

    /** What the variables of one interpreter share: their classes, and the values of the current thread. */
    static final class Classes {

        final Supplier<Map<ContextVar, PyObject>> values;
        final PyObject missing;
        final PyType token;
        final PyType variable;

        /** Must run with the interpreter's own system state current. */
        Classes(Supplier<Map<ContextVar, PyObject>> values) {
            this.values = values;
            missing = new Missing(new HostClass<>("contextvars", "TokenMissing", Missing.class)
                    .method("__repr__", 0, 0, (self, args) -> self.__repr__())
                    .make());
            token = new HostClass<>("contextvars", "Token", Token.class)
                    .attribute("var", self -> self.variable)
                    .attribute("old_value", self -> self.old == null ? missing : self.old)
                    .put("MISSING", missing)
                    .method("__repr__", 0, 0, (self, args) -> self.__repr__())
                    .make();
            variable = new HostClass<>("contextvars", "ContextVar", ContextVar.class)
                    .attribute("name", self -> self.name)
                    .method("get", 0, 1, ContextVar::get)
                    .method("set", 1, 1, (self, args) -> self.set(args[0]))
                    .method("reset", 1, 1, (self, args) -> self.reset(args[0]))
                    .method("__repr__", 0, 0, (self, args) -> self.__repr__())
                    .make();
        }
    }

    private static final class Missing extends PyObject {

        private static final long serialVersionUID = 1L;

        Missing(PyType type) {
            super(type);
        }

        @Override
        public String toString() {
            return "<Token.MISSING>";
        }
    }

    /** What a variable was before it was set. */
    private static final class Token extends PyObject {

        private static final long serialVersionUID = 1L;

        final ContextVar variable;
        /** Null if it had no value. */
        final PyObject old;
        /** The values of the thread that it was set in. */
        final transient Map<ContextVar, PyObject> values;

        boolean used;

        Token(ContextVar variable, PyObject old) {
            super(variable.classes.token);
            this.variable = variable;
            this.old = old;
            this.values = variable.classes.values.get();
        }

        @Override
        public String toString() {
            return "<Token" + (used ? " used" : "") + " var=" + variable + " at " + Py.idstr(this) + ">";
        }
    }

    private final transient Classes classes;
    private final PyObject name;
    /** Null if there is none. */
    private final PyObject initial;

    ContextVar(Classes classes, PyObject name, PyObject initial) {
        super(classes.variable);
        this.classes = classes;
        this.name = name;
        this.initial = initial;
    }

    /** The value; without one {@code other} if it is not null, else the variable's own default, else null. */
    PyObject find(PyObject other) {
        PyObject value = classes.values.get().get(this);
        if (value != null) {
            return value;
        }
        return other != null ? other : initial;
    }

    private PyObject get(PyObject[] args) {
        PyObject value = find(args.length == 0 ? null : args[0]);
        if (value == null) {
            throw new PyException(Py.LookupError, this);
        }
        return value;
    }

    /** A token that undoes it. */
    PyObject set(PyObject value) {
        Token token = new Token(this, classes.values.get().get(this));
        token.values.put(this, value);
        return token;
    }

    private PyObject reset(PyObject argument) {
        if (!(argument instanceof Token token)) {
            throw Py.TypeError("expected an instance of Token, got " + argument.__repr__());
        }
        if (token.used) {
            throw Py.RuntimeError(token + " has already been used once");
        }
        if (token.variable != this) {
            throw Py.ValueError(token + " was created by a different ContextVar");
        }
        if (token.values != classes.values.get()) {
            throw Py.ValueError(token + " was created in a different Context");
        }
        token.used = true;
        if (token.old == null) {
            token.values.remove(this);
        } else {
            token.values.put(this, token.old);
        }
        return Py.None;
    }

    @Override
    public String toString() {
        String text = "<ContextVar name=" + name.__repr__();
        if (initial != null) {
            text += " default=" + initial.__repr__();
        }
        return text + " at " + Py.idstr(this) + ">";
    }
}
