package org.hpyve.context.isolation;

import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyObject;
import org.python.core.PyStringMap;
import org.python.core.PyType;

/**
 * The properties of {@code java.lang.System} as one interpreter sees them from Python: those of the JVM, until it
 * changes one or asks for all of them; then a copy of its own. Java code, even when Python calls it, sees the JVM's.
 */
final class SystemProperties {

    /** The functions of {@code java.lang.System} that are replaced, for Python only. */
    private static final Map<String, Function<Object[], Object>> FUNCTIONS = Map.of(
            "getProperty", SystemProperties::getProperty,
            "setProperty", arguments -> changed().setProperty(text(arguments, 0), text(arguments, 1)),
            "clearProperty", arguments -> changed().remove(text(arguments, 0)),
            "getProperties", arguments -> changed(),
            "setProperties", SystemProperties::setProperties);

    /** Null as long as the JVM's will do. */
    private volatile Properties copy;

    /** A function in the dict of the type of {@code java.lang.System}. */
    private static final class StaticFunction extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        private final transient Function<Object[], Object> function;

        StaticFunction(String name, Function<Object[], Object> function) {
            super(name, "See java.lang.System; what it changes, only this interpreter sees.");
            this.function = function;
        }

        @Override
        public PyObject __call__(PyObject[] arguments, String[] keywords) {
            if (keywords.length != 0) {
                throw Py.TypeError(fastGetName() + "() takes no keyword arguments");
            }
            Object[] objects = new Object[arguments.length];
            for (int i = 0; i < objects.length; i++) {
                objects[i] = arguments[i].__tojava__(Object.class);
            }
            return Py.java2py(function.apply(objects));
        }
    }

    /** Puts the functions in their place, for all interpreters; outside of them they do what Java does. */
    static void install() {
        PyStringMap dict = (PyStringMap) PyType.fromClass(System.class).fastGetDict();
        if (dict.__finditem__("setProperty") instanceof StaticFunction) {
            return;
        }
        FUNCTIONS.forEach((name, function) -> dict.__setitem__(name, new StaticFunction(name, function)));
    }

    private static Object getProperty(Object[] arguments) {
        Properties properties = current() == null ? null : current().copy;
        String name = text(arguments, 0);
        String value = properties == null ? System.getProperty(name) : properties.getProperty(name);
        return value == null && arguments.length > 1 ? text(arguments, 1) : value;
    }

    private static Object setProperties(Object[] arguments) {
        if (arguments.length != 1 || !(arguments[0] instanceof Properties properties)) {
            throw Py.TypeError("setProperties() takes java.util.Properties");
        }
        if (current() == null) {
            System.setProperties(properties);
        } else {
            current().copy = properties;
        }
        return null;
    }

    private static Properties changed() {
        SystemProperties current = current();
        return current == null ? System.getProperties() : current.ownCopy();
    }

    private synchronized Properties ownCopy() {
        if (copy == null) {
            Properties own = new Properties();
            own.putAll(System.getProperties());
            copy = own;
        }
        return copy;
    }

    private static SystemProperties current() {
        return Py.getSystemState() instanceof IsolatedSystem system ? system.properties() : null;
    }

    private static String text(Object[] arguments, int index) {
        if (index >= arguments.length || !(arguments[index] instanceof String text)) {
            throw Py.TypeError("names and values of properties are text");
        }
        return text;
    }
}
