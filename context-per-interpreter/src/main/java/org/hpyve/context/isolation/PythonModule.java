package org.hpyve.context.isolation;

import org.python.core.Py;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * A module that comes with Jython, to Python a module as any other.
 *
 * <p>For {@code from m import *} Jython first asks {@code m} for an attribute named {@code *}, and where there is none
 * looks for a Java package of that name on the whole class path. So here there is one.
 *
 * <p>One interpreter's.
 */
public class PythonModule extends PyModule {

    private static final long serialVersionUID = 1L;

    private static final PyType MODULE = PyType.fromClass(PyModule.class);

    public PythonModule(String name) {
        super(MODULE, name);
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        return name.equals("*") ? Py.None : super.__findattr_ex__(name);
    }
}
