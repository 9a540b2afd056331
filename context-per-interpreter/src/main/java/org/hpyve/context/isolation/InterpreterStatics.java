package org.hpyve.context.isolation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PySystemState;
import org.python.core.__builtin__;
import org.python.core.packagecache.SysPackageManager;
import org.python.modules._csv._csv;

/**
 * The values of static fields of Jython's that each interpreter has of its own; {@link PatchTable} names them. Patched
 * classes call this where they used the field.
 */
public final class InterpreterStatics {

    /** What a field has at first, as its class initializer says it. Not here: null, and Jython looks at first use. */
    private static final Map<String, Supplier<Object>> INITIAL = Map.ofEntries(
            Map.entry("org/python/core/BytecodeNotification.callbacks", CopyOnWriteArrayList::new),
            Map.entry("org/python/core/PyFloat.double_format", () -> PyFloat.double_format),
            Map.entry("org/python/core/PyFloat.float_format", () -> PyFloat.float_format),
            Map.entry(
                    "org/python/core/PySystemState.packageManager",
                    () -> new SysPackageManager(null, PySystemState.registry)),
            Map.entry("org/python/modules/_csv/_csv._dialects", PyDictionary::new),
            Map.entry("org/python/modules/_csv/_csv.field_limit", () -> _csv.field_limit),
            Map.entry("org/python/modules/cPickle.classmap", ConcurrentHashMap::new),
            Map.entry("org/python/modules/cPickle.dispatch_table", () -> copyReg("dispatch_table")),
            Map.entry("org/python/modules/cPickle.extension_registry", () -> copyReg("_extension_registry")),
            Map.entry("org/python/modules/cPickle.inverted_registry", () -> copyReg("_inverted_registry")),
            Map.entry("org/python/modules/jffi/CType$Pointer.typeCache", ConcurrentHashMap::new),
            Map.entry("org/python/modules/thread/thread.group", Home::threadGroup),
            Map.entry("org/python/modules/thread/thread.stack_size", () -> 0L),
            Map.entry("org/python/modules/time/Time.clockInitialized", () -> false),
            Map.entry("org/python/modules/time/Time.initialClock", () -> 0L),
            Map.entry("org/python/modules/zipimport/zipimport._zip_directory_cache", ZipDirectories::new));

    private static final Object NULL = new Object();

    /** For code that runs in no interpreter of ours. */
    private static final InterpreterStatics OUTSIDE = new InterpreterStatics();

    private final Map<String, Object> values = new ConcurrentHashMap<>();

    InterpreterStatics() {}

    private static Object copyReg(String table) {
        return __builtin__.__import__("copy_reg").__getattr__(table);
    }

    /** Called in the place of reading a field. */
    public static Object get(String field) {
        Map<String, Object> values = current().values;
        Object value = values.get(field);
        if (value == null) {
            Supplier<Object> initial = INITIAL.get(field);
            Object first = initial == null ? NULL : initial.get();
            // Not computeIfAbsent: Python code may run, and read other fields.
            Object other = values.putIfAbsent(field, first);
            value = other == null ? first : other;
        }
        return value == NULL ? null : value;
    }

    /** Called in the place of setting a field. */
    public static void put(Object value, String field) {
        current().values.put(field, value == null ? NULL : value);
    }

    private static InterpreterStatics current() {
        return Py.getSystemState() instanceof IsolatedSystem system ? system.statics() : OUTSIDE;
    }
}
