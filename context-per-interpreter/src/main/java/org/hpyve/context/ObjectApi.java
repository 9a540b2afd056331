package org.hpyve.context;

import java.math.BigInteger;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.upcall.ObjectUpcalls;
import org.python.core.BufferProtocol;
import org.python.core.Py;
import org.python.core.PyArray;
import org.python.core.PyBUF;
import org.python.core.PyBuffer;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyInstance;
import org.python.core.PyObject;
import org.python.core.PyObjectDerived;
import org.python.core.PySlice;
import org.python.core.PyString;
import org.python.core.PyUnicode;
import org.python.core.codecs;

/** The object protocol: attributes, items, truth, text forms, comparison. */
final class ObjectApi extends Api implements ObjectUpcalls {

    private static final int LT = 0;
    private static final int LE = 1;
    private static final int EQ = 2;
    private static final int NE = 3;
    private static final int GT = 4;
    private static final int GE = 5;

    private final ReadAhead readAhead;

    ObjectApi(InterpreterContext context, ReadAhead readAhead) {
        super(context);
        this.readAhead = readAhead;
    }

    @Override
    public long Read_Items(long h, long dict, long start, long n, long block) {
        return readAhead.fill(object(h), (PyDictionary) objectOrNull(dict), start, (int) n, block);
    }

    @Override
    public long Length(long h) {
        int length = object(h).__len__();
        if (length < 0) {
            throw Py.ValueError("__len__() should return >= 0");
        }
        return length;
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
        return handle(object(obj).__getattr__(attributeName(utf8_name)));
    }

    @Override
    public int HasAttr(long obj, long name) {
        PyObject object = object(obj);
        PyObject key = object(name);
        return key instanceof PyString && has(object, attributeName(key)) ? 1 : 0;
    }

    @Override
    public int HasAttr_s(long obj, String utf8_name) {
        return has(object(obj), attributeName(utf8_name)) ? 1 : 0;
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
        return setAttribute(object(obj), attributeName(utf8_name), objectOrNull(value));
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
        PyObject object = object(obj);
        return handle(object.__getitem__(Py.newInteger(idx < 0 ? fromEnd(object, idx) : idx)));
    }

    /** CPython adds the length before it asks a sequence, which for a class made in Python makes a difference. */
    private static long fromEnd(PyObject object, long idx) {
        boolean sequence = object.getClass() == PyObjectDerived.class || object instanceof PyInstance;
        return sequence && NumberApi.special(object, "__len__") != null ? idx + object.__len__() : idx;
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
        return obj == Handles.NULL
                ? handle(new PyUnicode("<NULL>"))
                : text(object(obj).__repr__());
    }

    @Override
    public long Str(long obj) {
        if (obj == Handles.NULL) {
            return handle(new PyUnicode("<NULL>"));
        }
        PyUnicode text = object(obj).__unicode__();
        // A subclass without __unicode__ gives itself.
        return handle(text.getClass() == PyUnicode.class ? text : new PyUnicode(text.getString()));
    }

    /** Built-in types have a 7-bit repr in Python 2.7; a class may give any unicode. */
    @Override
    public long ASCII(long obj) {
        if (obj == Handles.NULL) {
            return Repr(obj);
        }
        String text = new PyUnicode(object(obj).__repr__()).getString();
        return handle(new PyUnicode(codecs.encode(new PyUnicode(text), "ascii", "backslashreplace")));
    }

    /** What bytes() of Python 3 gives, but no text and no int is taken. */
    @Override
    public long Bytes(long obj) {
        if (obj == Handles.NULL) {
            return handle(new PyString("<NULL>"));
        }
        PyObject object = object(obj);
        if (object.getClass() == PyString.class) {
            return handle(object);
        }
        PyObject method = NumberApi.special(object, "__bytes__");
        if (method == null) {
            return handle(new PyString(content(object)));
        }
        PyObject bytes = method.__call__();
        if (bytes instanceof PyString && !(bytes instanceof PyUnicode)) {
            return handle(bytes);
        }
        throw Py.TypeError("__bytes__ returned non-bytes (type " + typeName(bytes) + ")");
    }

    /** The bytes of a buffer or of an iterable of ints. */
    private static String content(PyObject object) {
        if (object instanceof PyUnicode) {
            throw noBytes(object);
        }
        if (object instanceof PyArray pyArray) {
            return pyArray.tostring();
        }
        if (object instanceof BufferProtocol bufferProtocol) {
            try (PyBuffer buffer = bufferProtocol.getBuffer(PyBUF.FULL_RO)) {
                return buffer.toString();
            }
        }
        PyObject iterator;
        try {
            iterator = object.__iter__();
        } catch (PyException e) {
            throw e.match(Py.TypeError) ? noBytes(object) : e;
        }
        if (!IterApi.isIterator(iterator)) {
            throw noBytes(object);
        }
        StringBuilder content = new StringBuilder();
        for (PyObject item = iterator.__iternext__(); item != null; item = iterator.__iternext__()) {
            BigInteger value = LongApi.index(item);
            if (value.signum() < 0 || value.bitLength() > 8) {
                throw Py.ValueError("bytes must be in range(0, 256)");
            }
            content.append((char) value.intValue());
        }
        return content.toString();
    }

    private static PyException noBytes(PyObject object) {
        return Py.TypeError("cannot convert '" + typeName(object) + "' object to bytes");
    }

    @Override
    public long RichCompare(long v, long w, int op) {
        return handle(compare(object(v), object(w), op));
    }

    @Override
    public int RichCompareBool(long v, long w, int op) {
        PyObject left = object(v);
        PyObject right = object(w);
        // Ints and floats are one object if their handles are equal, as HPy_Is has it; a NaN too.
        if ((v == w || left == right) && (op == EQ || op == NE)) {
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
        PyObject object = object(obj);
        if (object.getType().lookup("__hash__") == Py.None) {
            throw Py.TypeError("unhashable type: '" + typeName(object) + "'");
        }
        long hash = object.__hash__().getValue();
        // -1 tells C of an error; CPython has no such hash either.
        return hash == -1 ? -2 : hash;
    }

    @Override
    public void Dump(long h) {
        PyObject object = object(h);
        System.err.println("object type     : " + typeName(object));
        System.err.println("object repr     : " + object.__repr__());
    }
}
