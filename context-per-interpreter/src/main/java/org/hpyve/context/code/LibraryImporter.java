package org.hpyve.context.code;

import java.io.File;
import org.hpyve.context.isolation.PythonModule;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyFrame;
import org.python.core.PyList;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTableCode;
import org.python.core.imp;
import org.python.modules.zipimport.zipimport;
import org.python.modules.zipimport.zipimporter;

/**
 * The importer of one folder of Jython's standard library, which lies in Jython's own archive: as Jython's, but modules
 * run shared code.
 *
 * <p>Public only because Python calls it. One interpreter's, on any of its threads.
 */
public final class LibraryImporter extends zipimporter {

    private static final long serialVersionUID = 1L;

    /** What a file's name has after what {@link #makeFilePath} gives. */
    private static final String SUFFIX = "(/__init__)?(\\$py\\.class|\\.py)$";

    LibraryImporter(String path) {
        super(path);
    }

    /** This importer if it has a module of that name, else None. */
    @Override
    public PyObject find_module(String fullname) {
        PyObject found = super.find_module(fullname);
        if (found == Py.None && isAskedByLibrary()) {
            if (fullname.indexOf('.') >= 0) {
                LibraryMisses.note(folder(), getSubname(fullname));
            } else if (fullname.startsWith("_")) {
                AbsentModules.refuse(fullname);
            }
        }
        return found;
    }

    /** The same; an importer of path entries has no use for the path. */
    @Override
    public PyObject find_module(String fullname, String path) {
        return find_module(fullname);
    }

    /** Is it the body of a module of the library that runs, and not a function or code of an interpreter's own? */
    private static boolean isAskedByLibrary() {
        PyFrame frame = Py.getFrame();
        return frame != null && isBody(frame.f_code);
    }

    static boolean isBody(PyCode code) {
        return code instanceof PyTableCode table
                && SharedCode.isOfRuntime(table.co_filename.replaceFirst(SUFFIX, ""), table);
    }

    /** Without a separator at the end. */
    private String folder() {
        return (archive + File.separator + prefix).replaceFirst("/$", "");
    }

    /** The module, imported. ZipImportError if there is none of that name. */
    @Override
    public PyObject load_module(String fullname) {
        PyTableCode code = code(fullname);
        PyModule module = add(fullname);
        module.__dict__.__setitem__("__loader__", this);
        if (is_package(fullname)) {
            String folder = makePackagePath(fullname);
            module.__dict__.__setitem__("__path__", new PyList(new PyObject[] {Py.newUnicode(folder)}));
            LibraryMisses.tell(folder, fullname);
        }
        return imp.createFromCode(fullname, code, code.co_filename);
    }

    /** The interpreter's module of that name, a new one if it has none yet. */
    private static PyModule add(String name) {
        PyObject modules = Py.getSystemState().modules;
        PyString key = Py.newString(name);
        if (modules.__finditem__(key) == null) {
            PyModule module = new PythonModule(name);
            module.__dict__.__setitem__(
                    "__builtins__", modules.__finditem__("__builtin__").__getattr__("__dict__"));
            module.__dict__.__setitem__("__package__", Py.None);
            modules.__setitem__(key, module);
        }
        return imp.addModule(name);
    }

    /** The module's code object. */
    @Override
    public PyObject get_code(String fullname) {
        return code(fullname);
    }

    /** The module's file, within the archive. */
    @Override
    public PyObject get_filename(String fullname) {
        return Py.fileSystemEncode(code(fullname).co_filename);
    }

    private PyTableCode code(String fullname) {
        PyCode code = SharedCode.ofRuntime(
                makeFilePath(fullname), () -> SharedCode.outsideInterpreters(() -> compiled(fullname)));
        return (PyTableCode) code;
    }

    /** Nothing is compiled here: the archive has a compiled file for each source. */
    private PyCode compiled(String fullname) {
        ModuleCodeData data = getModuleCode(fullname);
        if (data == null) {
            throw zipimport.ZipImportError("can't find module '" + fullname + "'");
        }
        return data.code;
    }
}
