package org.hpyve.context;

import org.hpyve.bridge.Area;
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
 * short 7-bit texts go along; the others are asked for. No Python code runs here.
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
     * @param block its address; all zero
     * @return the number of items in the lower half, the length of the sequence in the upper one
     */
    long fill(PyObject sequence, PyDictionary dict, long start, int size, long block) {
        if (sequence instanceof PyTuple tuple) {
            PyObject[] items = tuple.getArray();
            int count = count(items.length, start, size);
            for (int i = 0; i < count; i++) {
                put(block, size, i, items[(int) start + i]);
            }
            return (long) items.length << Integer.SIZE | count;
        }
        PyList list = (PyList) sequence;
        // Its methods take this lock each time, which costs little for who has it.
        synchronized (list) {
            int length = list.size();
            int count = count(length, start, size);
            int cells = dict == null ? size : 2 * size;
            for (int i = 0; i < count; i++) {
                PyObject item = list.pyget((int) start + i);
                put(block, cells, i, item);
                PyObject value =
                        dict == null || !isPlain(item) ? null : dict.getMap().get(item);
                if (value != null) {
                    put(block, cells, size + i, value);
                }
            }
            return (long) length << Integer.SIZE | count;
        }
    }

    private static int count(int length, long start, int size) {
        return (int) Math.max(0, Math.min(size, length - start));
    }

    /** Is it a key that can be looked up without running Python code? */
    private static boolean isPlain(PyObject key) {
        return key.getClass() == PyUnicode.class || key.getClass() == PyString.class;
    }

    private void put(long block, int cells, int cell, PyObject object) {
        RawMemory.putLong(block + (long) cell * Long.BYTES, context.handle(object));
        if (object instanceof PyString string && isPlain(string)) {
            int length = ascii(string.getString());
            if (length > 0) {
                long readers = string instanceof PyUnicode
                        ? FOR_UNICODE
                        : context.strictText() ? FOR_BYTES : FOR_BYTES | FOR_UNICODE;
                int offset = cell * TEXT_BYTES;
                RawMemory.putLong(
                        block + (long) (cells + cell) * Long.BYTES,
                        (long) offset << Integer.SIZE | readers << Short.SIZE | length);
                long texts = block + 2L * cells * Long.BYTES + offset;
                for (int i = 0; i < length; i += Long.BYTES) {
                    RawMemory.putLong(texts + i, (long) Area.WORD.get(text, i));
                }
            }
        }
    }

    /** Puts a short 7-bit text into the array; its length, or 0 for any other text. */
    private int ascii(String string) {
        int length = string.length();
        if (length > TEXT_BYTES) {
            return 0;
        }
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = string.charAt(i);
            all |= c;
            text[i] = (byte) c;
        }
        return all < 0x80 ? length : 0;
    }
}
