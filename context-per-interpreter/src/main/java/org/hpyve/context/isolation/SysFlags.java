package org.hpyve.context.isolation;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.python.core.Options;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyStringMap;
import org.python.core.PyType;

/**
 * {@code sys.flags}, which cannot be changed, as in CPython. In Jython it is the class that has the compiler's options
 * as static fields.
 */
final class SysFlags extends PyObject {

    private static final long serialVersionUID = 1L;

    private final PyStringMap flags = new PyStringMap();

    SysFlags() {
        super(PyType.fromClass(SysFlags.class));
        for (Field option : Options.class.getFields()) {
            if (Modifier.isStatic(option.getModifiers())) {
                flags.__setitem__(option.getName().intern(), value(option));
            }
        }
    }

    private static PyObject value(Field option) {
        try {
            return Py.java2py(option.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        PyObject flag = flags.__finditem__(name);
        return flag == null ? super.__findattr_ex__(name) : flag;
    }

    @Override
    public void __setattr__(String name, PyObject value) {
        throw Py.TypeError("readonly attribute");
    }

    @Override
    public void __delattr__(String name) {
        throw Py.TypeError("readonly attribute");
    }

    @Override
    public PyObject __dir__() {
        return flags.keys();
    }

    @Override
    public String toString() {
        return "sys.flags" + flags;
    }
}
