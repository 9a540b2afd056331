package org.hpyve.context;

import java.nio.charset.StandardCharsets;
import org.hpyve.bridge.upcall.UnicodeUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyUnicode;
import org.python.core.codecs;

/**
 * HPy's text, which is Python 2.7's unicode. A 7-bit str is text too, unless text is strict.
 *
 * <p>Sizes and indexes are code points, as Python counts.
 */
final class UnicodeApi extends Api implements UnicodeUpcalls {

    UnicodeApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public int Unicode_Check(long h) {
        return isText(object(h)) ? 1 : 0;
    }

    @Override
    public long Unicode_FromUtf16(String chars) {
        return handle(new PyUnicode(chars));
    }

    @Override
    public long Unicode_Decode(byte[] bytes, String encoding, String errors) {
        return handle(decode(new PyString(new String(bytes, StandardCharsets.ISO_8859_1)), encoding, errors));
    }

    @Override
    public void Unicode_DecodeError(byte[] bytes, long start, long end, String reason) {
        throw Py.UnicodeDecodeError(
                "utf-8", new String(bytes, StandardCharsets.ISO_8859_1), (int) start, (int) end, reason);
    }

    @Override
    public byte[] Unicode_Utf8(long h) {
        return text(object(h), "HPyUnicode_AsUTF8AndSize").getString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long Unicode_AsASCIIString(long h) {
        return encode(h, "ascii", "HPyUnicode_AsASCIIString");
    }

    @Override
    public long Unicode_AsLatin1String(long h) {
        return encode(h, "latin-1", "HPyUnicode_AsLatin1String");
    }

    @Override
    public long Unicode_AsUTF8String(long h) {
        return encode(h, "utf-8", "HPyUnicode_AsUTF8String");
    }

    @Override
    public long Unicode_EncodeFSDefault(long h) {
        return encode(h, "utf-8", "HPyUnicode_EncodeFSDefault");
    }

    private long encode(long h, String encoding, String function) {
        return handle(new PyString(codecs.encode(text(object(h), function), encoding, null)));
    }

    @Override
    public int Unicode_ReadChar(long h, long index) {
        PyUnicode text = text(object(h), "HPyUnicode_ReadChar");
        if (index < 0 || index >= text.getCodePointCount()) {
            throw Py.IndexError("string index out of range");
        }
        String chars = text.getString();
        return chars.codePointAt(chars.offsetByCodePoints(0, (int) index));
    }

    @Override
    public long Unicode_FromEncodedObject(long obj, String encoding, String errors) {
        PyObject object = object(obj);
        if (object instanceof PyUnicode) {
            throw Py.TypeError("decoding str is not supported");
        }
        if (!(object instanceof PyString)) {
            throw Py.TypeError("decoding to str: need a bytes-like object, " + typeName(object) + " found");
        }
        return handle(decode((PyString) object, encoding == null ? "utf-8" : encoding, errors));
    }

    @Override
    public long Unicode_Substring(long str, long start, long end) {
        PyUnicode text = text(object(str), "HPyUnicode_Substring");
        if (start < 0 || end < 0) {
            throw Py.IndexError("string index out of range");
        }
        int length = text.getCodePointCount();
        long last = Math.min(end, length);
        if (start >= last) {
            return handle(new PyUnicode(""));
        }
        String chars = text.getString();
        int from = chars.offsetByCodePoints(0, (int) start);
        int to = chars.offsetByCodePoints(from, (int) (last - start));
        return handle(new PyUnicode(chars.substring(from, to)));
    }

    private boolean isText(PyObject object) {
        return object instanceof PyUnicode
                || object instanceof PyString
                        && !context.strictText()
                        && isAscii(((PyString) object).getString());
    }

    private PyUnicode text(PyObject object, String function) {
        if (object instanceof PyUnicode) {
            return (PyUnicode) object;
        }
        if (isText(object)) {
            return new PyUnicode(((PyString) object).getString());
        }
        throw Py.TypeError(function + ": expected unicode, " + typeName(object) + " found");
    }

    private static boolean isAscii(String string) {
        for (int i = 0; i < string.length(); i++) {
            if (string.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static PyObject decode(PyString bytes, String encoding, String errors) {
        PyObject text = codecs.decode(bytes, encoding, errors);
        if (text instanceof PyUnicode) {
            return text;
        }
        throw Py.TypeError("decoder did not return a unicode object (type=" + typeName(text) + ")");
    }
}
