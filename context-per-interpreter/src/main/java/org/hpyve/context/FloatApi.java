package org.hpyve.context;

import org.hpyve.bridge.upcall.FloatUpcalls;
import org.python.core.Py;
import org.python.core.PyFloat;
import org.python.core.PyObject;
import org.python.core.PyString;

/** Floats out of subclasses of float, of ints and of objects with {@code __float__} or {@code __index__}. */
final class FloatApi extends Api implements FloatUpcalls {

    FloatApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public double Float_AsDouble(long h) {
        return number(object(h));
    }

    /** As {@code PyFloat_AsDouble}: a float, or what its {@code __float__} or {@code __index__} gives. */
    static double number(PyObject object) {
        if (object instanceof PyFloat pyFloat) {
            return pyFloat.getValue();
        }
        if (!(object instanceof PyString)) {
            PyObject method = NumberApi.special(object, "__float__");
            if (method != null) {
                PyObject value = method.__call__();
                if (value instanceof PyFloat pyFloat) {
                    return pyFloat.getValue();
                }
                throw Py.TypeError(typeName(object) + ".__float__ returned non-float (type " + typeName(value) + ")");
            }
            if (object.isIndex()) {
                return LongApi.toDouble(LongApi.index(object));
            }
        }
        throw Py.TypeError("must be real number, not " + typeName(object));
    }
}
