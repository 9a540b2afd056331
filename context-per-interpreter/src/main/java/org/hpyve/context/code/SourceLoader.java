package org.hpyve.context.code;

import java.nio.charset.StandardCharsets;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyFile;
import org.python.core.PyList;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.imp;

/**
 * Python's loader of one module or package whose source is a file. As with Jython's own import of files, the module
 * does not name it as {@code __loader__}.
 *
 * <p>Public only because Python calls it.
 */
public final class SourceLoader {

    private final String name;
    private final SourceFile source;
    private final String packageFolder;

    /**
     * A loader.
     *
     * @param packageFolder what {@code __path__} holds; null if the module is no package
     */
    SourceLoader(String name, SourceFile source, String packageFolder) {
        this.name = name;
        this.source = source;
        this.packageFolder = packageFolder;
    }

    /** The module, imported. */
    public PyObject load_module(String fullname) {
        PyCode code = code(fullname);
        PyModule module = imp.addModule(fullname);
        if (packageFolder != null) {
            PyObject folder = Py.fileSystemEncode(packageFolder);
            module.__dict__.__setitem__("__path__", new PyList(new PyObject[] {folder}));
        }
        return imp.createFromCode(fullname, code, source.displayName());
    }

    /** Whether it is a package. */
    public boolean is_package(String fullname) {
        check(fullname);
        return packageFolder != null;
    }

    /** The module's code object. */
    public PyObject get_code(String fullname) {
        return code(fullname);
    }

    /** The source as it is in the file, with newlines as Python reads them. */
    public PyString get_source(String fullname) {
        check(fullname);
        String text = new String(source.bytes(), StandardCharsets.ISO_8859_1);
        return Py.newString(text.replace("\r\n", "\n").replace('\r', '\n'));
    }

    /** The module's {@code __file__}. */
    public PyString get_filename(String fullname) {
        check(fullname);
        return Py.fileSystemEncode(source.displayName());
    }

    /** The bytes of a file. IOError if it cannot be read. */
    public PyString get_data(PyObject path) {
        PyFile file = new PyFile(Py.fileSystemDecode(path), "rb", -1);
        try {
            return file.read();
        } finally {
            file.close();
        }
    }

    private PyCode code(String fullname) {
        check(fullname);
        return SharedCode.ofFile(source);
    }

    private void check(String fullname) {
        if (!name.equals(fullname)) {
            throw Py.ImportError("loader for " + name + " cannot handle " + fullname);
        }
    }
}
