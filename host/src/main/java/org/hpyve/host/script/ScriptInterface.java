package org.hpyve.host.script;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Predicate;
import javax.script.ScriptException;
import org.hpyve.host.PythonException;
import org.hpyve.host.boundary.FunctionalInterfaces;

/** Functions of a script, or methods of an object, as a Java interface. Keeps its engine. */
final class ScriptInterface implements InvocationHandler {

    /** Calls a function or a method. */
    interface Target {
        Object invoke(String name, Class<?> type, Object[] arguments) throws ScriptException, NoSuchMethodException;
    }

    private final Class<?> type;
    private final Target target;

    private ScriptInterface(Class<?> type, Target target) {
        this.type = type;
        this.target = target;
    }

    /** Null if something is missing. */
    static <T> T of(Class<T> type, Predicate<String> has, Target target) {
        if (type == null || !type.isInterface()) {
            throw new IllegalArgumentException(type + " is no interface");
        }
        if (!FunctionalInterfaces.names(type).stream().allMatch(has)) {
            return null;
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new ScriptInterface(type, target)));
    }

    /** What the script raises is a {@link PythonException}: an interface knows no ScriptException. */
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "script as " + type.getName();
            };
        }
        if (method.isDefault()) {
            return FunctionalInterfaces.invokeDefault(proxy, method, arguments);
        }
        try {
            return target.invoke(method.getName(), method.getReturnType(), arguments);
        } catch (ScriptException e) {
            throw e.getCause() instanceof PythonException raised ? raised : e;
        } catch (NoSuchMethodException e) {
            throw new UnsupportedOperationException(e.getMessage(), e);
        }
    }
}
