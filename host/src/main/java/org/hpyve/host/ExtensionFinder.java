package org.hpyve.host;

import java.nio.file.Files;
import java.nio.file.Path;
import org.hpyve.context.Modules;
import org.hpyve.include.ExtensionCompiler;
import org.python.core.Py;
import org.python.core.PyObject;
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
        return Files.isRegularFile(file(name)) ? this : Py.None;
    }

    /** The module, imported. */
    public PyObject load_module(String name) {
        PyObject loaded = system.modules.__finditem__(Py.newString(name));
        if (loaded != null) {
            return loaded;
        }
        Path file = file(name);
        PyObject module = modules.load(name, file, ModuleSpec.create(name, file, Py.java2py(this)));
        int dot = name.lastIndexOf('.');
        module.__setattr__("__package__", dot < 0 ? Py.None : Py.newString(name.substring(0, dot)));
        module.__setattr__("__loader__", Py.java2py(this));
        system.modules.__setitem__(Py.newString(name), module);
        return module;
    }

    private Path file(String name) {
        return folder.resolve(name.substring(name.lastIndexOf('.') + 1) + ExtensionCompiler.SUFFIX);
    }
}
