package org.hpyve.context.isolation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.python.core.PyException;
import org.python.core.PyFunction;
import org.python.core.PyMethod;

/**
 * Python functions as Java objects with one method, such as {@code Runnable}: they run in the interpreter that handed them
 * to Java. Jython's run in whatever the thread that calls is in, which for a new thread is no interpreter.
 */
public final class BoundCalls {

    private BoundCalls() {}

    public static Object proxy(PyFunction function, Class<?> type) {
        return proxy((InvocationHandler) function, type);
    }

    public static Object proxy(PyMethod method, Class<?> type) {
        return proxy((InvocationHandler) method, type);
    }

    private static Object proxy(InvocationHandler function, Class<?> type) {
        Home home = Home.current();
        InvocationHandler handler = home == null
                ? function
                : (proxy, method, arguments) -> {
                    try {
                        return home.visit(() -> function.invoke(proxy, method, arguments));
                    } catch (PyException e) {
                        if (method.getReturnType() == void.class && home.isEnding()) {
                            // A thread that is to end: SystemExit, or what an interrupt became.
                            return null;
                        }
                        throw e;
                    }
                };
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }
}
