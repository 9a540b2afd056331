package org.hpyve.context;

import org.hpyve.bridge.Handles;
import org.hpyve.bridge.upcall.FieldUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;

/** {@code HPyField}: an index into the objects of its owner, where the JVM's collector sees them; 0 is empty. */
final class FieldApi extends Api implements FieldUpcalls {

    FieldApi(InterpreterContext context) {
        super(context);
    }

    /** The index that the field holds from now on. */
    @Override
    public long Field_Put(long owner, long index, long h) {
        return fields(owner, "HPyField_Store").store(checked(index), objectOrNull(h));
    }

    @Override
    public long Field_Get(long owner, long index) {
        PyObject value = fields(owner, "HPyField_Load").load(checked(index));
        return value == null ? Handles.NULL : handle(value);
    }

    static int checked(long index) {
        if (index != (int) index) {
            throw Py.SystemError("HPyField " + index + " is not a field of any object");
        }
        return (int) index;
    }

    private NativeState fields(long owner, String function) {
        PyObject object = object(owner);
        NativeState state = context.instances().stateOf(object);
        if (state == null) {
            throw badArgument(function, object);
        }
        return state;
    }
}
