package org.hpyve.context;

import org.python.core.BufferProtocol;
import org.python.core.Py;
import org.python.core.Py2kBuffer;
import org.python.core.PyBuffer;

/** An instance of a type that gives its memory away: Jython asks the Java class of an object, not its type. */
final class BufferInstance extends HpyInstance implements BufferProtocol {

    private static final long serialVersionUID = 1L;

    BufferInstance(NativeState state) {
        super(state);
    }

    /** Of the type that an extension made. */
    String typeName() {
        return state().made().type().fastGetName();
    }

    InterpreterContext context() {
        return state().made().context();
    }

    /** The functions of its class; null if the class was changed to one that has none. */
    HpyType.Buffer functions() {
        return unchanged() ? state().blueprint().buffer() : HpyType.bufferOf(getType(), context());
    }

    /** Jython's {@code struct} takes {@code buffer} objects, but asks no object for its memory. */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"})
    public Object __tojava__(Class c) {
        return c == Py2kBuffer.class ? new Py2kBuffer(this, 0, -1) : super.__tojava__(c);
    }

    @Override
    public PyBuffer getBuffer(int flags) {
        HpyType.Buffer functions = functions();
        if (functions == null) {
            throw Py.TypeError("'" + Api.typeName(this) + "' does not have the buffer interface");
        }
        return context().exports().open(this, functions, flags);
    }
}
