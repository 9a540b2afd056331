package org.hpyve.context;

import org.hpyve.bridge.Handles;
import org.hpyve.bridge.upcall.IterUpcalls;
import org.python.core.Py;
import org.python.core.PyInstance;
import org.python.core.PyIterator;
import org.python.core.PyObject;

/** Iterators. The end is {@code HPy_NULL} without an exception. */
final class IterApi extends Api implements IterUpcalls {

    IterApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long GetIter(long obj) {
        PyObject iterator = object(obj).__iter__();
        if (!isIterator(iterator)) {
            throw Py.TypeError("iter() returned non-iterator of type '" + typeName(iterator) + "'");
        }
        return handle(iterator);
    }

    @Override
    public long Iter_Next(long obj) {
        PyObject iterator = object(obj);
        if (!isIterator(iterator)) {
            throw Py.TypeError("'" + typeName(iterator) + "' object is not an iterator");
        }
        PyObject item = iterator.__iternext__();
        return item == null ? Handles.NULL : handle(item);
    }

    @Override
    public int Iter_Check(long obj) {
        return isIterator(object(obj)) ? 1 : 0;
    }

    /** Python 2.7 spells it {@code next}; an instance of a classic class keeps it in its class or in itself. */
    static boolean isIterator(PyObject object) {
        return object instanceof PyIterator
                || object.getType().lookup("next") != null
                || (object instanceof PyInstance && object.__findattr__("next") != null);
    }
}
