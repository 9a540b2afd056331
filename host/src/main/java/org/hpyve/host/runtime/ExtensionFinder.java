package org.hpyve.host.runtime;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.hpyve.context.Modules;
import org.hpyve.context.code.FolderImporter;
import org.hpyve.include.ExtensionCompiler;
import org.python.core.PyObject;
import org.python.core.PySystemState;

/**
 * Python's finder for one folder of {@code sys.path} or of a package: finds {@code NAME.hpy0.so}, before a Python
 * source of the same name in that folder, which it finds too, and after everything in earlier folders.
 *
 * <p>Public only because Python calls it.
 */
public final class ExtensionFinder {

    private final Path folder;
    private final Modules modules;
    private final PySystemState system;
    private final FolderImporter sources;

    ExtensionFinder(Path folder, Modules modules, PySystemState system, FolderImporter sources) {
        this.folder = folder;
        this.modules = modules;
        this.system = system;
        this.sources = sources;
    }

    /** The loader of a module, or None. */
    public Object find_module(String name) {
        Path file = file(name);
        return file != null && Files.isRegularFile(file)
                ? new ExtensionLoader(name, file, modules, system)
                : sources.find_module(name);
    }

    /** For {@code pkgutil}: names of the Python sources in the folder, with whether each is a package. */
    public PyObject iter_modules(String prefix) {
        return sources.iter_modules(prefix);
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
