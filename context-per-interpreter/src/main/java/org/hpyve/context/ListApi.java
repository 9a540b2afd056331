package org.hpyve.context;

import org.hpyve.bridge.upcall.ListUpcalls;
import org.python.core.Py;
import org.python.core.PyList;
import org.python.core.PyObject;

/** Lists. */
final class ListApi extends Api implements ListUpcalls {

    ListApi(InterpreterContext context) {
        super(context);
    }

    /** The items are None until they are set. */
    @Override
    public long List_New(long len) {
        if (len < 0) {
            throw Py.SystemError("HPyList_New: negative length " + len);
        }
        if (len > Integer.MAX_VALUE - 8) {
            throw Py.MemoryError("HPyList_New: length " + len);
        }
        PyObject[] items = new PyObject[(int) len];
        java.util.Arrays.fill(items, Py.None);
        return handle(new PyList(items));
    }

    @Override
    public long List_FromArray(long[] items) {
        return handle(new PyList(objects(items)));
    }

    @Override
    public int List_Append(long h_list, long h_item) {
        list(h_list, "HPyList_Append").append(object(h_item));
        return 0;
    }

    @Override
    public int List_Insert(long h_list, long index, long h_item) {
        PyList list = list(h_list, "HPyList_Insert");
        list.insert((int) Math.max(Math.min(index, Integer.MAX_VALUE), Integer.MIN_VALUE), object(h_item));
        return 0;
    }

    private PyList list(long h, String function) {
        PyObject object = object(h);
        if (object instanceof PyList pyList) {
            return pyList;
        }
        throw badArgument(function, object);
    }
}
