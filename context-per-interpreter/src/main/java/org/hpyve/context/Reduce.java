package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyMethod;
import org.python.core.PyObject;

/**
 * {@code __reduce_ex__} of a type with a struct that says nothing about copying: nobody knows what is in the struct, so
 * that {@code copy} and {@code pickle} would make an object with an empty one.
 */
final class Reduce extends PyBuiltinFunction {

    private static final long serialVersionUID = 1L;

    private static final String NAME = "__reduce_ex__";

    Reduce() {
        super(NAME, null);
    }

    @Override
    public boolean implementsDescrGet() {
        return true;
    }

    @Override
    public PyObject __get__(PyObject instance, PyObject type) {
        return instance == null || instance == Py.None ? this : new PyMethod(this, instance, type);
    }

    /** As {@code object} does it, if a subclass has {@code __reduce__} or {@code __getstate__}; else TypeError. */
    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length != 2 || keywords.length > 0) {
            throw Py.TypeError(NAME + "() called with " + args.length + " arguments, self included");
        }
        PyObject self = args[0];
        if (self.getType().lookup("__reduce__") != PyObject.TYPE.lookup("__reduce__")) {
            return self.invoke("__reduce__");
        }
        if (self.getType().lookup("__getstate__") == null) {
            throw Py.TypeError("cannot pickle '" + Api.typeName(self) + "' object");
        }
        return PyObject.TYPE.__getattr__(NAME).__call__(self, args[1]);
    }
}
