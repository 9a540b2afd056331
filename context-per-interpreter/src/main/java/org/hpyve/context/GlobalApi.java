package org.hpyve.context;

import org.eclipse.collections.impl.map.mutable.primitive.IntObjectHashMap;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.Image;
import org.hpyve.bridge.upcall.GlobalUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;

/**
 * Values of {@code HPyGlobal} variables in one context. The variable itself holds a slot number, which is written once
 * for each image; so contexts may share the variable and not the value.
 */
final class GlobalApi extends Api implements GlobalUpcalls {

    /** By slot number; null for a variable that holds nothing. */
    private final IntObjectHashMap<PyObject> values = new IntObjectHashMap<>();

    GlobalApi(InterpreterContext context) {
        super(context);
    }

    /** Numbers the variables of a module, and knows them from then on. */
    void register(Image image, long[] variables) {
        for (long variable : variables) {
            values.getIfAbsentPut(image.number(variable), (PyObject) null);
        }
    }

    @Override
    public void Global_Put(long index, long h) {
        PyObject value = objectOrNull(h);
        PyObject old = values.put(checked(index), value);
        if (old == null != (value == null)) {
            context.bridge().countGlobals(value == null ? -1 : 1);
        }
    }

    @Override
    public long Global_Get(long index) {
        PyObject value = values.get(checked(index));
        return value == null ? Handles.NULL : handle(value);
    }

    private int checked(long index) {
        if (index != (int) index || !values.containsKey((int) index)) {
            throw Py.SystemError("an HPyGlobal was used that no module of interpreter '" + context.name()
                    + "' registered in its definition");
        }
        return (int) index;
    }
}
