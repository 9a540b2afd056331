package org.hpyve.host;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.hpyve.context.Modules;
import org.hpyve.include.ExtensionCompiler;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PySystemState;

/**
 * Python's importer for one folder of {@code sys.path} or of a package: finds {@code NAME.hpy0.so}, before a Python
 * source of the same name in that folder and after everything in earlier folders.
 *
 * <p>Public only because Python calls it.
 */
public final class ExtensionFinder {

    private final Path folder;
    private final Modules modules;
    private final PySystemState system;

    ExtensionFinder(Path folder, Modules modules, PySystemState system) {
        this.folder = folder;
        this.modules = modules;
        this.system = system;
    }

    /** The loader of a module, or None. */
    public Object find_module(String name) {
        Path file = file(name);
        return file != null && Files.isRegularFile(file) ? this : Py.None;
    }

    /** The module, imported. */
    public PyObject load_module(String name) {
        Path file = file(name);
        if (file == null) {
            throw Py.ImportError("No module named " + name);
        }
        PyString key = Py.newString(name);
        PyObject loaded = system.modules.__finditem__(key);
        if (loaded != null) {
            return loaded;
        }
        PyObject loader = Py.java2py(this);
        PyObject[] registered = new PyObject[1];
        try {
            // Before its exec slots run, so that what they import can import it.
            return modules.load(name, file, ModuleSpec.create(name, file, loader), module -> {
                int dot = name.lastIndexOf('.');
                module.__setattr__("__package__", Py.newString(dot < 0 ? "" : name.substring(0, dot)));
                module.__setattr__("__loader__", loader);
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

    /** Null if no file can have the name. */
    private Path file(String name) {
        if (name == null) {
            return null;
        }
        try {
            return folder.resolve(name.substring(name.lastIndexOf('.') + 1) + ExtensionCompiler.SUFFIX);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
