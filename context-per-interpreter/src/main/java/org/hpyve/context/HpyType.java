package org.hpyve.context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import org.eclipse.collections.api.list.primitive.LongList;
import org.python.core.JyAttribute;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * What the host keeps of a Python class that was made from an {@code HPyType_Spec}. It hangs at the class and lives as
 * long.
 *
 * @param context of the interpreter that the class belongs to
 * @param type the class
 * @param bases the class and all its bases, when it was made
 * @param inherited the base whose struct an instance's struct begins with; null if there is none
 * @param layout the built-in type whose Java class instances have
 * @param shape {@code HPyType_BuiltinShape}
 * @param basicSize bytes of the C struct of an instance
 * @param destroys the {@code tp_destroy} functions, its own before those of its bases
 * @param finalizer the {@code tp_finalize} function, its own or inherited; 0 if there is none
 * @param call how instances are called; null if they cannot be
 * @param buffer how instances give their memory away; null if they do not
 * @param module the number of the module that made the class
 */
record HpyType(
        InterpreterContext context,
        PyType type,
        PyObject[] bases,
        HpyType inherited,
        PyType layout,
        int shape,
        int basicSize,
        LongList destroys,
        long finalizer,
        Call call,
        Buffer buffer,
        int module) {

    static final int SHAPE_LEGACY = -1;
    static final int SHAPE_OBJECT = 0;
    static final int SHAPE_DICT = 7;

    /** Built-in types do not have this one of {@code __flags__}. */
    private static final int FLAG_HEAPTYPE = 1 << 9;

    private static final byte MADE = JyAttribute.reserveTransientCustomAttrType();

    /** {@code PyType.mro}; the method of the same purpose copies it. */
    private static final VarHandle MRO;

    static {
        try {
            MRO = MethodHandles.privateLookupIn(PyType.class, MethodHandles.lookup())
                    .findVarHandle(PyType.class, "mro", PyObject[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * The call function of instances.
     *
     * @param impl {@code tp_call}, for instances without a function of their own; 0 if each has one in its struct
     * @param offset where in the struct; used if {@code impl} is 0
     */
    record Call(long impl, long offset) {}

    /**
     * The buffer protocol of instances.
     *
     * @param get {@code bf_getbuffer}
     * @param release {@code bf_releasebuffer}; may be 0
     * @param module the number of the module that they are from
     */
    record Buffer(long get, long release, int module) {}

    /** Remembers itself at its class. */
    void attach() {
        JyAttribute.setAttr(type, MADE, this);
    }

    /** What the class was made from; null if no extension of this interpreter made it. */
    static HpyType of(PyType type, InterpreterContext context) {
        HpyType made = (HpyType) JyAttribute.getAttr(type, MADE);
        return made == null || made.context != context ? null : made;
    }

    /**
     * The nearest type made by an extension among a type and its bases, of those with a struct if there are any; null if
     * there is none.
     */
    static HpyType nearest(PyType type, InterpreterContext context) {
        HpyType own = of(type, context);
        if (own != null) {
            return own;
        }
        HpyType found = first(type, context, made -> made.basicSize != 0);
        return found != null ? found : first(type, context, made -> true);
    }

    /** The first type made by an extension, among a type and its bases, of which something is true; null if there is none. */
    static HpyType first(PyType type, InterpreterContext context, Predicate<HpyType> wanted) {
        for (PyObject base : bases(type)) {
            HpyType made = base instanceof PyType pyType ? of(pyType, context) : null;
            if (made != null && wanted.test(made)) {
                return made;
            }
        }
        return null;
    }

    /** How instances of a type give their memory away, by the nearest of its bases that does; null if none does. */
    static Buffer bufferOf(PyType type, InterpreterContext context) {
        HpyType made = first(type, context, base -> base.buffer != null);
        return made == null ? null : made.buffer;
    }

    /** The {@code tp_finalize} of a type, by the nearest of its bases that has one; 0 if none has. */
    static long finalizerOf(PyType type, InterpreterContext context) {
        HpyType made = first(type, context, base -> base.finalizer != 0);
        return made == null ? 0 : made.finalizer;
    }

    /** The {@code tp_finalize} of instances of a subclass. */
    long finalizer(PyType sub) {
        return sub == type ? finalizer : finalizerOf(sub, context);
    }

    /** How instances of a subclass give their memory away. */
    Buffer buffer(PyType sub) {
        return buffer != null || sub == type ? buffer : bufferOf(sub, context);
    }

    /** The built-in type whose Java class instances of a subclass have. */
    PyType layout(PyType sub) {
        return sub == type ? layout : layoutOf(sub);
    }

    /** The built-in type whose Java class instances of any type have. */
    static PyType layoutOf(PyType type) {
        PyType layout = type;
        while ((layout.getFlags().getValue().intValue() & FLAG_HEAPTYPE) != 0
                && layout.getBase() instanceof PyType base) {
            layout = base;
        }
        return layout;
    }

    /**
     * A class and all its bases, in the order in which attributes are looked up. Not to be changed. It is the same array
     * until the bases are assigned to.
     */
    static PyObject[] bases(PyType type) {
        PyObject[] bases = (PyObject[]) MRO.get(type);
        return bases == null ? Py.EmptyObjects : bases;
    }

    /** Does the struct begin with that of another type? What Python code says of the bases later changes no struct. */
    boolean beginsWith(HpyType other) {
        HpyType made = this;
        while (made != null && made != other) {
            made = made.inherited;
        }
        return made != null;
    }

    /** A type among another and its bases whose functions take a struct for granted that is not this one's; null if none. */
    HpyType conflictIn(PyType other) {
        return first(other, context, made -> made.basicSize != 0 && !beginsWith(made));
    }

    /** Does something happen at the end of an instance? */
    boolean ends() {
        return finalizer != 0 || destroys.notEmpty();
    }
}
