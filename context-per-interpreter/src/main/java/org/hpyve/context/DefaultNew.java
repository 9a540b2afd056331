package org.hpyve.context;

import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;
import org.python.core.PyType;

/** {@code __new__} of a type whose extension defines none: an instance with a zeroed struct. */
final class DefaultNew extends PyBuiltinFunction {

    private static final long serialVersionUID = 1L;

    private final transient TypeApi api;

    DefaultNew(TypeApi api) {
        super("__new__", null);
        this.api = api;
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (args.length == keywords.length || !(args[0] instanceof PyType)) {
            throw Py.TypeError("__new__(): the first argument must be a type");
        }
        return api.newInstance((PyType) args[0]);
    }
}
