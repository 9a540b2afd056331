package org.hpyve.context.code;

import java.io.File;
import java.nio.file.Files;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PySystemState;
import org.python.core.imp;

/**
 * Python's finder of sources in one folder of {@code sys.path} or of a package. What it does not find (a compiled file
 * without its source, a folder that is no package), Jython then looks for by itself.
 *
 * <p>Public only because Python calls it. One interpreter's, on any of its threads.
 */
public final class FolderImporter {

    private final String entry;
    private final PySystemState system;

    /**
     * A finder.
     *
     * @param entry the entry of the path: a folder, absolute or relative to the interpreter's current folder
     */
    FolderImporter(String entry, PySystemState system) {
        this.entry = entry;
        this.system = system;
    }

    /** The loader of a module, or None. */
    public Object find_module(String fullname) {
        String name = fullname.substring(fullname.lastIndexOf('.') + 1);
        // Asked for each time: a program may change its current folder.
        File parent = new File(system.getPath(entry));
        File display = entry.isEmpty() ? null : new File(entry);
        File folder = new File(parent, name);
        if (folder.isDirectory()) {
            String path = new File(display, name).getPath();
            File source = new File(folder, "__init__.py");
            return isSource(source) && imp.caseok(folder, name)
                    ? new SourceLoader(
                            fullname, new SourceFile(source, new File(path, source.getName()).getPath()), path)
                    : Py.None;
        }
        File source = new File(parent, name + ".py");
        return isSource(source) && imp.caseok(source, source.getName())
                ? new SourceLoader(
                        fullname, new SourceFile(source, new File(display, source.getName()).getPath()), null)
                : Py.None;
    }

    private static boolean isSource(File file) {
        return file.isFile() && Files.isReadable(file.toPath());
    }

    /** For {@code pkgutil}: names in this folder with whether each is a package, as Python's own finder gives them. */
    public PyObject iter_modules(String prefix) {
        PyObject finder = imp.load("pkgutil").__getattr__("ImpImporter").__call__(Py.fileSystemEncode(entry));
        return finder.invoke("iter_modules", new PyString(prefix));
    }

    /** The same, without a prefix. */
    public PyObject iter_modules() {
        return iter_modules("");
    }
}
