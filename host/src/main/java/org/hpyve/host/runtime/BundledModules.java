package org.hpyve.host.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.hpyve.context.code.SharedImports;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyException;
import org.python.core.PyList;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PySystemState;

/**
 * Python's importer for the modules that belong to this host, whose sources lie on the class path.
 *
 * <p>Public only because Python calls it.
 */
public final class BundledModules {

    private static final Map<String, String> SOURCES = Map.ofEntries(
            Map.entry("_hpyve_time", "python/_hpyve_time.py"),
            Map.entry("concurrent", "python/concurrent/__init__.py"),
            Map.entry("concurrent.futures", "python/concurrent/futures/__init__.py"),
            Map.entry("concurrent.futures._base", "python/concurrent/futures/_base.py"),
            Map.entry("concurrent.futures.interpreter", "python/concurrent/futures/interpreter.py"),
            Map.entry("concurrent.futures.thread", "python/concurrent/futures/thread.py"),
            Map.entry("concurrent.interpreters", "python/concurrent/interpreters.py"),
            Map.entry("hpy", "python/hpy/__init__.py"),
            Map.entry("hpy.universal", "python/hpy/universal.py"),
            Map.entry("hpyve", "python/hpyve.py"),
            Map.entry("interpreters", "python/interpreters.py"));

    private final PySystemState system;

    BundledModules(PySystemState system) {
        this.system = system;
    }

    /** The loader of a module, or None. */
    public Object find_module(String name, PyObject path) {
        return find_module(name);
    }

    /** The same; an importer's path may be left out. */
    public Object find_module(String name) {
        return name != null && SOURCES.containsKey(name) ? this : Py.None;
    }

    /** The module, imported. */
    public PyObject load_module(String name) {
        if (find_module(name) == Py.None) {
            throw Py.ImportError("No module named " + name);
        }
        PyObject loaded = system.modules.__finditem__(Py.newString(name));
        if (loaded != null) {
            return loaded;
        }
        String resource = SOURCES.get(name);
        PyModule module = new PyModule(name);
        module.__setattr__("__file__", Py.newString("<hpyve>/" + resource));
        boolean isPackage = resource.endsWith("/__init__.py");
        if (isPackage) {
            module.__setattr__("__path__", new PyList());
        }
        module.__setattr__("__package__", Py.newString(isPackage ? name : name.replaceFirst("\\.?[^.]*$", "")));
        system.modules.__setitem__(new PyString(name), module);
        PyCode code = SharedImports.bundled(name, "<hpyve>/" + resource, () -> source(resource));
        try {
            Py.runCode(code, module.__dict__, module.__dict__);
        } catch (PyException e) {
            // Such as that of a task that is stopped here.
            system.modules.__delitem__(new PyString(name));
            throw e;
        }
        // It may have put another in its place.
        return system.modules.__finditem__(Py.newString(name));
    }

    private static byte[] source(String resource) {
        try (InputStream stream = BundledModules.class.getResourceAsStream(resource)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
