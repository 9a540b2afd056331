package org.hpyve.host;

import org.python.core.PyObject;

/**
 * A Python object that has no Java form. It can only be handed back to the interpreter that it belongs to; every other
 * one refuses it.
 */
public final class PythonReference {

    private final Interpreter interpreter;
    private final PyObject object;
    private final String typeName;

    PythonReference(Interpreter interpreter, PyObject object) {
        this.interpreter = interpreter;
        this.object = object;
        this.typeName = object.getType().fastGetName();
    }

    /** The interpreter that the object belongs to. */
    public Interpreter interpreter() {
        return interpreter;
    }

    /** The name of the object's type. */
    public String typeName() {
        return typeName;
    }

    PyObject object() {
        return object;
    }

    @Override
    public String toString() {
        return "<Python " + typeName + " of interpreter '" + interpreter.name() + "'>";
    }
}
