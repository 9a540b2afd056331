package org.hpyve.tests.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.python.core.CompileMode;
import org.python.core.CompilerFlags;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyList;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyString;

/**
 * Python's importer for the sources in a folder: compiles them with flags of its own and gives each module names to begin
 * with. Writes nothing beside the sources.
 *
 * <p>Code is compiled once for the process and run in every interpreter: it holds no objects but constants.
 *
 * <p>Public only because Python calls it.
 */
public final class SourceImporter {

    /** Compiled code by file and flags. */
    static final class Cache {

        /** In one of the first two lines. */
        private static final Pattern DECLARATION = Pattern.compile("(.*\\R)?#.*coding[:=].*");

        private record Key(Path file, int flags) {}

        private final ConcurrentMap<Key, PyCode> codes = new ConcurrentHashMap<>();

        private PyCode code(Path file, int flags) {
            // Not computeIfAbsent: a SyntaxError is made of objects of the interpreter that asked first.
            Key key = new Key(file, flags);
            PyCode code = codes.get(key);
            if (code == null) {
                code = compile(file, flags);
                codes.put(key, code);
            }
            return code;
        }

        /** UTF-8 is the default, as in Python 3; a declaration would be refused in text, so that bytes are compiled. */
        private static PyCode compile(Path file, int flags) {
            CompilerFlags compilerFlags = new CompilerFlags(flags);
            try {
                String source = Files.readString(file);
                if (DECLARATION.matcher(source).lookingAt()) {
                    try (InputStream bytes = Files.newInputStream(file)) {
                        return Py.compile_flags(bytes, file.toString(), CompileMode.exec, compilerFlags);
                    }
                }
                compilerFlags.source_is_utf8 = true;
                return Py.compile_flags(source, file.toString(), CompileMode.exec, compilerFlags);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final Cache cache;
    private final Path folder;
    private final String prefix;
    private final int flags;
    private final PyObject names;

    /**
     * @param prefix the dotted name of the package that the folder is, with a dot at the end; empty if the folder holds
     *     modules without a package
     */
    SourceImporter(Cache cache, Path folder, String prefix, int flags, PyObject names) {
        this.cache = cache;
        this.folder = folder;
        this.prefix = prefix;
        this.flags = flags;
        this.names = names;
    }

    /** The loader of a module, or None. */
    public Object find_module(String name, PyObject path) {
        return find_module(name);
    }

    /** The same; an importer's path may be left out. */
    public Object find_module(String name) {
        return file(name) == null ? Py.None : this;
    }

    /** The module, imported. */
    public PyObject load_module(String name) {
        PyObject modules = Py.getSystemState().modules;
        PyString key = Py.newString(name);
        PyObject loaded = modules.__finditem__(key);
        if (loaded != null) {
            return loaded;
        }
        Path file = file(name);
        boolean isPackage = file.endsWith("__init__.py");
        PyModule module = new PyModule(name);
        module.__dict__.invoke("update", names);
        module.__setattr__("__file__", Py.fileSystemEncode(file.toString()));
        module.__setattr__("__loader__", Py.java2py(this));
        module.__setattr__(
                "__package__", Py.newString(isPackage ? name : name.substring(0, Math.max(0, name.lastIndexOf('.')))));
        if (isPackage) {
            module.__setattr__("__path__", new PyList(new PyObject[] {
                Py.fileSystemEncode(file.getParent().toString())
            }));
        }
        modules.__setitem__(key, module);
        try {
            Py.runCode(cache.code(file, flags), module.__dict__, module.__dict__);
        } catch (RuntimeException | Error e) {
            modules.__delitem__(key);
            throw e;
        }
        return module;
    }

    /** The source of a module; null if the folder has none. */
    private Path file(String name) {
        Path base;
        if (prefix.equals(name + ".")) {
            base = folder;
        } else if (name.startsWith(prefix)) {
            base = folder.resolve(name.substring(prefix.length()).replace('.', '/'));
        } else {
            return null;
        }
        for (Path file : new Path[] {base.resolve("__init__.py"), Path.of(base + ".py")}) {
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }
}
