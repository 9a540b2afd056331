package org.hpyve.context;

import org.hpyve.bridge.upcall.TupleUpcalls;
import org.python.core.PyTuple;

/** Tuples. */
final class TupleApi extends Api implements TupleUpcalls {

    TupleApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long Tuple_FromArray(long[] items) {
        return handle(new PyTuple(objects(items)));
    }
}
