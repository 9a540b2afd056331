package org.hpyve.host;

/**
 * A Python object that has no Java form. It can only be handed back to the interpreter that it belongs to; every other
 * one refuses it. When its interpreter is closed it lets go of the object.
 */
public final class PythonReference {

    private final Interpreter interpreter;
    private final String typeName;

    /** Null when the interpreter is closed. Touched by the interpreter's owner thread only. */
    private Object object;

    PythonReference(Interpreter interpreter, Object object, String typeName) {
        this.interpreter = interpreter;
        this.object = object;
        this.typeName = typeName;
    }

    /** The interpreter that the object belongs to. */
    public Interpreter interpreter() {
        return interpreter;
    }

    /** The name of the object's type. */
    public String typeName() {
        return typeName;
    }

    Object object() {
        return object;
    }

    void release() {
        object = null;
    }

    @Override
    public String toString() {
        return "<Python " + typeName + " of interpreter '" + interpreter.name() + "'>";
    }
}
