package org.hpyve.context;

import java.util.Set;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.Layout;
import org.python.core.Py;
import org.python.core.PyBoolean;
import org.python.core.PyBuiltinCallable;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyFunction;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyMethod;
import org.python.core.PyModule;
import org.python.core.PyString;
import org.python.core.PyStringMap;
import org.python.core.PyTuple;
import org.python.core.PyType;
import org.python.core.PyUnicode;
import org.python.core.Slotted;

/** What C is told of an object: kind bits and length. Kept for each Java class, because that is what decides. */
final class Kinds {

    /**
     * Not for C: an object of the class may be a constant of a context, may have a struct, or may be kept in its slot as a
     * value. Whoever opens a handle has to look closer.
     */
    static final int SPECIAL = 1 << 31;

    private static final ClassValue<Integer> OF_CLASS = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> cls) {
            return kindOf(cls) | (isSpecial(cls) ? SPECIAL : 0);
        }
    };

    private static final Set<Class<?>> CONSTANTS =
            Set.of(Py.None.getClass(), PyBoolean.class, Py.NotImplemented.getClass(), Py.Ellipsis.getClass());

    private Kinds() {}

    /** Bits of {@link Layout}, and {@link #SPECIAL}. */
    static int of(Object object) {
        Class<?> cls = object.getClass();
        // The most frequent ones without a search.
        if (cls == PyUnicode.class) {
            return Layout.KIND_UNICODE | Layout.KIND_EXACT;
        }
        if (cls == PyString.class) {
            return Layout.KIND_BYTES | Layout.KIND_EXACT;
        }
        if (cls == PyList.class) {
            return Layout.KIND_LIST | Layout.KIND_EXACT;
        }
        if (cls == PyTuple.class) {
            return Layout.KIND_TUPLE | Layout.KIND_EXACT;
        }
        if (cls == PyDictionary.class) {
            return Layout.KIND_DICT | Layout.KIND_EXACT;
        }
        if (cls == PyLong.class) {
            return Layout.KIND_INT | Layout.KIND_EXACT | SPECIAL;
        }
        return OF_CLASS.get(cls);
    }

    /** The length of an object whose length cannot change, else {@link HandleTable#NO_LENGTH}. */
    static long length(Object object, int kind) {
        if ((kind & Layout.KIND_EXACT) == 0 || (kind & (Layout.KIND_TUPLE | Layout.KIND_BYTES)) == 0) {
            return HandleTable.NO_LENGTH;
        }
        if ((kind & Layout.KIND_TUPLE) != 0) {
            return ((PyTuple) object).size();
        }
        return ((PyString) object).getString().length();
    }

    private static boolean isSpecial(Class<?> cls) {
        // Classes made in Python or by extensions are slotted.
        return Slotted.class.isAssignableFrom(cls)
                || PyType.class.isAssignableFrom(cls)
                || PyModule.class.isAssignableFrom(cls)
                || PyStringMap.class.isAssignableFrom(cls)
                || CONSTANTS.contains(cls)
                || cls == PyLong.class
                || cls == PyCapsule.class;
    }

    private static int kindOf(Class<?> cls) {
        if (PyUnicode.class.isAssignableFrom(cls)) {
            return Layout.KIND_UNICODE | exact(cls == PyUnicode.class);
        }
        if (PyString.class.isAssignableFrom(cls)) {
            return Layout.KIND_BYTES | exact(cls == PyString.class);
        }
        if (PyTuple.class.isAssignableFrom(cls)) {
            return Layout.KIND_TUPLE | exact(cls == PyTuple.class);
        }
        if (PyList.class.isAssignableFrom(cls)) {
            return Layout.KIND_LIST | exact(cls == PyList.class);
        }
        if (PyDictionary.class.isAssignableFrom(cls)) {
            return Layout.KIND_DICT | exact(cls == PyDictionary.class);
        }
        if (PyStringMap.class.isAssignableFrom(cls)) {
            return Layout.KIND_DICT;
        }
        if (cls == PyBoolean.class) {
            return Layout.KIND_INT | Layout.KIND_BOOL;
        }
        if (PyInteger.class.isAssignableFrom(cls) || PyLong.class.isAssignableFrom(cls)) {
            return Layout.KIND_INT | exact(cls == PyInteger.class || cls == PyLong.class);
        }
        if (PyFloat.class.isAssignableFrom(cls)) {
            return Layout.KIND_FLOAT | exact(cls == PyFloat.class);
        }
        if (PyType.class.isAssignableFrom(cls)) {
            return Layout.KIND_TYPE | Layout.KIND_CALLABLE;
        }
        if (PyFunction.class.isAssignableFrom(cls)
                || PyMethod.class.isAssignableFrom(cls)
                || PyBuiltinCallable.class.isAssignableFrom(cls)) {
            return Layout.KIND_CALLABLE;
        }
        if (cls == PyCapsule.class) {
            return Layout.KIND_CAPSULE;
        }
        return HandleTable.NO_KIND;
    }

    private static int exact(boolean exact) {
        return exact ? Layout.KIND_EXACT : 0;
    }
}
