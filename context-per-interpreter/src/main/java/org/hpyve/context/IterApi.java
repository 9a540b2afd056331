package org.hpyve.context;

import org.hpyve.bridge.Handles;
import org.hpyve.bridge.upcall.IterUpcalls;
import org.python.core.PyObject;

/** Iterators. The end is {@code HPy_NULL} without an exception. */
final class IterApi extends Api implements IterUpcalls {

    IterApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long GetIter(long obj) {
        return handle(object(obj).__iter__());
    }

    @Override
    public long Iter_Next(long obj) {
        PyObject item = object(obj).__iternext__();
        return item == null ? Handles.NULL : handle(item);
    }

    /** Python 2.7 spells it {@code next}. */
    @Override
    public int Iter_Check(long obj) {
        return object(obj).getType().lookup("next") != null ? 1 : 0;
    }
}
