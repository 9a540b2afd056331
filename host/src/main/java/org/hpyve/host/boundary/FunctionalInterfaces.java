package org.hpyve.host.boundary;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an interface asks of who implements it, be it annotated or not. */
public final class FunctionalInterfaces {

    private FunctionalInterfaces() {}

    /** The one abstract method of an interface; null if it has none or several. */
    public static Method method(Class<?> type) {
        List<Method> methods = abstractMethods(type);
        return methods.size() == 1 ? methods.get(0) : null;
    }

    /** The names of an interface's abstract methods. */
    public static Set<String> names(Class<?> type) {
        Set<String> names = new LinkedHashSet<>();
        abstractMethods(type).forEach(method -> names.add(method.getName()));
        return names;
    }

    /** Each once, also if interfaces above declare it again. */
    private static List<Method> abstractMethods(Class<?> type) {
        if (!type.isInterface()) {
            return List.of();
        }
        Map<String, Method> found = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && !isOfObject(method)) {
                String shape = method.getName() + "/" + method.getParameterCount();
                // Of a method that is declared more than once, the one with the narrowest result.
                found.merge(
                        shape,
                        method,
                        (one, other) -> one.getReturnType().isAssignableFrom(other.getReturnType()) ? other : one);
            }
        }
        return new ArrayList<>(found.values());
    }

    private static boolean isOfObject(Method method) {
        try {
            return Modifier.isPublic(Object.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getModifiers());
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /**
     * The functional interface by which Python code calls an object; null if it is not to be called. A thread is to be
     * started, and that days, months and years can adjust other dates does not make them functions.
     */
    public static Class<?> calledBy(Object object) {
        return object instanceof Thread || object instanceof TemporalAccessor ? null : implementedBy(object);
    }

    /**
     * The functional interface that an object implements.
     *
     * @return the interface, the narrowest of those with the same method; null if the object implements none, or several that are not the same method. For an object that
     *     is no lambda, method reference or proxy, only interfaces count that say of themselves that they are functional
     */
    public static Class<?> implementedBy(Object object) {
        Class<?> cls = object.getClass();
        boolean any = cls.isHidden() || cls.isSynthetic() || Proxy.isProxyClass(cls);
        Class<?> found = null;
        for (Class<?> type : interfaces(cls, new LinkedHashSet<>())) {
            Method method = any || type.isAnnotationPresent(FunctionalInterface.class) ? method(type) : null;
            if (method == null) {
                continue;
            }
            if (found == null || found.isAssignableFrom(type)) {
                found = type;
            } else if (!type.isAssignableFrom(found)) {
                return null;
            }
        }
        return found;
    }

    /** Runs a default method of a proxy's interface, which need not be public. */
    public static Object invokeDefault(Object proxy, Method method, Object[] arguments) throws Throwable {
        Class<?> type = method.getDeclaringClass();
        if (Modifier.isPublic(type.getModifiers())) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                .unreflectSpecial(method, type)
                .bindTo(proxy)
                .invokeWithArguments(arguments == null ? new Object[0] : arguments);
    }

    private static Set<Class<?>> interfaces(Class<?> cls, Set<Class<?>> all) {
        for (Class<?> type : cls.getInterfaces()) {
            all.add(type);
            interfaces(type, all);
        }
        if (cls.getSuperclass() != null) {
            interfaces(cls.getSuperclass(), all);
        }
        return all;
    }
}
