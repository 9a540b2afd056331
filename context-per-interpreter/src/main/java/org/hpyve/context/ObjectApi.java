package org.hpyve.context;

import org.hpyve.bridge.Handles;
import org.hpyve.bridge.upcall.ObjectUpcalls;
import org.python.core.Py;
import org.python.core.PyArray;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PySlice;
import org.python.core.PyString;
import org.python.core.PyUnicode;
import org.python.core.__builtin__;

/** The object protocol: attributes, items, truth, text forms, comparison. */
final class ObjectApi extends Api implements ObjectUpcalls {

    private static final int LT = 0;
    private static final int LE = 1;
    private static final int EQ = 2;
    private static final int NE = 3;
    private static final int GT = 4;
    private static final int GE = 5;

    ObjectApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long Length(long h) {
        PyObject object = object(h);
        try {
            return object.__len__();
        } catch (PyException e) {
            // Jython says "object of type 'int' has no len()" only from len().
            if (e.match(Py.AttributeError)) {
                throw Py.TypeError("object of type '" + typeName(object) + "' has no len()");
            }
            throw e;
        }
    }

    @Override
    public int IsTrue(long h) {
        return object(h).__nonzero__() ? 1 : 0;
    }

    @Override
    public long GetAttr(long obj, long name) {
        return handle(object(obj).__getattr__(attributeName(object(name))));
    }

    @Override
    public long GetAttr_s(long obj, String utf8_name) {
        return handle(object(obj).__getattr__(utf8_name.intern()));
    }

    @Override
    public int HasAttr(long obj, long name) {
        PyObject object = object(obj);
        PyObject key = object(name);
        return key instanceof PyString && has(object, attributeName(key)) ? 1 : 0;
    }

    @Override
    public int HasAttr_s(long obj, String utf8_name) {
        return has(object(obj), utf8_name.intern()) ? 1 : 0;
    }

    /** Every Python exception means no. */
    private static boolean has(PyObject object, String name) {
        try {
            return object.__findattr__(name) != null;
        } catch (PyException e) {
            return false;
        }
    }

    @Override
    public int SetAttr(long obj, long name, long value) {
        return setAttribute(object(obj), attributeName(object(name)), objectOrNull(value));
    }

    @Override
    public int SetAttr_s(long obj, String utf8_name, long value) {
        return setAttribute(object(obj), utf8_name.intern(), objectOrNull(value));
    }

    private static int setAttribute(PyObject object, String name, PyObject value) {
        if (value == null) {
            object.__delattr__(name);
        } else {
            object.__setattr__(name, value);
        }
        return 0;
    }

    @Override
    public long GetItem(long obj, long key) {
        return handle(object(obj).__getitem__(object(key)));
    }

    @Override
    public long GetItem_i(long obj, long idx) {
        return handle(object(obj).__getitem__(Py.newInteger(idx)));
    }

    @Override
    public long GetItem_s(long obj, String utf8_key) {
        return handle(object(obj).__getitem__(Py.newUnicode(utf8_key)));
    }

    @Override
    public int Contains(long container, long key) {
        return object(container).__contains__(object(key)) ? 1 : 0;
    }

    @Override
    public int SetItem(long obj, long key, long value) {
        object(obj).__setitem__(object(key), object(value));
        return 0;
    }

    @Override
    public int SetItem_i(long obj, long idx, long value) {
        object(obj).__setitem__(Py.newInteger(idx), object(value));
        return 0;
    }

    @Override
    public int SetItem_s(long obj, String utf8_key, long value) {
        object(obj).__setitem__(Py.newUnicode(utf8_key), object(value));
        return 0;
    }

    @Override
    public int DelItem(long obj, long key) {
        object(obj).__delitem__(object(key));
        return 0;
    }

    @Override
    public int DelItem_i(long obj, long idx) {
        object(obj).__delitem__(Py.newInteger(idx));
        return 0;
    }

    @Override
    public int DelItem_s(long obj, String utf8_key) {
        object(obj).__delitem__(Py.newUnicode(utf8_key));
        return 0;
    }

    @Override
    public long GetSlice(long obj, long start, long end) {
        return handle(object(obj).__getitem__(slice(start, end)));
    }

    @Override
    public int SetSlice(long obj, long start, long end, long value) {
        object(obj).__setitem__(slice(start, end), object(value));
        return 0;
    }

    @Override
    public int DelSlice(long obj, long start, long end) {
        object(obj).__delitem__(slice(start, end));
        return 0;
    }

    private static PySlice slice(long start, long end) {
        return new PySlice(Py.newInteger(start), Py.newInteger(end), Py.None);
    }

    @Override
    public long Repr(long obj) {
        return obj == Handles.NULL ? handle(new PyUnicode("<NULL>")) : text(object(obj).__repr__());
    }

    @Override
    public long Str(long obj) {
        return obj == Handles.NULL ? handle(new PyUnicode("<NULL>")) : text(object(obj).__unicode__());
    }

    /** A repr of Python 2.7 is 7-bit, as ascii() of Python 3. */
    @Override
    public long ASCII(long obj) {
        return Repr(obj);
    }

    @Override
    public long Bytes(long obj) {
        PyObject object = object(obj);
        if (object instanceof PyUnicode) {
            throw Py.TypeError("string argument without an encoding");
        }
        if (object instanceof PyString) {
            return handle(object);
        }
        PyObject method = object.getType().lookup("__bytes__");
        if (method != null) {
            return handle(method.__get__(object, object.getType()).__call__());
        }
        if (object.isNumberType()) {
            throw Py.TypeError("cannot convert '" + typeName(object) + "' object to bytes");
        }
        if (object instanceof PyArray) {
            return handle(new PyString(((PyArray) object).tostring()));
        }
        // A buffer or an iterable of ints, as bytes() of Python 3 takes them.
        PyObject array = __builtin__.__import__("array").__getattr__("array");
        return handle(array.__call__(Py.newString("B"), object).invoke("tostring"));
    }

    @Override
    public long RichCompare(long v, long w, int op) {
        return handle(compare(object(v), object(w), op));
    }

    @Override
    public int RichCompareBool(long v, long w, int op) {
        PyObject left = object(v);
        PyObject right = object(w);
        if (left == right && (op == EQ || op == NE)) {
            return op == EQ ? 1 : 0;
        }
        return compare(left, right, op).__nonzero__() ? 1 : 0;
    }

    private static PyObject compare(PyObject left, PyObject right, int op) {
        return switch (op) {
            case LT -> left._lt(right);
            case LE -> left._le(right);
            case EQ -> left._eq(right);
            case NE -> left._ne(right);
            case GT -> left._gt(right);
            case GE -> left._ge(right);
            default -> throw Py.SystemError("bad operation of a rich comparison: " + op);
        };
    }

    @Override
    public long Hash(long obj) {
        return __builtin__.hash(object(obj)).asLong();
    }

    @Override
    public void Dump(long h) {
        PyObject object = object(h);
        System.err.println("object type     : " + typeName(object));
        System.err.println("object repr     : " + object.__repr__());
    }
}
