package org.hpyve.context;

import org.hpyve.bridge.upcall.FloatUpcalls;
import org.python.core.Py;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;

/** Floats out of subclasses of float, of ints and of objects with {@code __float__} or {@code __index__}. */
final class FloatApi extends Api implements FloatUpcalls {

    FloatApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public double Float_AsDouble(long h) {
        PyObject object = object(h);
        if (object instanceof PyFloat) {
            return ((PyFloat) object).getValue();
        }
        if (object instanceof PyInteger || object instanceof PyLong) {
            return object.__float__().asDouble();
        }
        if (!(object instanceof PyString)) {
            if (object.getType().lookup("__float__") != null) {
                PyObject value = object.__float__();
                if (value instanceof PyFloat) {
                    return ((PyFloat) value).getValue();
                }
                throw Py.TypeError(typeName(object) + ".__float__ returned non-float (type " + typeName(value) + ")");
            }
            if (object.isIndex()) {
                return LongApi.index(object).doubleValue();
            }
        }
        throw Py.TypeError("must be real number, not " + typeName(object));
    }
}
