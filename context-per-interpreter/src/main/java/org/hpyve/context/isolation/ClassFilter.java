package org.hpyve.context.isolation;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.python.core.Py;
import org.python.core.PyBeanProperty;
import org.python.core.PyCode;
import org.python.core.PyFrame;
import org.python.core.PyJavaPackage;
import org.python.core.PyJavaType;
import org.python.core.PyObject;
import org.python.core.PyProxy;
import org.python.core.PyString;
import org.python.core.PyStringMap;
import org.python.core.PySystemState;
import org.python.core.ReflectedArgs;

/**
 * Which Java classes Python code of an interpreter may reach. A class that is refused cannot be found by its name, nor
 * made, nor can its static methods be called; and with any filter there is no reflection and no class loader, by which all
 * could be found. Objects that an allowed class hands out can be used, whatever they are.
 *
 * <p>What the standard library needs it keeps: its modules are written against Java.
 *
 * <p>Any thread of the interpreter. Called by patched classes.
 */
public final class ClassFilter {

    /** Is there a filter in this process? Java methods are called often. */
    private static volatile boolean used;

    /** What is harmless of {@code java.lang.Class}. */
    private static final Set<String> OF_CLASS = Set.of(
            "getName",
            "getSimpleName",
            "getTypeName",
            "getCanonicalName",
            "getPackageName",
            "isInstance",
            "isAssignableFrom",
            "isInterface",
            "isArray",
            "isEnum",
            "isPrimitive",
            "isRecord",
            "isAnnotation",
            "getEnumConstants",
            "cast",
            "getModifiers",
            "toString",
            "hashCode",
            "equals");

    /** Modules of the library that look up, or call, what they are told. */
    private static final Set<String> TOLD = Set.of(
            "pickle",
            "pydoc",
            "loader",
            "config",
            "doctest",
            "runpy",
            "pkgutil",
            "rlcompleter",
            "importlib",
            "inspect",
            "string",
            "profile",
            "bdb",
            "trace");

    /** What of the standard library code belongs to. */
    public interface Library {

        /** Is it the body of one of its modules? */
        boolean isBody(PyCode code);

        /** Is it any code of it? */
        boolean isCode(PyCode code);
    }

    /** The classes of modules that Jython has in Java. */
    private static final class BuiltinClasses {

        static final Set<String> NAMES = names();

        private static Set<String> names() {
            Set<String> names = new HashSet<>();
            for (PyObject module : PySystemState.builtin_module_names.asIterable()) {
                String name = PySystemState.getBuiltin(module.toString());
                if (name != null) {
                    names.add(name);
                }
            }
            return names;
        }
    }

    private final Predicate<String> allowed;
    private final String interpreter;
    private final Library library;
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    /** @param allowed asked once for each class, by its name */
    public ClassFilter(Predicate<String> allowed, String interpreter, Library library) {
        this.allowed = allowed;
        this.interpreter = interpreter;
        this.library = library;
    }

    /** From now on some interpreter has a filter. */
    static void beginUse() {
        used = true;
    }

    private static ClassFilter current() {
        return used && Py.getSystemState() instanceof IsolatedSystem system ? system.classFilter() : null;
    }

    private boolean allows(Class<?> cls) {
        Class<?> item = cls;
        while (item.isArray()) {
            item = item.getComponentType();
        }
        while (PyProxy.class.isAssignableFrom(item)) {
            item = item.getSuperclass();
        }
        String name = item.getName();
        return item.isPrimitive() || BuiltinClasses.NAMES.contains(name) || known.computeIfAbsent(name, allowed::test);
    }

    private static PyFrame frame() {
        return Py.getFrame();
    }

    private boolean isLibraryBody() {
        PyFrame frame = frame();
        return frame != null && library.isBody(frame.f_code);
    }

    private boolean isLibraryCode() {
        PyFrame frame = frame();
        // Without a frame a thread runs what it was given: Python code has no code of its own there, nor has the
        // library.
        if (frame == null || !library.isCode(frame.f_code)) {
            return false;
        }
        String module = frame.f_code.co_filename.replaceFirst("(/__init__)?(\\$py\\.class|\\.py)$", "");
        return !TOLD.contains(module.substring(module.lastIndexOf('/') + 1));
    }

    private RuntimeException refused(String what) {
        return Py.ImportError(
                "Java class %s is refused by the class filter of interpreter '%s'".formatted(what, interpreter));
    }

    // --- What the changed classes ask

    /** Before a class that was found by its name is given to Python. */
    static void named(Class<?> cls) {
        ClassFilter filter = current();
        if (filter != null && !filter.allows(cls) && !filter.isLibraryBody()) {
            throw filter.refused(cls.getName());
        }
    }

    /** An attribute of a package; it may be a class that the library has found. */
    public static PyObject attribute(PyObject found, PyJavaPackage inPackage, String name) {
        ClassFilter filter = found == null ? null : current();
        if (filter == null) {
            return found;
        }
        if (found instanceof PyJavaType type && type.getProxyType() != null) {
            if (!filter.allows(type.getProxyType()) && !filter.isLibraryCode()) {
                throw filter.refused(type.getProxyType().getName());
            }
            return found;
        }
        return found == inPackage.__dict__ ? filter.allowedOf(inPackage.__dict__) : found;
    }

    private PyObject allowedOf(PyStringMap names) {
        PyStringMap copy = new PyStringMap();
        for (PyObject name : names.asIterable()) {
            PyObject value = names.__getitem__(name);
            if (!(value instanceof PyJavaType type) || type.getProxyType() == null || allows(type.getProxyType())) {
                copy.__setitem__(((PyString) name).internedString(), value);
            }
        }
        return copy;
    }

    /** Before Python calls a method, or makes an object: one of those that have the name. */
    public static void call(ReflectedArgs candidate) {
        ClassFilter filter = used ? current() : null;
        if (filter == null) {
            return;
        }
        Class<?> cls = candidate.declaringClass;
        boolean isMethod = candidate.method instanceof Method;
        if (isReflection(cls, isMethod ? candidate.method.getName() : "")) {
            throw filter.refused(cls.getName() + " (reflection)");
        }
        if ((candidate.isStatic || !isMethod) && !isOfRuntime(cls) && !filter.allows(cls) && !filter.isLibraryCode()) {
            throw filter.refused(cls.getName());
        }
    }

    /** Before Python reads a property. */
    public static void property(PyBeanProperty property, PyObject self) {
        ClassFilter filter = property.getMethod == null ? null : current();
        if (filter != null && isReflection(property.getMethod.getDeclaringClass(), property.getMethod.getName())) {
            throw filter.refused(property.getMethod.getDeclaringClass().getName() + " (reflection)");
        }
    }

    private static boolean isReflection(Class<?> cls, String method) {
        if (cls == Class.class) {
            return !OF_CLASS.contains(method);
        }
        String name = cls.getName();
        return ClassLoader.class.isAssignableFrom(cls)
                || name.startsWith("java.lang.reflect.")
                || name.startsWith("java.lang.invoke.")
                || name.startsWith("java.lang.Module");
    }

    private static boolean isOfRuntime(Class<?> cls) {
        return !PyProxy.class.isAssignableFrom(cls)
                && (cls.getName().startsWith("org.python.") || cls.getName().startsWith("org.hpyve."));
    }
}
