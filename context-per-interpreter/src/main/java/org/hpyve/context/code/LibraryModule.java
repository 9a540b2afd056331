package org.hpyve.context.code;

import org.python.core.Py;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyType;
import org.python.core.imp;

/**
 * A module of the standard library, to Python a module as any other.
 *
 * <p>For {@code from m import *} Jython first asks {@code m} for an attribute named {@code *}, and where there is none
 * looks for a Java package of that name on the whole class path. So here there is one.
 *
 * <p>One interpreter's.
 */
final class LibraryModule extends PyModule {

    private static final long serialVersionUID = 1L;

    private static final PyType MODULE = PyType.fromClass(PyModule.class);

    private LibraryModule(String name) {
        super(MODULE, name);
    }

    /** The interpreter's module of that name, a new one if it has none yet. */
    static PyModule add(String name) {
        PyObject modules = Py.getSystemState().modules;
        PyString key = Py.newString(name);
        if (modules.__finditem__(key) == null) {
            LibraryModule module = new LibraryModule(name);
            module.__dict__.__setitem__(
                    "__builtins__", modules.__finditem__("__builtin__").__getattr__("__dict__"));
            module.__dict__.__setitem__("__package__", Py.None);
            modules.__setitem__(key, module);
        }
        return imp.addModule(name);
    }

    @Override
    public PyObject __findattr_ex__(String name) {
        return name.equals("*") ? Py.None : super.__findattr_ex__(name);
    }
}
