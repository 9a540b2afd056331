package org.hpyve.context;

import org.eclipse.collections.impl.list.mutable.FastList;
import org.eclipse.collections.impl.stack.mutable.primitive.IntArrayStack;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.Visitproc;

/** The objects that the {@code HPyField}s of one instance refer to. Index 0 stands for an empty field. */
final class Fields {

    private final FastList<PyObject> values = FastList.newListWith((PyObject) null);
    private final IntArrayStack free = new IntArrayStack();

    int store(int index, PyObject value) {
        if (index != 0) {
            check(index);
        }
        if (value == null) {
            if (index != 0) {
                values.set(index, null);
                free.push(index);
            }
            return 0;
        }
        if (index != 0) {
            values.set(index, value);
            return index;
        }
        if (free.notEmpty()) {
            int reused = free.pop();
            values.set(reused, value);
            return reused;
        }
        values.add(value);
        return values.size() - 1;
    }

    PyObject load(int index) {
        if (index == 0) {
            return null;
        }
        check(index);
        return values.get(index);
    }

    /** Visits the objects, until a visit gives anything but 0. */
    int traverse(Visitproc visit, Object arg) {
        for (PyObject value : values) {
            int result = value == null ? 0 : visit.visit(value, arg);
            if (result != 0) {
                return result;
            }
        }
        return 0;
    }

    private void check(int index) {
        if (index < 0 || index >= values.size() || values.get(index) == null) {
            throw Py.SystemError("HPyField " + index + " is not a field of this object");
        }
    }
}
