package org.hpyve.host;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.hpyve.host.boundary.FunctionalInterfaces;

/**
 * A Python object as an instance of a Java interface. Any thread may call it: the call waits for its turn in the
 * interpreter. Default methods are those of the interface.
 */
final class InterfaceProxy implements InvocationHandler {

    private static final Object[] NONE = {};

    private final PythonReference target;
    private final Class<?> type;
    private final boolean function;

    private InterfaceProxy(PythonReference target, Class<?> type, boolean function) {
        this.target = target;
        this.type = type;
        this.function = function;
    }

    /** @param function whether the object itself is what is called, and not methods of it */
    static Object of(PythonReference target, Class<?> type, boolean function) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new InterfaceProxy(target, type, function));
    }

    /** The object behind a proxy; null for any other object. */
    static PythonReference target(Object value) {
        return Proxy.isProxyClass(value.getClass()) && Proxy.getInvocationHandler(value) instanceof InterfaceProxy proxy
                ? proxy.target
                : null;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Object[] given = arguments == null ? NONE : arguments;
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, given);
        }
        if (method.isDefault()) {
            return FunctionalInterfaces.invokeDefault(proxy, method, given);
        }
        Class<?> result = method.getReturnType();
        return target.interpreter()
                .ask(runtime -> runtime.objects().call(target, function ? null : method.getName(), given, result));
    }

    private Object ofObject(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> target + " as " + type.getName();
        };
    }
}
