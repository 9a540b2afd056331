package org.hpyve.context.isolation;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.python.core.Py;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PySystemState;
import org.python.core.__builtin__;

/**
 * Modules of the standard library, written in Python, that are adapted when they have been imported, because what they do
 * reaches beyond their interpreter: a finder on {@code sys.meta_path}, and the loader of what it finds.
 *
 * <p>Public only because Python calls it, with the import lock held.
 */
public final class LibraryModules {

    private static final Map<String, BiConsumer<PyModule, Home>> ADAPTERS =
            Map.of("signal", Signals::adapt, "_socket", SocketThreads::adapt, "threading", MainThread::adapt);

    private final PySystemState system;
    private final Home home;

    /** Those that are being imported by the other finders. */
    private final Set<String> loading = new HashSet<>();

    LibraryModules(PySystemState system, Home home) {
        this.system = system;
        this.home = home;
    }

    /** Itself for a module that is adapted, null for others. */
    public Object find_module(String name, PyObject path) {
        return find_module(name);
    }

    /** The same; an importer's path may be left out. */
    public Object find_module(String name) {
        return ADAPTERS.containsKey(name) && !loading.contains(name) ? this : null;
    }

    /** Imports a module in the usual way, and adapts it. */
    public PyObject load_module(String name) {
        PyObject old = system.modules.__finditem__(Py.newString(name));
        loading.add(name);
        try {
            if (old instanceof PyModule module) {
                __builtin__.reload(module);
            } else {
                __builtin__.__import__(name);
            }
        } finally {
            loading.remove(name);
        }
        PyObject loaded = system.modules.__finditem__(Py.newString(name));
        if (loaded instanceof PyModule module) {
            ADAPTERS.get(name).accept(module, home);
        }
        return loaded;
    }
}
