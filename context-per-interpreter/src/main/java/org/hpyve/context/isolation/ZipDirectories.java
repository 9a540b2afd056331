package org.hpyve.context.isolation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyObject;

/**
 * The directories of archives that one interpreter's {@code zipimport} has read. That of Jython's own archive has
 * thousands of entries: it is read once for all interpreters, and nobody can change it.
 */
@SuppressWarnings("unchecked") // Of PyDictionary.values().
final class ZipDirectories extends PyDictionary {

    private static final long serialVersionUID = 1L;

    private static volatile PyDictionary library;

    @Override
    public PyObject __finditem__(PyObject archive) {
        PyObject directory = super.__finditem__(archive);
        if (directory == null && library != null && isLibrary(archive)) {
            directory = library;
            super.__setitem__(archive, directory);
        }
        return directory;
    }

    @Override
    public void __setitem__(PyObject archive, PyObject directory) {
        if (library == null && isLibrary(archive) && directory instanceof PyDictionary read) {
            library = new PyDictionary(new Constant(read.getMap()), true);
        }
        super.__setitem__(archive, directory);
    }

    private static boolean isLibrary(PyObject archive) {
        return LibraryArchive.path() != null
                && archive.toString().equals(LibraryArchive.path().toString());
    }

    /** A map that Python code can only read. */
    private static final class Constant extends ConcurrentHashMap<PyObject, PyObject> {

        private static final long serialVersionUID = 1L;

        Constant(Map<PyObject, PyObject> entries) {
            super(entries.size());
            entries.forEach((key, value) -> super.put(key, value));
        }

        private static PyException refused() {
            return Py.TypeError(
                    "the directory of Jython's archive cannot be changed: it is shared by all interpreters");
        }

        @Override
        public PyObject put(PyObject key, PyObject value) {
            throw refused();
        }

        @Override
        public void putAll(Map<? extends PyObject, ? extends PyObject> entries) {
            throw refused();
        }

        @Override
        public PyObject putIfAbsent(PyObject key, PyObject value) {
            PyObject present = get(key);
            if (present == null) {
                throw refused();
            }
            return present;
        }

        @Override
        public PyObject remove(Object key) {
            if (containsKey(key)) {
                throw refused();
            }
            return null;
        }

        @Override
        public boolean remove(Object key, Object value) {
            throw refused();
        }

        @Override
        public PyObject replace(PyObject key, PyObject value) {
            throw refused();
        }

        @Override
        public boolean replace(PyObject key, PyObject old, PyObject value) {
            throw refused();
        }

        @Override
        public PyObject compute(PyObject key, BiFunction<? super PyObject, ? super PyObject, ? extends PyObject> f) {
            throw refused();
        }

        @Override
        public PyObject computeIfAbsent(PyObject key, Function<? super PyObject, ? extends PyObject> f) {
            throw refused();
        }

        @Override
        public PyObject computeIfPresent(
                PyObject key, BiFunction<? super PyObject, ? super PyObject, ? extends PyObject> f) {
            throw refused();
        }

        @Override
        public PyObject merge(
                PyObject key, PyObject value, BiFunction<? super PyObject, ? super PyObject, ? extends PyObject> f) {
            throw refused();
        }

        @Override
        public void clear() {
            throw refused();
        }
    }
}
