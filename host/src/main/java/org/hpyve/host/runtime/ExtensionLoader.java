package org.hpyve.host.runtime;

import java.nio.file.Path;
import org.hpyve.context.Modules;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PySystemState;

/**
 * Python's loader of one extension module: what the module has as {@code __loader__}.
 *
 * <p>Public only because Python calls it.
 */
public final class ExtensionLoader {

    private final String name;
    private final Path file;
    private final Modules modules;
    private final PySystemState system;

    ExtensionLoader(String name, Path file, Modules modules, PySystemState system) {
        this.name = name;
        this.file = file;
        this.modules = modules;
        this.system = system;
    }

    /** The module's full name. */
    public String getName() {
        return name;
    }

    /** The extension's file. */
    public String getPath() {
        return file.toString();
    }

    /** The module, imported. ImportError for another name than its own. */
    public PyObject load_module(String fullname) {
        if (!name.equals(fullname)) {
            throw Py.ImportError("loader for " + name + " cannot handle " + fullname);
        }
        PyString key = Py.newString(name);
        PyObject loaded = system.modules.__finditem__(key);
        if (loaded != null) {
            return loaded;
        }
        PyObject loader = Py.java2py(this);
        PyObject spec = ModuleSpec.create(name, file, loader);
        PyObject[] registered = new PyObject[1];
        try {
            // Before its exec slots run, so that what they import can import it.
            return modules.load(name, file, spec, module -> {
                int dot = name.lastIndexOf('.');
                module.__setattr__("__package__", Py.newString(dot < 0 ? "" : name.substring(0, dot)));
                module.__setattr__("__loader__", loader);
                module.__setattr__("__spec__", spec);
                registered[0] = module;
                system.modules.__setitem__(key, module);
            });
        } catch (RuntimeException | Error e) {
            if (registered[0] != null && system.modules.__finditem__(key) == registered[0]) {
                system.modules.__delitem__(key);
            }
            throw e;
        }
    }
}
