package org.hpyve.context;

import org.python.core.PyObject;
import org.python.core.PyType;

/**
 * How instances of one class are made, as it follows from the class and its bases. It hangs at the class, and holds as
 * long as these are not changed; objects that were made by it keep it.
 *
 * @param type the class
 * @param bases the class and all its bases
 * @param made the type whose struct instances have
 * @param buffer how instances give their memory away; null if they do not
 * @param finalizer the {@code tp_finalize} function; 0 if there is none
 * @param pool where structs come from; null if there is none
 * @param lookups of the class
 */
record Blueprint(
        PyType type,
        PyObject[] bases,
        HpyType made,
        HpyType.Buffer buffer,
        long finalizer,
        Pool pool,
        Lookups lookups) {

    /** Has the class still the same bases? */
    boolean holds() {
        return HpyType.bases(type) == bases;
    }

    /**
     * Can instances be made later than their structs? Nothing can fail then, no end can be missed, what is made does
     * not depend on the bases, and the class has no struct of a metaclass.
     */
    boolean makesLater() {
        return pool != null
                && type == made.type()
                && type.getClass() == PyType.class
                && !made.ends()
                && made.layout() == PyObject.TYPE;
    }

    /** Has the class an {@code __init__} other than object's? */
    boolean initialises() {
        return lookups.value("__init__") != DefaultNew.OBJECT_INIT;
    }
}
