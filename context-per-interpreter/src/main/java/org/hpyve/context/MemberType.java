package org.hpyve.context;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;
import org.python.core.PyBoolean;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyUnicode;
import org.python.core.codecs;

/**
 * The types of a member ({@code HPyMember_FieldType}), and how Python values go into C memory and back. What fits not is
 * cut off with a RuntimeWarning, as CPython does; objects are the descriptor's business.
 */
enum MemberType {
    SHORT(0, 2),
    INT(1, 4),
    LONG(2, 8),
    FLOAT(3, 4),
    DOUBLE(4, 8),
    STRING(5, 8),
    OBJECT(6, 8),
    CHAR(7, 1),
    BYTE(8, 1),
    UBYTE(9, 1),
    USHORT(10, 2),
    UINT(11, 4),
    ULONG(12, 8),
    STRING_INPLACE(13, 1),
    BOOL(14, 1),
    OBJECT_EX(16, 8),
    LONGLONG(17, 8),
    ULONGLONG(18, 8),
    HPYSSIZET(19, 8),
    NONE(20, 0);

    private final int number;
    private final int bytes;

    MemberType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** SystemError if there is no such type. */
    static MemberType of(int number, String member) {
        for (MemberType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        throw Py.SystemError("bad memberdescr type for " + member);
    }

    /** The least that it takes of the struct, in bytes. */
    int bytes() {
        return bytes;
    }

    /** Is it an {@code HPyField}? */
    boolean isObject() {
        return this == OBJECT || this == OBJECT_EX;
    }

    private boolean isUnsigned() {
        return switch (this) {
            case UBYTE, USHORT, UINT, ULONG, ULONGLONG -> true;
            default -> false;
        };
    }

    /** The value at an address; of all types but objects. */
    PyObject read(long address) {
        return switch (this) {
            case NONE -> Py.None;
            case BOOL -> NativeMemory.load(address, 1) != 0 ? Py.True : Py.False;
            case FLOAT -> new PyFloat(Float.intBitsToFloat((int) NativeMemory.load(address, bytes)));
            case DOUBLE -> new PyFloat(Double.longBitsToDouble(NativeMemory.load(address, bytes)));
            case CHAR -> text(new byte[] {(byte) NativeMemory.load(address, 1)});
            case STRING -> {
                long pointer = NativeMemory.load(address, bytes);
                yield pointer == 0 ? Py.None : text(NativeMemory.bytes(pointer));
            }
            case STRING_INPLACE -> text(NativeMemory.bytes(address));
            case OBJECT, OBJECT_EX -> throw new IllegalStateException(name());
            default -> integer(NativeMemory.load(address, bytes));
        };
    }

    private PyObject integer(long value) {
        if (!isUnsigned() || bytes < Long.BYTES) {
            return Py.newInteger(isUnsigned() ? value & ((1L << (8 * bytes)) - 1) : value);
        }
        return value >= 0 ? Py.newInteger(value) : new PyLong(new BigInteger(Long.toUnsignedString(value)));
    }

    private static PyObject text(byte[] bytes) {
        return new PyUnicode(codecs.PyUnicode_DecodeUTF8(new String(bytes, StandardCharsets.ISO_8859_1), "strict"));
    }

    /** Writes a value to an address; of all types but objects. TypeError or OverflowError if it cannot be. */
    void write(long address, PyObject value) {
        switch (this) {
            case STRING, STRING_INPLACE, NONE -> throw Py.TypeError("readonly attribute");
            case BOOL -> {
                if (!(value instanceof PyBoolean)) {
                    throw Py.TypeError("attribute value type must be bool");
                }
                NativeMemory.store(address, bytes, value.__nonzero__() ? 1 : 0);
            }
            case FLOAT -> NativeMemory.store(address, bytes, Float.floatToRawIntBits((float) FloatApi.number(value)));
            case DOUBLE -> NativeMemory.store(address, bytes, Double.doubleToRawLongBits(FloatApi.number(value)));
            case CHAR -> NativeMemory.store(address, bytes, character(value));
            case OBJECT, OBJECT_EX -> throw new IllegalStateException(name());
            default -> NativeMemory.store(address, bytes, number(value).longValue());
        }
    }

    private static int character(PyObject value) {
        if (value instanceof PyString string) {
            String text = string.getString();
            if (text.length() == 1 && text.charAt(0) < 0x80) {
                return text.charAt(0);
            }
        }
        throw Py.TypeError("a character of ASCII is required");
    }

    private BigInteger number(PyObject value) {
        // As ever in CPython, the type with most room takes an int only, if it has no sign.
        if (isUnsigned() && bytes == Long.BYTES && !(value instanceof PyInteger || value instanceof PyLong)) {
            throw Py.TypeError("an integer is required");
        }
        BigInteger number = LongApi.index(value);
        boolean wide = isUnsigned() && bytes >= Integer.BYTES && number.signum() >= 0;
        if (number.bitLength() > (wide ? 64 : 63)) {
            throw Py.OverflowError("Python int too large to convert to C " + cName());
        }
        if (isUnsigned() && bytes >= Integer.BYTES && number.signum() < 0) {
            ErrApi.warn(Py.RuntimeWarning, "Writing negative value into unsigned field", 1);
        } else if (!fits(number)) {
            ErrApi.warn(Py.RuntimeWarning, "Truncation of value to " + cName(), 1);
        }
        return number;
    }

    private boolean fits(BigInteger number) {
        return isUnsigned() ? number.signum() >= 0 && number.bitLength() <= 8 * bytes : number.bitLength() < 8 * bytes;
    }

    private String cName() {
        return switch (this) {
            case BYTE -> "char";
            case UBYTE -> "unsigned char";
            case USHORT -> "unsigned short";
            case UINT -> "unsigned int";
            case ULONG -> "unsigned long";
            case LONGLONG -> "long long";
            case ULONGLONG -> "unsigned long long";
            case HPYSSIZET -> "ssize_t";
            default -> name().toLowerCase(Locale.ROOT);
        };
    }
}
