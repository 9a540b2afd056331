package org.hpyve.context;

import org.python.core.PyObject;

/** An object with a C struct and fields: an instance of a type that an extension made. */
interface HpyObject {

    /** The address of the C struct; 0 if the type has none. */
    long data();

    /**
     * Stores into a field.
     *
     * @param index what the field holds now; 0 if it is empty
     * @param value null empties the field
     * @return what the field holds from now on
     */
    int store(int index, PyObject value);

    /** The object in a field; null if it is empty. */
    PyObject load(int index);
}
