package org.hpyve.host;

/**
 * A Python object that has no Java form, or that was asked for as itself. It stays where it is: it can be handed back to
 * the interpreter that it belongs to, every other one refuses it, and its methods run there. When its interpreter is
 * closed, or when nobody has the reference any more, it lets go of the object.
 */
public final class PythonReference {

    private final Interpreter interpreter;
    private final String typeName;

    /** Null when the interpreter is closed. Touched by threads that run the interpreter only. */
    private volatile Object object;

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

    /** Calls the object. */
    public Object call(Object... arguments) {
        return interpreter.ask(runtime -> runtime.objects().call(this, null, arguments, Object.class));
    }

    /** Calls the object, and gives the result as an instance of a type. */
    public <T> T call(Class<T> type, Object... arguments) {
        return Types.cast(type, interpreter.ask(runtime -> runtime.objects().call(this, null, arguments, type)));
    }

    /** Calls a method of the object. */
    public Object invoke(String method, Object... arguments) {
        return interpreter.ask(runtime -> runtime.objects().call(this, method, arguments, Object.class));
    }

    /** Calls a method of the object, and gives the result as an instance of a type. */
    public <T> T invoke(Class<T> type, String method, Object... arguments) {
        return Types.cast(type, interpreter.ask(runtime -> runtime.objects().call(this, method, arguments, type)));
    }

    /** Can the object be called? */
    public boolean isCallable() {
        return hasMethod("__call__");
    }

    /** Has the object a method of this name? */
    public boolean hasMethod(String method) {
        return interpreter.ask(runtime -> runtime.objects().hasMethod(this, method));
    }

    /**
     * The object in the form of a type, as {@link Interpreter#eval(String, Class)} gives it.
     *
     * @throws ClassCastException if it has no such form
     */
    public <T> T as(Class<T> type) {
        return Types.cast(type, interpreter.ask(runtime -> runtime.objects().convert(this, type)));
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
