package org.hpyve.context;

import org.eclipse.collections.impl.list.mutable.FastList;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.NativeMemory;
import org.hpyve.bridge.upcall.GlobalUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;

/**
 * Values of {@code HPyGlobal} variables in one context. The variable itself holds a slot number, which is written once,
 * when its module is created.
 */
final class GlobalApi extends Api implements GlobalUpcalls {

    /** By slot number; 0 is never used. */
    private final FastList<PyObject> values = FastList.newListWith((PyObject) null);

    GlobalApi(InterpreterContext context) {
        super(context);
    }

    /** Numbers the variables of a module. */
    void register(long[] variables) {
        for (long variable : variables) {
            NativeMemory.store(variable, 8, values.size());
            values.add(null);
        }
    }

    @Override
    public void Global_Put(long index, long h) {
        values.set(checked(index), objectOrNull(h));
    }

    @Override
    public long Global_Get(long index) {
        PyObject value = values.get(checked(index));
        return value == null ? Handles.NULL : handle(value);
    }

    private int checked(long index) {
        if (index <= 0 || index >= values.size()) {
            throw Py.SystemError("an HPyGlobal was used that no module of interpreter '" + context.name()
                    + "' registered in its definition");
        }
        return (int) index;
    }
}
