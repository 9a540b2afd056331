package org.hpyve.context.isolation;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Modifier;
import java.util.Set;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyJavaType;
import org.python.core.PyObject;
import org.python.core.PyReflectedField;
import org.python.core.PyType;

/** Types that all interpreters share refuse new attributes, as built-in types do. Called by patched classes. */
public final class SharedTypes {

    /** By which Jython itself adds methods to a type that it is making, or takes them away. */
    private static final Set<String> MAKERS = Set.of("addMethod", "removeMethod");

    private SharedTypes() {}

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

    private static boolean isStaticField(PyObject attribute) {
        return attribute instanceof PyReflectedField reflected
                && reflected.field != null
                && Modifier.isStatic(reflected.field.getModifiers());
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
