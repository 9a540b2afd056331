package org.hpyve.context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.python.core.JyAttribute;
import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * What lookups on one class found, until the class or one of its bases changes: the same as {@link PyType#lookup}, but
 * found with a few reads. It hangs at the class and lives as long. Any thread.
 */
final class Lookups {

    /** A power of two. */
    private static final int KEPT = 64;

    private static final byte OF_TYPE = JyAttribute.reserveTransientCustomAttrType();

    private static final PyObject GETATTRIBUTE = PyObject.TYPE.lookup("__getattribute__");
    private static final PyObject SETATTR = PyObject.TYPE.lookup("__setattr__");

    /** {@code PyType.versionTag}, another object after each change of the class or of one of its bases. */
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.privateLookupIn(PyType.class, MethodHandles.lookup())
                    .findVarHandle(PyType.class, "versionTag", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * What was found.
     *
     * @param value what ends in the extension, or object's own {@code __init__}; null for all else, which is not kept alive
     * @param readPlainly is reading an attribute what {@code object} makes of it, without {@code __getattr__}?
     * @param writtenPlainly is writing an attribute what {@code object} makes of it?
     */
    record Found(String name, Object version, PyObject value, boolean readPlainly, boolean writtenPlainly) {}

    private final PyType type;
    private final Found[] kept = new Found[KEPT];
    /** How instances are made; only on the thread that runs the interpreter. */
    private Blueprint blueprint;

    private Lookups(PyType type) {
        this.type = type;
    }

    /** Those of a class. */
    static Lookups of(PyType type) {
        Lookups lookups = (Lookups) JyAttribute.getAttr(type, OF_TYPE);
        if (lookups == null) {
            lookups = new Lookups(type);
            JyAttribute.setAttr(type, OF_TYPE, lookups);
        }
        return lookups;
    }

    /** Whose they are. */
    PyType type() {
        return type;
    }

    /** How instances of the class were made last; null if none was. */
    Blueprint blueprint() {
        return blueprint;
    }

    void blueprint(Blueprint value) {
        blueprint = value;
    }

    /**
     * Looks an attribute up.
     *
     * @param name interned, as Jython wants them
     */
    @SuppressWarnings("StringEquality")
    Found find(String name) {
        Object version = VERSION.getAcquire(type);
        Found found = kept[name.hashCode() & KEPT - 1];
        return found != null && found.name == name && found.version == version ? found : search(name, version);
    }

    /** As {@link Found#value}. */
    PyObject value(String name) {
        return find(name).value;
    }

    private Found search(String name, Object version) {
        boolean readPlainly = type.lookup("__getattribute__") == GETATTRIBUTE && type.lookup("__getattr__") == null;
        boolean writtenPlainly = type.lookup("__setattr__") == SETATTR;
        PyObject value = type.lookup(name);
        boolean direct =
                value instanceof Descriptor || value instanceof SlotFunction || value == DefaultNew.OBJECT_INIT;
        Found found = new Found(name, version, direct ? value : null, readPlainly, writtenPlainly);
        kept[name.hashCode() & KEPT - 1] = found;
        return found;
    }
}
