package org.hpyve.context.isolation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.python.core.Py;
import org.python.core.PyType;

/**
 * What a copy of Jython's classes needs that is to go when its one interpreter is closed: Jython keeps the types of Java
 * classes in a {@link ClassValue}, through which {@code java.lang.String} would keep the copy for ever, and has a thread
 * for weak references.
 */
public final class OwnCopy {

    private OwnCopy() {}

    /** Called before anything else of the copy is used. */
    public static void prepare() {
        try {
            Class<?> registry = Class.forName("org.python.core.PyType$Registry", true, OwnCopy.class.getClassLoader());
            Field types = registry.getDeclaredField("classToType");
            types.setAccessible(true);
            types.set(null, new Types(registry));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Jython keeps its types elsewhere", e);
        }
    }

    /** Called after the interpreter was closed, as the last use of the copy: ends the thread, which is in none. */
    public static void finish() {
        Py.defaultSystemState.close();
    }

    /** Jython's table of types, kept in this copy and not with the classes. */
    private static final class Types extends ClassValue<PyType> {

        private final Class<?> lock;
        private final MethodHandle resolve;
        private final Map<Class<?>, PyType> types = new ConcurrentHashMap<>();

        Types(Class<?> registry) throws ReflectiveOperationException {
            var method = registry.getDeclaredMethod("resolveType", Class.class);
            method.setAccessible(true);
            resolve = MethodHandles.lookup().unreflect(method);
            lock = registry;
        }

        @Override
        public PyType get(Class<?> c) {
            PyType known = types.get(c);
            if (known != null) {
                return known;
            }
            PyType made = computeValue(c);
            PyType first = types.putIfAbsent(c, made);
            return first != null ? first : made;
        }

        @Override
        protected PyType computeValue(Class<?> c) {
            // As Jython does: who comes second finds what the first one made.
            synchronized (lock) {
                try {
                    return (PyType) resolve.invokeExact(c);
                } catch (RuntimeException | Error e) {
                    throw e;
                } catch (Throwable e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
