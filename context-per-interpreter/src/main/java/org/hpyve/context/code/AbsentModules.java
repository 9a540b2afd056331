package org.hpyve.context.code;

import java.io.File;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.python.core.ClasspathPyImporter;
import org.python.core.JavaImporter;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PySystemState;
import org.python.core.imp;

/**
 * Modules that the standard library would use and can do without, such as {@code _warnings} and {@code _heapq}. To find
 * that there is none, Jython looks for a Java package of that name on the whole class path, several times for each
 * interpreter. Here that is done once for the process; the rest of {@code sys.path} is asked each time.
 */
final class AbsentModules {

    private static final String[] FILES = {"%s.py", "%s$py.class", "%s/__init__.py", "%s/__init__$py.class"};

    private static final ConcurrentMap<String, Boolean> ON_CLASS_PATH = new ConcurrentHashMap<>();

    private AbsentModules() {}

    /**
     * Raises the ImportError to which the search for a module would come.
     *
     * @param name without a dot, with an underscore as no Java package's, and not in the library itself
     */
    static void refuse(String name) {
        if (isOnPath(name)) {
            return;
        }
        Boolean known = ON_CLASS_PATH.get(name);
        if (known == null) {
            known = isOnClassPath(name);
            ON_CLASS_PATH.put(name, known);
        }
        if (!known) {
            throw Py.ImportError("No module named " + name);
        }
    }

    /** Might anything but Java's class path have it? */
    private static boolean isOnPath(String name) {
        PySystemState system = Py.getSystemState();
        for (PyObject entry : system.path.asIterable()) {
            if (!(entry instanceof PyString)) {
                return true;
            }
            String place = imp.fileSystemDecode(entry, false);
            if (place == null
                    || place.equals(JavaImporter.JAVA_IMPORT_PATH_ENTRY)
                    || place.startsWith(ClasspathPyImporter.PYCLASSPATH_PREFIX)) {
                continue;
            }
            PyObject importer = imp.getImporter(entry);
            boolean asked = importer == Py.None || importer instanceof LibraryImporter;
            if (!asked && importer.invoke("find_module", Py.newString(name)) != Py.None) {
                return true;
            }
            File folder = new File(system.getPath(place));
            if (Stream.of("", "$py.class", ".class").anyMatch(suffix -> new File(folder, name + suffix).exists())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOnClassPath(String name) {
        ClassLoader loader = imp.getParentClassLoader();
        return new JavaImporter().find_module(name) != Py.None
                || Py.findClass(name) != null
                || Stream.of(FILES).anyMatch(file -> loader.getResource(file.formatted(name)) != null);
    }
}
