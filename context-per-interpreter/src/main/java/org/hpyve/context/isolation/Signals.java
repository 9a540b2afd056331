package org.hpyve.context.isolation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyModule;
import org.python.core.PyObject;

/**
 * Handlers of signals: a process has one for each. It is of the interpreter that set it last; the others see the default,
 * and do not get at it. When that interpreter ends, what was there before all interpreters is put back.
 */
final class Signals {

    /**
     * @param home whose handler there is now
     * @param handler that handler
     * @param before what was there before an interpreter set one
     */
    private record Entry(Home home, Object handler, Object before) {}

    /** The signals for which interpreters have set something, by name. */
    private static final Map<Object, Entry> ENTRIES = new HashMap<>();

    private static final Method HANDLE;
    private static final Object DEFAULT;

    static {
        try {
            // By reflection: javac warns of any mention of these classes.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            HANDLE = signal.getMethod("handle", signal, handler);
            DEFAULT = handler.getField("SIG_DFL").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
        }
    }

    private Signals() {}

    static void adapt(PyModule module, Home home) {
        PyObject original = module.__getattr__("getsignal");
        module.__setattr__("_register_signal", new Function("_register_signal") {
            @Override
            PyObject call(PyObject[] args) {
                return Py.java2py(register(toJava(args[0]), toJava(args[1]), home));
            }
        });
        module.__setattr__("getsignal", new Function("getsignal") {
            @Override
            PyObject call(PyObject[] args) {
                PyObject signal = module.__getattr__("_signals").__finditem__(args[0]);
                return signal != null && isOfAnother(toJava(signal), home)
                        ? Py.java2py(DEFAULT)
                        : original.__call__(args[0]);
            }
        });
        PyObject alarm = module.__findattr__("SIGALRM");
        if (alarm != null) {
            claim(toJava(module.__getattr__("_signals").__getitem__(alarm)), home);
        }
        home.atEnd(() -> putBack(home));
    }

    /** The module sets a handler while it is imported, before anything here knows of it. */
    private static synchronized void claim(Object signal, Home home) {
        Entry entry = ENTRIES.get(signal);
        if (entry != null && entry.home != home) {
            handle(signal, entry.handler);
        } else {
            Object handler = handle(signal, DEFAULT);
            handle(signal, handler);
            ENTRIES.put(signal, new Entry(home, handler, entry == null ? DEFAULT : entry.before));
        }
    }

    private static Object toJava(PyObject object) {
        return object.__tojava__(Object.class);
    }

    private static synchronized boolean isOfAnother(Object signal, Home home) {
        Entry entry = ENTRIES.get(signal);
        return entry != null && entry.home != home;
    }

    private static synchronized Object register(Object signal, Object handler, Home home) {
        Object before = handle(signal, handler);
        Entry entry = ENTRIES.get(signal);
        ENTRIES.put(signal, new Entry(home, handler, entry == null ? before : entry.before));
        return entry == null || entry.home == home ? before : DEFAULT;
    }

    private static synchronized void putBack(Home home) {
        ENTRIES.entrySet().removeIf(each -> {
            boolean own = each.getValue().home == home;
            if (own) {
                handle(each.getKey(), each.getValue().before);
            }
            return own;
        });
    }

    private static Object handle(Object signal, Object handler) {
        try {
            return HANDLE.invoke(null, signal, handler);
        } catch (InvocationTargetException e) {
            // Such as a signal that the JVM uses itself.
            throw Py.ValueError(e.getCause().getMessage());
        } catch (IllegalAccessException | IllegalArgumentException e) {
            throw Py.JavaError(e);
        }
    }

    private abstract static class Function extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        Function(String name) {
            super(name, null);
        }

        abstract PyObject call(PyObject[] args);

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            return call(args);
        }
    }
}
