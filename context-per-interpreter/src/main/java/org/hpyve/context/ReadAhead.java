package org.hpyve.context;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.hpyve.bridge.Area;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.RawMemory;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * Fills the blocks in which C reads ahead; {@code read.c} has the other side. In a block lie one behind the other:
 * handles of items, handles of values if the items are keys, for each handle of a slot where its text is, and the texts.
 * Only short texts go along, as long as there is room; the others are asked for. No Python code runs here.
 */
final class ReadAhead {

    /** Bytes of text that the block has for each of its handles. */
    private static final int TEXT_BYTES = 48;

    /** Of a text that goes along, without the NUL. */
    private static final int LONGEST_TEXT = 95;

    /** Items of a list that are worth a copy, so that its lock is taken once. */
    private static final int MANY = 16;

    /** Who may read a text, see {@code content.h}. */
    private static final long FOR_BYTES = 1;

    private static final long FOR_UNICODE = 2;

    private final InterpreterContext context;

    /** Of the block that is being filled. */
    private long places;

    private long texts;
    private int textsUsed;
    private int textsSize;

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
        begin(block, dict == null ? size : 2 * size);
        PyObject[] items;
        int first = 0;
        int count;
        int length;
        if (sequence instanceof PyTuple tuple) {
            items = tuple.getArray();
            first = (int) Math.min(start, items.length);
            length = items.length;
            count = Math.min(size, length - first);
        } else {
            PyList list = (PyList) sequence;
            // Its methods take this lock each time, which costs little for who has it.
            synchronized (list) {
                length = list.size();
                count = (int) Math.max(0, Math.min(size, length - start));
                items = items(list, (int) start, count);
            }
        }
        put(block, items, first, count);
        if (dict != null) {
            putValues(block + (long) size * Long.BYTES, items, count, dict);
        }
        return (long) length << Integer.SIZE | count;
    }

    private static PyObject[] items(PyList list, int start, int count) {
        if (count > MANY) {
            return ((PyList) list.subList(start, start + count)).getArray();
        }
        PyObject[] items = new PyObject[count];
        for (int i = 0; i < count; i++) {
            items[i] = list.pyget(start + i);
        }
        return items;
    }

    private void putValues(long block, PyObject[] keys, int count, PyDictionary dict) {
        PyObject[] values = new PyObject[count];
        for (int i = 0; i < count; i++) {
            values[i] = isPlain(keys[i]) ? dict.getMap().get(keys[i]) : null;
        }
        put(block, values, 0, count);
    }

    /** The entries of a dict, in its order. */
    private static final class Entries implements BiConsumer<PyObject, PyObject> {

        final List<PyObject> keys;

        /** The first ones. */
        final PyObject[] firstKeys;

        final PyObject[] firstValues;
        boolean plain = true;

        Entries(int size, int first) {
            keys = new ArrayList<>(size);
            firstKeys = new PyObject[first];
            firstValues = new PyObject[first];
        }

        @Override
        public void accept(PyObject key, PyObject value) {
            int index = keys.size();
            if (index < firstKeys.length) {
                firstKeys[index] = key;
                firstValues[index] = value;
            }
            keys.add(key);
            plain &= isPlain(key);
        }
    }

    /**
     * Fills a block with the first keys of a dict, and their values if that runs no Python code: none of the keys may
     * be of a class that has its own idea of equality.
     *
     * @param answer address of where to put what {@link #fill} returns, with the sign bit set if values cannot be read
     *     ahead
     * @return all keys
     */
    PyList fillKeys(PyDictionary dict, int size, long block, long answer) {
        begin(block, 2 * size);
        int about = dict.getMap().size();
        Entries entries = new Entries(about, Math.min(size, about));
        dict.getMap().forEach(entries);
        int length = entries.keys.size();
        int count = Math.min(length, entries.firstKeys.length);
        put(block, entries.firstKeys, 0, count);
        if (entries.plain) {
            put(block + (long) size * Long.BYTES, entries.firstValues, 0, count);
        }
        long found = (long) length << Integer.SIZE | count;
        RawMemory.putLong(answer, entries.plain ? found : found | Long.MIN_VALUE);
        return PyList.fromList(entries.keys);
    }

    private void begin(long block, int cells) {
        places = (long) cells * Long.BYTES;
        texts = block + 2 * places;
        textsUsed = 0;
        textsSize = cells * TEXT_BYTES;
    }

    /** Is it a key that can be looked up without running Python code? */
    private static boolean isPlain(PyObject key) {
        return key != null && (key.getClass() == PyUnicode.class || key.getClass() == PyString.class);
    }

    /** Each at once: if the rest fails, C closes what is there. */
    private void put(long column, PyObject[] objects, int first, int count) {
        long cell = column;
        for (int i = first; i < first + count; i++) {
            PyObject object = objects[i];
            if (object instanceof PyFloat number && object.getClass() == PyFloat.class) {
                RawMemory.putLong(cell, Handles.ofDouble(number.getValue()));
            } else if (object instanceof PyInteger number && object.getClass() == PyInteger.class) {
                RawMemory.putLong(cell, Handles.ofInt(number.getValue()));
            } else {
                putOther(cell, object);
            }
            cell += Long.BYTES;
        }
    }

    private void putOther(long cell, PyObject object) {
        RawMemory.putLong(cell, object == null ? Handles.NULL : context.handle(object));
        RawMemory.putLong(cell + places, isPlain(object) ? putText((PyString) object) : 0);
    }

    /** Where the text is, who may read it, and how many bytes it has; 0 if it does not go along. */
    private long putText(PyString string) {
        boolean unicode = string instanceof PyUnicode;
        int offset = textsUsed;
        int bytes = putUtf8(string.getString(), unicode);
        if (bytes < 0) {
            return 0;
        }
        textsUsed = offset + room(bytes);
        long readers = unicode ? FOR_UNICODE : context.strictText() ? FOR_BYTES : FOR_BYTES | FOR_UNICODE;
        return (long) offset << Integer.SIZE | readers << Short.SIZE | bytes;
    }

    /** Bytes of a text and its NUL in whole words. */
    private static int room(int bytes) {
        return bytes / Long.BYTES * Long.BYTES + Long.BYTES;
    }

    /** The number of bytes; negative if the text does not go along. */
    private int putUtf8(String string, boolean beyondAscii) {
        int length = string.length();
        if (length > LONGEST_TEXT || room(length) > textsSize - textsUsed) {
            return -1;
        }
        long at = texts + textsUsed;
        long word = 0;
        for (int i = 0; i < length; i++) {
            char c = string.charAt(i);
            if (c >= 0x80) {
                return beyondAscii ? putBytes(string.getBytes(StandardCharsets.UTF_8)) : -1;
            }
            word |= (long) c << (i << 3);
            if ((i & 7) == 7) {
                RawMemory.putLong(at + i - 7, word);
                word = 0;
            }
        }
        RawMemory.putLong(at + (length & ~7), word);
        return length;
    }

    private int putBytes(byte[] bytes) {
        int length = bytes.length;
        if (length > LONGEST_TEXT || room(length) > textsSize - textsUsed) {
            return -1;
        }
        long at = texts + textsUsed;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            RawMemory.putLong(at + i, (long) Area.WORD.get(bytes, i));
        }
        long word = 0;
        for (int last = i; last < length; last++) {
            word |= (bytes[last] & 0xffL) << (last << 3);
        }
        RawMemory.putLong(at + i, word);
        return length;
    }
}
