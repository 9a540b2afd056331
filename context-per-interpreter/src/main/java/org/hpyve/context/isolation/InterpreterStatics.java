package org.hpyve.context.isolation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.python.core.Py;
import org.python.core.PyDictionary;

/**
 * The values of static fields of Jython's that each interpreter has of its own; {@link PatchTable} names them. Patched
 * classes call this where they used the field.
 */
public final class InterpreterStatics {

    /** What a field has at first, as its class initializer says it. Not here: null, and Jython looks at first use. */
    private static final Map<String, Supplier<Object>> INITIAL = Map.of(
            "org/python/modules/_csv/_csv._dialects",
            PyDictionary::new,
            "org/python/modules/_csv/_csv.field_limit",
            () -> 128 * 1024);

    private static final Object NULL = new Object();

    /** For code that runs in no interpreter of ours. */
    private static final InterpreterStatics OUTSIDE = new InterpreterStatics();

    private final Map<String, Object> values = new ConcurrentHashMap<>();

    InterpreterStatics() {}

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
