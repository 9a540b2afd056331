package org.hpyve.context.isolation;

import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Modifier;
import java.util.IdentityHashMap;
import java.util.Set;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyJavaType;
import org.python.core.PyObject;
import org.python.core.PyReflectedField;
import org.python.core.PyReflectedFunction;
import org.python.core.PyType;

/**
 * What all interpreters share of types refuses changes, as CPython's built-in types do. Called by patched classes.
 *
 * <p>Jython lets Python change Java classes and the exception classes of its modules in Java, and the fields of its own
 * classes.
 */
public final class SharedTypes {

    /** By which Jython itself adds methods to a type that it is making, or takes them away. */
    private static final Set<String> MAKERS = Set.of("addMethod", "removeMethod");

    /** Types made by modules in Java, which Jython does not know as built-in. Copied when it grows: it seldom does. */
    private static volatile IdentityHashMap<PyType, Boolean> madeInJava = new IdentityHashMap<>();

    private static final VarHandle BUILTIN;

    static {
        try {
            BUILTIN = MethodHandles.privateLookupIn(PyType.class, MethodHandles.lookup())
                    .findVarHandle(PyType.class, "builtin", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("a type does not know whether it is built in", e);
        }
    }

    private SharedTypes() {}

    static synchronized void add(PyType type) {
        if (!madeInJava.containsKey(type)) {
            IdentityHashMap<PyType, Boolean> more = new IdentityHashMap<>(madeInJava);
            more.put(type, true);
            madeInJava = more;
        }
    }

    /** Before Python sets or deletes an attribute of a class. */
    public static void change(PyType type, String name) {
        if (madeInJava.containsKey(type)) {
            throw refusedBuiltin(type);
        }
    }

    private static PyException refusedBuiltin(PyType type) {
        return Py.TypeError("can't set attributes of built-in/extension type '%s'".formatted(type.fastGetName()));
    }

    /** Before Python sets the name, the bases or the abstract methods of a class. */
    public static void describe(PyType type, PyObject value) {
        if ((boolean) BUILTIN.get(type) || madeInJava.containsKey(type)) {
            throw refusedBuiltin(type);
        }
    }

    /** Before Python sets an attribute of a class. */
    public static void setattr(PyType type, String name, PyObject value) {
        change(type, name);
    }

    /** Before Python sets an attribute of a Java class. A static field of Java's stays assignable. */
    public static void setattr(PyJavaType type, String name, PyObject value) {
        if (!isStaticField(type.lookup(name))) {
            refuse(type, name);
        }
    }

    /** Before Python deletes an attribute of a Java class. */
    public static void delattr(PyJavaType type, String name) {
        refuse(type, name);
    }

    /** Before Python sets a field of a Java object, or a static one: those that make up Jython itself are refused. */
    public static void setField(PyReflectedField attribute, PyObject self, PyObject value) {
        boolean ofJython = isStatic(attribute)
                && attribute.field.getDeclaringClass().getName().startsWith("org.python.");
        if (ofJython || self instanceof PyReflectedFunction || self instanceof PyReflectedField) {
            throw Py.TypeError("cannot set '%s': it is shared by all interpreters".formatted(attribute));
        }
    }

    private static boolean isStaticField(PyObject attribute) {
        return attribute instanceof PyReflectedField reflected && isStatic(reflected);
    }

    static boolean isStatic(PyReflectedField attribute) {
        return attribute.field != null && Modifier.isStatic(attribute.field.getModifiers());
    }

    private static void refuse(PyType type, String name) {
        if (!isBeingMade()) {
            throw refusal(type, name);
        }
    }

    private static boolean isBeingMade() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.limit(8).anyMatch(SharedTypes::isMaker));
    }

    private static boolean isMaker(StackFrame frame) {
        return frame.getDeclaringClass() == PyType.class && MAKERS.contains(frame.getMethodName());
    }

    private static PyException refusal(PyType type, String name) {
        return Py.TypeError("cannot set or delete attribute '%s' of Java class '%s': it is shared by all interpreters"
                .formatted(name, type.getModule() + "." + type.getName()));
    }
}
