package org.hpyve.host.runtime;

import java.nio.file.Path;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyObject;
import org.python.core.PyTuple;
import org.python.core.PyType;

/** What Python 3 calls a module spec, for {@code HPy_mod_create}: an object with name, origin and loader. */
final class ModuleSpec {

    private ModuleSpec() {}

    static PyObject create(String name, Path origin, PyObject loader) {
        PyDictionary attributes = new PyDictionary();
        attributes.__setitem__("__module__", Py.newString("hpyve"));
        attributes.__setitem__("name", Py.newString(name));
        attributes.__setitem__("origin", Py.newStringOrUnicode(origin.toString()));
        attributes.__setitem__("loader", loader);
        return PyType.TYPE
                .__call__(Py.newString("ModuleSpec"), new PyTuple(PyObject.TYPE), attributes)
                .__call__();
    }
}
