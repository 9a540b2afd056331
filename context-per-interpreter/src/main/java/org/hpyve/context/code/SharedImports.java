package org.hpyve.context.code;

import java.io.ByteArrayInputStream;
import java.util.function.Supplier;
import org.hpyve.context.isolation.ClassFilter;
import org.hpyve.context.isolation.LibraryArchive;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyCode;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PySystemState;
import org.python.core.PyTableCode;
import org.python.core.imp;

/** The ways in which an interpreter comes to shared code. */
public final class SharedImports {

    /** Where Jython's standard library is, as an entry of {@code sys.path}; null if not in Jython's archive. */
    private static final String LIBRARY = LibraryArchive.path() == null
            ? null
            : LibraryArchive.path().resolve("Lib").toString();

    private SharedImports() {}

    /** Makes the interpreter run shared code when it imports the standard library. */
    public static void install(PySystemState system) {
        if (LIBRARY != null) {
            // Before Jython's own importer of archives; the order of sys.path stays what it is.
            system.path_hooks.insert(0, new LibraryHook());
        }
    }

    /** Tells code of the standard library, and of modules that belong to the program, from other code. */
    public static ClassFilter.Library library() {
        return new ClassFilter.Library() {

            @Override
            public boolean isBody(PyCode code) {
                return LibraryImporter.isBody(code)
                        || (code instanceof PyTableCode table && SharedCode.isOfRuntime(table.co_filename, code));
            }

            @Override
            public boolean isCode(PyCode code) {
                return SharedCode.isInRuntime(code);
            }
        };
    }

    /**
     * The importer of Python sources in a folder, whose code is shared by all interpreters.
     *
     * @param entry the entry of a path that stands for the folder
     */
    public static FolderImporter folder(PyObject entry, PySystemState system) {
        return new FolderImporter(Py.fileSystemDecode(entry), system);
    }

    /**
     * The code object of a module whose source belongs to the program and does not change.
     *
     * @param fileName its {@code co_filename}, which no other source has
     * @param source reads the source
     */
    public static PyCode bundled(String moduleName, String fileName, Supplier<byte[]> source) {
        return SharedCode.ofRuntime(
                fileName,
                () -> SharedCode.define(
                        moduleName,
                        imp.compileSource(moduleName, new ByteArrayInputStream(source.get()), fileName),
                        fileName));
    }

    /** Makes a {@link LibraryImporter} for the library and each package in it. */
    private static final class LibraryHook extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        LibraryHook() {
            super("hpyve_library_hook", null);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            if (args.length != 1) {
                throw Py.TypeError("hpyve_library_hook() takes exactly one argument");
            }
            String entry = args[0] instanceof PyString ? imp.fileSystemDecode(args[0]) : "";
            if (entry.equals(LIBRARY) || entry.startsWith(LIBRARY + "/")) {
                return new LibraryImporter(entry);
            }
            throw Py.ImportError("not in the standard library");
        }
    }
}
