package org.hpyve.context;

import java.util.LinkedHashMap;
import java.util.Map;
import org.hpyve.bridge.Members;
import org.python.core.Py;
import org.python.core.PyBoolean;
import org.python.core.PyComplex;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyMemoryView;
import org.python.core.PyObject;
import org.python.core.PySlice;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyType;
import org.python.core.PyUnicode;

/**
 * The objects behind the constants of one context ({@code ctx->h_None} ...).
 *
 * <p>Exceptions that Python 2.7 does not have are classes of this interpreter's own, below the nearest exception that
 * it has.
 */
final class Constants {

    /** Exceptions of Python 3 and their bases, bases first. */
    private static final String[][] ABSENT = {
        {"StopAsyncIteration", "Exception"},
        {"ModuleNotFoundError", "ImportError"},
        {"RecursionError", "RuntimeError"},
        {"BlockingIOError", "OSError"},
        {"ChildProcessError", "OSError"},
        {"ConnectionError", "OSError"},
        {"BrokenPipeError", "ConnectionError"},
        {"ConnectionAbortedError", "ConnectionError"},
        {"ConnectionRefusedError", "ConnectionError"},
        {"ConnectionResetError", "ConnectionError"},
        {"FileExistsError", "OSError"},
        {"FileNotFoundError", "OSError"},
        {"InterruptedError", "OSError"},
        {"IsADirectoryError", "OSError"},
        {"NotADirectoryError", "OSError"},
        {"PermissionError", "OSError"},
        {"ProcessLookupError", "OSError"},
        {"TimeoutError", "OSError"},
        {"ResourceWarning", "Warning"},
        {"BytesWarning", "Warning"},
    };

    /** A class of the host's own, below MemoryError. */
    static final String LIMIT_EXCEEDED = "LimitExceeded";

    private final Map<String, PyObject> objects = new LinkedHashMap<>();

    /** Must run with the interpreter's own system state current. */
    Constants(PyObject builtins) {
        objects.put("None", Py.None);
        objects.put("True", Py.True);
        objects.put("False", Py.False);
        objects.put("NotImplemented", Py.NotImplemented);
        objects.put("Ellipsis", Py.Ellipsis);
        objects.put("BaseObjectType", PyObject.TYPE);
        objects.put("TypeType", PyType.TYPE);
        objects.put("BoolType", PyBoolean.TYPE);
        objects.put("LongType", PyInteger.TYPE);
        objects.put("FloatType", PyFloat.TYPE);
        objects.put("UnicodeType", PyUnicode.TYPE);
        objects.put("TupleType", PyTuple.TYPE);
        objects.put("ListType", PyList.TYPE);
        objects.put("ComplexType", PyComplex.TYPE);
        objects.put("BytesType", PyString.TYPE);
        objects.put("MemoryViewType", PyMemoryView.TYPE);
        objects.put("CapsuleType", PyCapsule.newClass());
        objects.put("SliceType", PySlice.TYPE);
        objects.put("DictType", PyDictionary.TYPE);
        objects.put("Builtins", builtins);
        for (String[] absent : ABSENT) {
            PyObject present = builtins.__finditem__(absent[0]);
            PyObject base = objects.getOrDefault(absent[1], builtins.__finditem__(absent[1]));
            objects.put(absent[0], present != null ? present : newClass("exceptions", absent[0], base));
        }
        objects.put(
                LIMIT_EXCEEDED, newClass("hpyve", LIMIT_EXCEEDED, builtins.__getitem__(Py.newString("MemoryError"))));
        for (String name : Members.CONSTANTS) {
            if (!objects.containsKey(name)) {
                objects.put(name, builtins.__getitem__(Py.newString(name)));
            }
        }
    }

    /** The object of a constant, by its name without {@code h_}. */
    PyObject get(String name) {
        PyObject object = objects.get(name);
        if (object == null) {
            throw new IllegalArgumentException("no constant " + name);
        }
        return object;
    }

    /** The exceptions of Python 3 that Python 2.7 has no name for, and that of limits, by their names. */
    PyDictionary exceptions() {
        PyDictionary exceptions = new PyDictionary();
        for (String[] absent : ABSENT) {
            exceptions.__setitem__(absent[0], get(absent[0]));
        }
        exceptions.__setitem__(LIMIT_EXCEEDED, get(LIMIT_EXCEEDED));
        return exceptions;
    }

    private static PyObject newClass(String module, String name, PyObject base) {
        PyDictionary attributes = new PyDictionary();
        attributes.__setitem__("__module__", Py.newString(module));
        return PyType.TYPE.__call__(Py.newString(name), new PyTuple(base), attributes);
    }
}
