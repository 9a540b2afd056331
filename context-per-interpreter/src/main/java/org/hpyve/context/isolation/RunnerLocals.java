package org.hpyve.context.isolation;

import java.util.Map;
import java.util.WeakHashMap;

/**
 * What {@code threading.local} has for the thread that runs an interpreter. That is one thread for Python, so the values
 * go with the interpreter when it moves; they do not stay with a worker that outlives it. Other threads have values of
 * their own, as ever. Used by the thread that runs the interpreter.
 */
public final class RunnerLocals {

    private final Map<ThreadLocal<?>, Object> values = new WeakHashMap<>();

    RunnerLocals() {}

    /** In the place of {@code local.get()} in Jython's class. */
    public static Object get(ThreadLocal<?> local) {
        Home home = Home.current();
        if (home == null || !home.isHere()) {
            return local.get();
        }
        return home.locals().values.computeIfAbsent(local, key -> new Object[1]);
    }

    /** In the place of {@code local.set(value)}. */
    public static void set(ThreadLocal<Object> local, Object value) {
        Home home = Home.current();
        if (home == null || !home.isHere()) {
            local.set(value);
        } else {
            home.locals().values.put(local, value);
        }
    }

    void clear() {
        values.clear();
    }
}
