package org.hpyve.context.isolation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyList;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyStringMap;
import org.python.core.PySystemState;
import org.python.core.PyType;
import org.python.modules.ucnhash;

/**
 * Modules that Jython has in Java. There each of them is the type of its Java class, one for the process; here each
 * interpreter gets a module object with a dict of its own, and own copies of the dicts and lists in it.
 *
 * <p>Imported once more, it is a new module; reloaded, it gets back what it had at first, as in CPython.
 */
public final class BuiltinModules {

    /** Dicts and lists that Jython's code uses, too, and that each interpreter therefore has as a static field. */
    private static final Map<String, String> USED_IN_JAVA = Map.of(
            "_csv._dialects", "org/python/modules/_csv/_csv._dialects",
            "zipimport._zip_directory_cache", "org/python/modules/zipimport/zipimport._zip_directory_cache");

    /**
     * What a module has at first; never changed.
     *
     * @param containers the names of dicts and lists in it
     */
    private record Contents(PyStringMap dict, List<String> containers) {}

    private static final Map<String, Contents> CONTENTS = new ConcurrentHashMap<>();

    /** Names of every object's, which a module has by its own type. */
    private static final Set<String> OF_EVERY_OBJECT = new HashSet<>();

    static {
        for (PyObject name : PyType.fromClass(PyModule.class).__dir__().asIterable()) {
            OF_EVERY_OBJECT.add(name.toString());
        }
        OF_EVERY_OBJECT.remove("__doc__");
    }

    private final Map<String, PyObject> containers = new ConcurrentHashMap<>();

    BuiltinModules() {}

    /** Called with what Jython's search for a built-in module has found. */
    public static PyObject module(PyObject found, String name) {
        if (!(Py.getSystemState() instanceof IsolatedSystem system) || PySystemState.getBuiltin(name) == null) {
            return found;
        }
        if (name.equals("_locale")) {
            // Its settings are for the process. Without it the module locale knows the C locale only, as on most
            // installations of Jython.
            throw Py.ImportError("No module named _locale");
        }
        return found instanceof PyType type ? system.builtinModules().fill(name, type) : found;
    }

    private PyModule fill(String name, PyType type) {
        Contents contents = CONTENTS.get(name);
        if (contents == null) {
            contents = contents(name, type);
            CONTENTS.put(name, contents);
        }
        PyObject loaded = Py.getSystemState().modules.__finditem__(Py.newString(name));
        PyModule module = loaded instanceof PyModule old ? old : newModule(name);
        PyStringMap dict = (PyStringMap) module.fastGetDict();
        dict.update(contents.dict);
        for (String key : contents.containers) {
            dict.__setitem__(key, own(name + "." + key, contents.dict.__finditem__(key)));
        }
        return module;
    }

    private static PyModule newModule(String name) {
        return name.equals("ucnhash") ? new CharacterNames(name) : new PythonModule(name);
    }

    /** Jython calls this module, as the class that it was, at the first {@code \N{...}} in a literal. */
    private static final class CharacterNames extends PythonModule {

        private static final long serialVersionUID = 1L;

        CharacterNames(String name) {
            super(name);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            return Py.java2py(new ucnhash());
        }
    }

    private static Contents contents(String name, PyType type) {
        PyStringMap dict = new PyStringMap();
        List<String> containers = new ArrayList<>();
        for (PyObject key : type.__dir__().asIterable()) {
            String attribute = ((PyString) key).internedString();
            PyObject value = OF_EVERY_OBJECT.contains(attribute) ? null : attribute(type, attribute);
            if (value instanceof PyType made) {
                SharedTypes.add(made);
            } else if (value instanceof PyDictionary || value instanceof PyList) {
                containers.add(attribute);
                // Python code can reach Jython's own by way of the Java class.
                value = copy(value);
            }
            if (value != null) {
                dict.__setitem__(attribute, value);
            }
        }
        dict.__setitem__("__name__", Py.newString(name));
        return new Contents(dict, containers);
    }

    /** Null for what instances of the Java class have, of which there are none. */
    private static PyObject attribute(PyType type, String name) {
        try {
            return type.__findattr__(name);
        } catch (PyException e) {
            if (e.match(Py.AttributeError)) {
                return null;
            }
            throw e;
        }
    }

    /** The interpreter's own copy of a dict or list. */
    private PyObject own(String name, PyObject container) {
        String field = USED_IN_JAVA.get(name);
        return field != null
                ? (PyObject) InterpreterStatics.get(field)
                : containers.computeIfAbsent(name, key -> copy(container));
    }

    private static PyObject copy(PyObject container) {
        return container instanceof PyDictionary dict ? dict.copy() : new PyList(container);
    }
}
