package org.hpyve.context;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.hpyve.bridge.upcall.UnicodeUpcalls;
import org.python.core.BufferProtocol;
import org.python.core.Py;
import org.python.core.PyBUF;
import org.python.core.PyBuffer;
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

    private static final Set<String> UTF_8_NAMES = Set.of("utf-8", "utf8", "utf_8");

    UnicodeApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public int Unicode_Check(long h) {
        return isText(object(h)) ? 1 : 0;
    }

    @Override
    public long Unicode_FromUtf8(String utf8) {
        return handle(new PyUnicode(utf8));
    }

    @Override
    public long Unicode_Decode(byte[] bytes, String encoding, String errors) {
        return handle(decode(latin1(bytes), encoding, errors));
    }

    @Override
    public void Unicode_DecodeError(byte[] bytes, long start, long end, String reason) {
        throw Py.UnicodeDecodeError("utf-8", latin1(bytes), (int) start, (int) end, reason);
    }

    @Override
    public int Unicode_Content(long h) {
        context.textAsked(h);
        context.bridge().keepContent(h, utf8(text(object(h), "HPyUnicode_AsUTF8AndSize")));
        return 0;
    }

    /** Never fails: Jython makes no text with half a surrogate pair. */
    private static byte[] utf8(PyUnicode text) {
        return text.getString().getBytes(StandardCharsets.UTF_8);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
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
        return handle(new PyString(latin1(utf8(text(object(h), "HPyUnicode_AsUTF8String")))));
    }

    @Override
    public long Unicode_EncodeFSDefault(long h) {
        return handle(new PyString(latin1(utf8(text(object(h), "HPyUnicode_EncodeFSDefault")))));
    }

    private long encode(long h, String encoding, String function) {
        return handle(new PyString(codecs.encode(text(object(h), function), encoding, null)));
    }

    @Override
    public int Unicode_ReadChar(long h, long index) {
        PyUnicode text = text(object(h), "HPyUnicode_ReadChar");
        int length = text.getCodePointCount();
        if (index < 0 || index >= length) {
            throw Py.IndexError("string index out of range");
        }
        String chars = text.getString();
        if (chars.length() == length) {
            return chars.charAt((int) index);
        }
        return chars.codePointAt(chars.offsetByCodePoints(0, (int) index));
    }

    @Override
    public long Unicode_FromEncodedObject(long obj, String encoding, String errors) {
        PyObject object = object(obj);
        if (object instanceof PyUnicode) {
            throw Py.TypeError("decoding str is not supported");
        }
        if (!(object instanceof BufferProtocol bufferProtocol)) {
            throw Py.TypeError("decoding to str: need a bytes-like object, " + typeName(object) + " found");
        }
        try (PyBuffer buffer = bufferProtocol.getBuffer(PyBUF.FULL_RO)) {
            return handle(decode(buffer.toString(), encoding == null ? "utf-8" : encoding, errors));
        }
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
                || (object instanceof PyString pyString && !context.strictText() && isAscii(pyString.getString()));
    }

    private PyUnicode text(PyObject object, String function) {
        if (object instanceof PyUnicode pyUnicode) {
            return pyUnicode;
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

    /** Bytes are characters 0 to 255. */
    private static PyObject decode(String bytes, String encoding, String errors) {
        if (UTF_8_NAMES.contains(encoding.toLowerCase(Locale.ROOT))) {
            return new PyUnicode(decodeUtf8(bytes, errors));
        }
        PyObject text = codecs.decode(new PyString(bytes), encoding, errors);
        if (text instanceof PyUnicode) {
            return text;
        }
        throw Py.TypeError("decoder did not return a unicode object (type=" + typeName(text) + ")");
    }

    /** As HPyUnicode_FromString: Jython's own codec takes good characters for a part of a bad one. */
    private static String decodeUtf8(String bytes, String errors) {
        byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder text = new StringBuilder(raw.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer part = CharBuffer.allocate(Math.min(raw.length, 4096) + 1);
        int start = 0;
        while (start < raw.length) {
            ByteBuffer in = ByteBuffer.wrap(raw, start, raw.length - start);
            decoder.reset();
            CoderResult result;
            do {
                part.clear();
                result = decoder.decode(in, part, true);
                text.append(part.flip());
            } while (result.isOverflow());
            start = in.position();
            if (result.isError()) {
                start = replaceBadUtf8(text, bytes, start, result.length(), errors);
            }
        }
        return text.toString();
    }

    /** What the error handler puts for the bad bytes goes to text; where to go on comes back. */
    private static int replaceBadUtf8(StringBuilder text, String bytes, int start, int javaLength, String errors) {
        char lead = bytes.charAt(start);
        // Java takes a surrogate as one error, Python 3 does not see more than its first byte.
        boolean surrogate = lead == 0xed && start + 1 < bytes.length() && bytes.charAt(start + 1) >= 0xa0;
        int end = surrogate ? start + 1 : start + javaLength;
        String reason = "invalid continuation byte";
        if (lead < 0xc2 || lead > 0xf4) {
            reason = "invalid start byte";
        } else if (end == bytes.length()) {
            reason = "unexpected end of data";
        }
        return codecs.insertReplacementAndGetResume(text, errors, "utf-8", bytes, start, end, reason);
    }
}
