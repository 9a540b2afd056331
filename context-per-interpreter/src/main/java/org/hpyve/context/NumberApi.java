package org.hpyve.context;

import org.hpyve.bridge.upcall.NumberUpcalls;
import org.python.core.Py;
import org.python.core.PyComplex;
import org.python.core.PyFloat;
import org.python.core.PyInstance;
import org.python.core.PyInteger;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.__builtin__;

/** The number protocol: what Python's operators do. */
final class NumberApi extends Api implements NumberUpcalls {

    NumberApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public int Number_Check(long h) {
        PyObject object = object(h);
        if (object instanceof PyString) {
            return 0;
        }
        return object instanceof PyComplex || object.isIndex() || object.isNumberType() ? 1 : 0;
    }

    @Override
    public long Add(long h1, long h2) {
        return handle(object(h1)._add(object(h2)));
    }

    @Override
    public long Subtract(long h1, long h2) {
        return handle(object(h1)._sub(object(h2)));
    }

    @Override
    public long Multiply(long h1, long h2) {
        return handle(object(h1)._mul(object(h2)));
    }

    @Override
    public long FloorDivide(long h1, long h2) {
        return handle(object(h1)._floordiv(object(h2)));
    }

    @Override
    public long TrueDivide(long h1, long h2) {
        return handle(object(h1)._truediv(object(h2)));
    }

    @Override
    public long Remainder(long h1, long h2) {
        return handle(object(h1)._mod(object(h2)));
    }

    @Override
    public long Divmod(long h1, long h2) {
        return handle(object(h1)._divmod(object(h2)));
    }

    @Override
    public long Lshift(long h1, long h2) {
        return handle(object(h1)._lshift(object(h2)));
    }

    @Override
    public long Rshift(long h1, long h2) {
        return handle(object(h1)._rshift(object(h2)));
    }

    @Override
    public long And(long h1, long h2) {
        return handle(object(h1)._and(object(h2)));
    }

    @Override
    public long Xor(long h1, long h2) {
        return handle(object(h1)._xor(object(h2)));
    }

    @Override
    public long Or(long h1, long h2) {
        return handle(object(h1)._or(object(h2)));
    }

    @Override
    public long InPlaceAdd(long h1, long h2) {
        return handle(object(h1)._iadd(object(h2)));
    }

    @Override
    public long InPlaceSubtract(long h1, long h2) {
        return handle(object(h1)._isub(object(h2)));
    }

    @Override
    public long InPlaceMultiply(long h1, long h2) {
        return handle(object(h1)._imul(object(h2)));
    }

    @Override
    public long InPlaceFloorDivide(long h1, long h2) {
        return handle(object(h1)._ifloordiv(object(h2)));
    }

    @Override
    public long InPlaceTrueDivide(long h1, long h2) {
        return handle(object(h1)._itruediv(object(h2)));
    }

    @Override
    public long InPlaceRemainder(long h1, long h2) {
        return handle(object(h1)._imod(object(h2)));
    }

    @Override
    public long InPlaceLshift(long h1, long h2) {
        return handle(object(h1)._ilshift(object(h2)));
    }

    @Override
    public long InPlaceRshift(long h1, long h2) {
        return handle(object(h1)._irshift(object(h2)));
    }

    @Override
    public long InPlaceAnd(long h1, long h2) {
        return handle(object(h1)._iand(object(h2)));
    }

    @Override
    public long InPlaceXor(long h1, long h2) {
        return handle(object(h1)._ixor(object(h2)));
    }

    @Override
    public long InPlaceOr(long h1, long h2) {
        return handle(object(h1)._ior(object(h2)));
    }

    @Override
    public long Negative(long h1) {
        return handle(object(h1).__neg__());
    }

    @Override
    public long Positive(long h1) {
        return handle(object(h1).__pos__());
    }

    @Override
    public long Absolute(long h1) {
        return handle(object(h1).__abs__());
    }

    @Override
    public long Invert(long h1) {
        return handle(object(h1).__invert__());
    }

    @Override
    public long MatrixMultiply(long h1, long h2) {
        return handle(matrixMultiply(object(h1), object(h2)));
    }

    @Override
    public long InPlaceMatrixMultiply(long h1, long h2) {
        PyObject left = object(h1);
        PyObject right = object(h2);
        PyObject result = invoke(left, "__imatmul__", right);
        return handle(result != null ? result : matrixMultiply(left, right));
    }

    /** Python 2.7 has no {@code @}; the methods are looked up as Python 3 would. */
    private static PyObject matrixMultiply(PyObject left, PyObject right) {
        boolean rightFirst =
                left.getType() != right.getType() && right.getType().isSubType(left.getType());
        PyObject result = rightFirst ? invoke(right, "__rmatmul__", left) : invoke(left, "__matmul__", right);
        if (result == null) {
            result = rightFirst ? invoke(left, "__matmul__", right) : invoke(right, "__rmatmul__", left);
        }
        if (result == null) {
            throw Py.TypeError(
                    "unsupported operand type(s) for @: '" + typeName(left) + "' and '" + typeName(right) + "'");
        }
        return result;
    }

    private static PyObject invoke(PyObject object, String method, PyObject argument) {
        PyObject function = special(object, method);
        if (function == null) {
            return null;
        }
        PyObject result = function.__call__(argument);
        return result == Py.NotImplemented ? null : result;
    }

    /** A special method, bound: of the type, or of an old-style instance; null if there is none. */
    static PyObject special(PyObject object, String method) {
        if (object instanceof PyInstance) {
            return object.__findattr__(method);
        }
        PyObject function = object.getType().lookup(method);
        return function == null ? null : function.__get__(object, object.getType());
    }

    @Override
    public long Power(long h1, long h2, long h3) {
        return handle(power(object(h1), object(h2), object(h3)));
    }

    @Override
    public long InPlacePower(long h1, long h2, long h3) {
        PyObject third = object(h3);
        PyObject base = object(h1);
        PyObject exponent = object(h2);
        if (third == Py.None) {
            return handle(base._ipow(exponent));
        }
        // As in CPython, __ipow__ is never given the third argument.
        PyObject result = invoke(base, "__ipow__", exponent);
        return handle(result != null ? result : power(base, exponent, third));
    }

    private static PyObject power(PyObject base, PyObject exponent, PyObject modulus) {
        return modulus == Py.None ? base._pow(exponent) : __builtin__.pow(base, exponent, modulus);
    }

    @Override
    public long Index(long h1) {
        return handle(LongApi.indexObject(object(h1)));
    }

    /** As in Python 3, {@code __index__} will do where {@code __int__} is not there. */
    @Override
    public long Long(long h1) {
        PyObject object = object(h1);
        boolean indexed =
                object.isIndex() && special(object, "__int__") == null && special(object, "__trunc__") == null;
        return handle(indexed ? LongApi.indexObject(object) : PyInteger.TYPE.__call__(object));
    }

    @Override
    public long Float(long h1) {
        PyObject object = object(h1);
        boolean indexed = object.isIndex() && special(object, "__float__") == null;
        return handle(PyFloat.TYPE.__call__(indexed ? LongApi.indexObject(object) : object));
    }
}
