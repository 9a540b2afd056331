package org.hpyve.context.code;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.python.core.Py;
import org.python.core.PyObject;

/**
 * Names that modules of a package of the standard library import and that are not in the package: {@code import re} in
 * {@code json.decoder} asks for {@code json.re} first. Python 2 notes such a name in {@code sys.modules}, with None, so
 * that it is not sought again. Jython does not, and then looks for a Java package of that name on the whole class path,
 * which takes longer than all else of an import.
 *
 * <p>Names come from the library alone: what an interpreter's own code asks for is not noted. So an interpreter cannot
 * tell which others there were.
 */
final class LibraryMisses {

    /** By the folder of the package, simple names. */
    private static final ConcurrentMap<String, Set<String>> NAMES = new ConcurrentHashMap<>();

    private LibraryMisses() {}

    /** Notes a name that is not in the folder and that a module of the library has asked for while it was loaded. */
    static void note(String folder, String name) {
        NAMES.computeIfAbsent(folder, key -> ConcurrentHashMap.newKeySet()).add(name);
    }

    /** Tells an interpreter that has just begun to load the package. */
    static void tell(String folder, String packageName) {
        PyObject modules = Py.getSystemState().modules;
        for (String name : NAMES.getOrDefault(folder, Set.of())) {
            PyObject key = Py.newString(packageName + "." + name);
            if (modules.__finditem__(key) == null) {
                modules.__setitem__(key, Py.None);
            }
        }
    }
}
