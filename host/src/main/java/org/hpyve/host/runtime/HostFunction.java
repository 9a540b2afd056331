package org.hpyve.host.runtime;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.hpyve.host.boundary.FunctionalInterfaces;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;

/**
 * A Java object with a functional interface as Python sees it: a callable, with positional arguments and a result that are
 * converted. What Java code throws is raised as it is.
 *
 * <p>A {@link Function} gets the list of its arguments, as many as there are; a {@code UnaryOperator} gets one.
 */
final class HostFunction extends PyBuiltinFunction {

    private static final long serialVersionUID = 1L;

    private final transient Values values;
    private final transient Object target;
    private final transient Method method;
    private final boolean takesList;

    private HostFunction(Values values, Object target, Method method, boolean takesList) {
        super("host_function", null);
        this.values = values;
        this.target = target;
        this.method = method;
        this.takesList = takesList;
    }

    /** Null for an object that is not to be called. */
    static HostFunction of(Values values, Object object) {
        Class<?> type = FunctionalInterfaces.calledBy(object);
        if (type == null) {
            return null;
        }
        Method method = FunctionalInterfaces.method(type);
        try {
            // The interface need not be public.
            method.setAccessible(true);
        } catch (RuntimeException e) {
            return null;
        }
        return new HostFunction(values, object, method, type == Function.class);
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        if (keywords.length > 0) {
            throw Py.TypeError("a host function takes no keyword arguments");
        }
        return values.toPython(invoke(takesList ? list(args) : converted(args)));
    }

    private Object invoke(Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Py.JavaError(e.getCause());
        } catch (IllegalAccessException e) {
            throw Py.JavaError(e);
        }
    }

    private Object[] list(PyObject[] args) {
        List<Object> converted = new ArrayList<>(args.length);
        for (PyObject arg : args) {
            converted.add(values.toJava(arg));
        }
        return new Object[] {converted};
    }

    private Object[] converted(PyObject[] args) {
        Class<?>[] types = method.getParameterTypes();
        boolean open = method.isVarArgs();
        int fixed = open ? types.length - 1 : types.length;
        checkCount(
                open ? args.length >= fixed : args.length == fixed, open ? "at least" : "exactly", fixed, args.length);
        Object[] converted = new Object[types.length];
        for (int i = 0; i < fixed; i++) {
            converted[i] = argument(args[i], types[i], i);
        }
        if (open) {
            Class<?> itemType = types[fixed].getComponentType();
            converted[fixed] = Array.newInstance(itemType, args.length - fixed);
            for (int i = fixed; i < args.length; i++) {
                Array.set(converted[fixed], i - fixed, argument(args[i], itemType, i));
            }
        }
        return converted;
    }

    private Object argument(PyObject arg, Class<?> type, int index) {
        try {
            return values.toJava(arg, type, "argument " + (index + 1) + " of " + method.getName() + "()");
        } catch (ClassCastException e) {
            throw Py.TypeError(e.getMessage());
        }
    }

    private void checkCount(boolean right, String bound, int wanted, int given) {
        if (!right) {
            throw Py.TypeError("%s() takes %s %d argument%s (%d given)"
                    .formatted(method.getName(), bound, wanted, wanted == 1 ? "" : "s", given));
        }
    }
}
