package org.hpyve.context;

import org.hpyve.bridge.Area;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.RawMemory;
import org.python.core.PyDictionary;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * Fills the blocks in which C reads ahead; {@code read.c} has the other side. In a block lie one behind the other:
 * handles of items, handles of values if the items are keys, for each handle where its text is, and the texts. Only
 * short texts go along; the others are asked for. No Python code runs here.
 */
final class ReadAhead {

    /** Bytes of text that the block has for each of its handles. */
    private static final int TEXT_BYTES = 32;

    /** Who may read a text, see {@code content.h}. */
    private static final long FOR_BYTES = 1;

    private static final long FOR_UNICODE = 2;

    private final InterpreterContext context;
    private final byte[] text = new byte[TEXT_BYTES];

    ReadAhead(InterpreterContext context) {
        this.context = context;
    }

    /**
     * Fills a block.
     *
     * @param sequence an exact list or tuple
     * @param dict whose keys these are, or null
     * @param start the first item
     * @param size how many items at most
     * @param block its address
     * @return the number of items in the lower half, the length of the sequence in the upper one
     */
    long fill(PyObject sequence, PyDictionary dict, long start, int size, long block) {
        if (sequence instanceof PyTuple tuple) {
            return fill(tuple.getArray(), null, null, false, start, size, block);
        }
        PyList list = (PyList) sequence;
        // Its methods take this lock each time, which costs little for who has it.
        synchronized (list) {
            return fill(null, list, dict, true, start, size, block);
        }
    }

    /**
     * Fills a block with the first keys of a dict, and their values if that runs no Python code: none of the keys may
     * be of a class that has its own idea of equality.
     *
     * @return as {@link #fill}, with the sign bit set if values cannot be read ahead
     */
    long fillKeys(PyList keys, PyDictionary dict, int size, long block) {
        boolean plain = true;
        for (PyObject key : keys.getArray()) {
            plain &= isPlain(key);
        }
        long answer = fill(null, keys, dict, plain, 0, size, block);
        return plain ? answer : answer | Long.MIN_VALUE;
    }

    private long fill(
            PyObject[] array, PyList list, PyDictionary dict, boolean values, long start, int size, long block) {
        int length = array != null ? array.length : list.size();
        int count = (int) Math.max(0, Math.min(size, length - start));
        int cells = dict == null ? size : 2 * size;
        for (int i = 0; i < count; i++) {
            PyObject item = array != null ? array[(int) start + i] : list.pyget((int) start + i);
            put(block, cells, i, item);
            if (dict != null) {
                put(
                        block,
                        cells,
                        size + i,
                        values && isPlain(item) ? dict.getMap().get(item) : null);
            }
        }
        return (long) length << Integer.SIZE | count;
    }

    /** Is it a key that can be looked up without running Python code? */
    private static boolean isPlain(PyObject key) {
        return key != null && (key.getClass() == PyUnicode.class || key.getClass() == PyString.class);
    }

    private void put(long block, int cells, int cell, PyObject object) {
        // At once: if the rest fails, C closes what is there.
        RawMemory.putLong(block + (long) cell * Long.BYTES, object == null ? Handles.NULL : context.handle(object));
        long place = 0;
        if (isPlain(object)) {
            place = putText((PyString) object, block + 2L * cells * Long.BYTES, cell * TEXT_BYTES);
        }
        RawMemory.putLong(block + (long) (cells + cell) * Long.BYTES, place);
    }

    /** Where the text is, who may read it, and how many bytes it has; 0 if it does not go along. */
    private long putText(PyString string, long texts, int offset) {
        boolean unicode = string instanceof PyUnicode;
        int bytes = utf8(string.getString(), unicode);
        if (bytes == 0) {
            return 0;
        }
        for (int i = 0; i < bytes; i += Long.BYTES) {
            RawMemory.putLong(texts + offset + i, (long) Area.WORD.get(text, i));
        }
        long readers = unicode ? FOR_UNICODE : context.strictText() ? FOR_BYTES : FOR_BYTES | FOR_UNICODE;
        return (long) offset << Integer.SIZE | readers << Short.SIZE | bytes;
    }

    /** Puts a short text into the array, as UTF-8; the number of bytes, or 0 if it does not fit. */
    private int utf8(String string, boolean beyondAscii) {
        int length = string.length();
        int bytes = 0;
        for (int i = 0; i < length; i++) {
            char c = string.charAt(i);
            if (c < 0x80 && bytes < TEXT_BYTES) {
                text[bytes++] = (byte) c;
            } else if (c < 0x800 && beyondAscii && bytes < TEXT_BYTES - 1) {
                text[bytes++] = (byte) (0xc0 | c >> 6);
                text[bytes++] = (byte) (0x80 | (c & 0x3f));
            } else if (!Character.isSurrogate(c) && beyondAscii && bytes < TEXT_BYTES - 2 && c >= 0x800) {
                text[bytes++] = (byte) (0xe0 | c >> 12);
                text[bytes++] = (byte) (0x80 | (c >> 6 & 0x3f));
                text[bytes++] = (byte) (0x80 | (c & 0x3f));
            } else {
                return 0;
            }
        }
        return bytes;
    }
}
