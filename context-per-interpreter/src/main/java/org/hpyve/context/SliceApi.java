package org.hpyve.context;

import java.math.BigInteger;
import org.hpyve.bridge.NativeMemory;
import org.hpyve.bridge.upcall.SliceUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PySlice;

/** Slices. */
final class SliceApi extends Api implements SliceUpcalls {

    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    SliceApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long Slice_New(long start, long stop, long step) {
        return handle(new PySlice(orNone(start), orNone(stop), orNone(step)));
    }

    /** Writes start, stop and step to {@code parts}, clipped to 64 bits, with Python's defaults for None. */
    @Override
    public int Slice_Parts(long slice, long parts) {
        PyObject object = object(slice);
        if (!(object instanceof PySlice parsed)) {
            throw badArgument("HPySlice_Unpack", object);
        }

        long step = part(parsed.step, 1);
        if (step == 0) {
            throw Py.ValueError("slice step cannot be zero");
        }
        step = Math.max(step, -Long.MAX_VALUE);
        NativeMemory.store(parts, 8, part(parsed.start, step < 0 ? Long.MAX_VALUE : 0));
        NativeMemory.store(parts + 8, 8, part(parsed.stop, step < 0 ? Long.MIN_VALUE : Long.MAX_VALUE));
        NativeMemory.store(parts + 16, 8, step);
        return 0;
    }

    private PyObject orNone(long h) {
        PyObject object = objectOrNull(h);
        return object == null ? Py.None : object;
    }

    private static long part(PyObject value, long absent) {
        if (value == Py.None) {
            return absent;
        }
        if (!value.isIndex()) {
            throw Py.TypeError("slice indices must be integers or None or have an __index__ method");
        }
        return LongApi.index(value).max(MIN).min(MAX).longValue();
    }
}
