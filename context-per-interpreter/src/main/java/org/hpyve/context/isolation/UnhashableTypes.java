package org.hpyve.context.isolation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import org.python.core.PyDictionary;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PySet;
import org.python.core.PyStringMap;
import org.python.core.PyType;

/**
 * The types dict, list and set. In Jython each of their instances, when it is made, sets {@code __hash__} of its type to
 * None once more, in a map that all interpreters share and that locks to do so. Here nothing is stored that is there.
 */
final class UnhashableTypes {

    /** The dict of a type, which is asked before something is put into it. */
    @SuppressWarnings("unchecked")
    private static final class Attributes extends PyStringMap {

        private static final long serialVersionUID = 1L;

        Attributes(Map<Object, PyObject> entries) {
            super(entries);
        }

        @Override
        public void __setitem__(String name, PyObject value) {
            if (value == null || __finditem__(name) != value) {
                super.__setitem__(name, value);
            }
        }
    }

    private static final VarHandle DICT;

    static {
        try {
            DICT = MethodHandles.privateLookupIn(PyType.class, MethodHandles.lookup())
                    .findVarHandle(PyType.class, "dict", PyObject.class);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("a type has no dict", e);
        }
    }

    private UnhashableTypes() {}

    /** Once, before the first interpreter. */
    static void install() {
        for (PyType type : List.of(PyDictionary.TYPE, PyList.TYPE, PySet.TYPE)) {
            PyStringMap dict = (PyStringMap) type.fastGetDict();
            DICT.setVolatile(type, new Attributes(dict.getMap()));
        }
    }
}
