package org.hpyve.context;

import java.math.BigInteger;
import org.hpyve.bridge.upcall.LongUpcalls;
import org.python.core.Py;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;

/** Ints that do not fit a handle, subclasses of int, and objects with {@code __index__}. */
final class LongApi extends Api implements LongUpcalls {

    private static final BigInteger UINT32_MAX = BigInteger.valueOf(0xffff_ffffL);
    private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    LongApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long Long_FromInt64_t(long v) {
        return handle(new PyLong(v));
    }

    @Override
    public long Long_FromUInt64_t(long v) {
        return handle(new PyLong(new BigInteger(Long.toUnsignedString(v))));
    }

    @Override
    public int Long_AsInt32_t(long h) {
        BigInteger value = index(object(h));
        if (value.bitLength() > 31) {
            throw Py.OverflowError("Python int too large to convert to C int32_t");
        }
        return value.intValue();
    }

    @Override
    public int Long_AsUInt32_t(long h) {
        return unsigned(exactInt(object(h)), UINT32_MAX, "uint32_t").intValue();
    }

    @Override
    public int Long_AsUInt32_tMask(long h) {
        return index(object(h)).intValue();
    }

    @Override
    public long Long_AsInt64_t(long h) {
        BigInteger value = index(object(h));
        if (value.bitLength() > 63) {
            throw Py.OverflowError("Python int too large to convert to C int64_t");
        }
        return value.longValue();
    }

    @Override
    public long Long_AsUInt64_t(long h) {
        return unsigned(exactInt(object(h)), UINT64_MAX, "uint64_t").longValue();
    }

    @Override
    public long Long_AsUInt64_tMask(long h) {
        return index(object(h)).longValue();
    }

    @Override
    public long Long_AsSize_t(long h) {
        return unsigned(exactInt(object(h)), UINT64_MAX, "size_t").longValue();
    }

    /** Unlike the conversions to fixed widths, this one takes ints only: {@code __index__} is not tried. */
    @Override
    public long Long_AsSsize_t(long h) {
        BigInteger value = exactInt(object(h));
        if (value.bitLength() > 63) {
            throw Py.OverflowError("Python int too large to convert to C ssize_t");
        }
        return value.longValue();
    }

    @Override
    public long Long_AsVoidPtr(long h) {
        BigInteger value = exactInt(object(h));
        if (value.signum() < 0 ? value.bitLength() > 63 : value.bitLength() > 64) {
            throw Py.OverflowError("int too large to convert to a pointer");
        }
        return value.longValue();
    }

    @Override
    public double Long_AsDouble(long h) {
        return toDouble(exactInt(object(h)));
    }

    static double toDouble(BigInteger value) {
        double result = value.doubleValue();
        if (Double.isInfinite(result)) {
            throw Py.OverflowError("int too large to convert to float");
        }
        return result;
    }

    private static BigInteger unsigned(BigInteger value, BigInteger max, String type) {
        if (value.signum() < 0) {
            throw Py.OverflowError("can't convert negative value to " + type);
        }
        if (value.compareTo(max) > 0) {
            throw Py.OverflowError("Python int too large to convert to C " + type);
        }
        return value;
    }

    /** The value of an int, or null for any other object. */
    private static BigInteger valueOf(PyObject object) {
        if (object instanceof PyInteger pyInteger) {
            return BigInteger.valueOf(pyInteger.getValue());
        }
        return object instanceof PyLong pyLong ? pyLong.getValue() : null;
    }

    private static BigInteger exactInt(PyObject object) {
        BigInteger value = valueOf(object);
        if (value == null) {
            throw Py.TypeError("an integer is required");
        }
        return value;
    }

    /** The value of an int, or of what {@code __index__} gives. */
    static BigInteger index(PyObject object) {
        return valueOf(indexObject(object));
    }

    /** An int itself, or the int that {@code __index__} gives. */
    static PyObject indexObject(PyObject object) {
        if (valueOf(object) != null) {
            return object;
        }
        if (!object.isIndex()) {
            throw Py.TypeError("'" + typeName(object) + "' object cannot be interpreted as an integer");
        }
        PyObject index = object.__index__();
        if (valueOf(index) == null) {
            throw Py.TypeError("__index__ returned non-int (type " + typeName(index) + ")");
        }
        return index;
    }
}
