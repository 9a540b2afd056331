package org.hpyve.context;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.hpyve.bridge.Area;
import org.hpyve.bridge.Layout;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * Carries out what C recorded: the making of objects for handles that C has given out already, and the filling of lists
 * and dicts that nobody else has seen. C has checked everything, so that only want of memory or stack can break it off;
 * the operation that failed is then tried again before anything else happens.
 */
final class OperationLog implements Area.Replay {

    private final InterpreterContext context;
    /** Characters by the numbers under which C knows them. */
    private String[] known = new String[0];

    private PyObject[] array;
    private int filled;

    OperationLog(InterpreterContext context) {
        this.context = context;
    }

    @Override
    public int step(byte[] log, int position) {
        long word = word(log, position);
        int slot = (int) word >>> Byte.SIZE;
        int count = (int) (word >>> Integer.SIZE);
        int next = position + Long.BYTES;
        switch ((int) word & 0xff) {
            case Layout.OP_TEXT -> {
                made(slot, new PyUnicode(text(log, next, count), true));
                return next + padded(count);
            }
            case Layout.OP_KNOWN_TEXT -> {
                made(slot, new PyUnicode(known[count], true));
                return next;
            }
            case Layout.OP_DICT_SET -> {
                ((PyDictionary) object(slot)).getMap().put(item(log, next), item(log, next + Long.BYTES));
                return next + 2 * Long.BYTES;
            }
            case Layout.OP_DICT -> {
                made(slot, new PyDictionary());
                return next;
            }
            case Layout.OP_LIST_APPEND -> {
                ((PyList) object(slot)).append(item(log, next));
                return next + Long.BYTES;
            }
            case Layout.OP_LIST_OF -> {
                made(slot, list(items(log, next, count)));
                return next + count * Long.BYTES;
            }
            case Layout.OP_TUPLE_OF -> {
                made(slot, new PyTuple(items(log, next, count), false));
                return next + count * Long.BYTES;
            }
            default -> {
                return rare(log, (int) word & 0xff, slot, count, next);
            }
        }
    }

    private int rare(byte[] log, int operation, int slot, int count, int next) {
        switch (operation) {
            case Layout.OP_WIDE_TEXT -> {
                made(slot, new PyUnicode(text(log, next, count)));
                return next + padded(count);
            }
            case Layout.OP_LEARN_TEXT -> {
                int number = (int) word(log, next);
                if (number >= known.length) {
                    known = Arrays.copyOf(known, 2 * number + 16);
                }
                known[number] = text(log, next + Long.BYTES, count);
                return next + Long.BYTES + padded(count);
            }
            case Layout.OP_BYTES -> {
                made(slot, new PyString(new String(log, next, count, StandardCharsets.ISO_8859_1)));
                return next + padded(count);
            }
            case Layout.OP_LONG -> {
                long value = word(log, next);
                made(slot, count == 0 ? new PyLong(value) : new PyLong(new BigInteger(Long.toUnsignedString(value))));
                return next + Long.BYTES;
            }
            case Layout.OP_LIST -> {
                made(slot, new PyList(Collections.nCopies(count, Py.None)));
                return next;
            }
            case Layout.OP_LIST_SET -> {
                ((PyList) object(slot)).__setitem__(count, item(log, next));
                return next + Long.BYTES;
            }
            case Layout.OP_ARRAY -> {
                array = new PyObject[count];
                filled = 0;
                return next;
            }
            case Layout.OP_ARRAY_FILL -> {
                System.arraycopy(items(log, next, count), 0, array, filled, count);
                filled += count;
                return next + count * Long.BYTES;
            }
            case Layout.OP_ARRAY_LIST -> {
                made(slot, list(array));
                array = null;
                return next;
            }
            case Layout.OP_ARRAY_TUPLE -> {
                made(slot, new PyTuple(array, false));
                array = null;
                return next;
            }
            default -> throw new IllegalStateException("operation " + operation + " in the log of " + context.name());
        }
    }

    private static PyList list(PyObject[] items) {
        return new PyList(items);
    }

    private void made(int slot, PyObject object) {
        context.bridge().table().adopt(slot, object);
    }

    private Object object(int slot) {
        return context.bridge().table().adopted(slot);
    }

    private PyObject[] items(byte[] log, int position, int count) {
        PyObject[] items = new PyObject[count];
        for (int i = 0; i < count; i++) {
            items[i] = item(log, position + i * Long.BYTES);
        }
        return items;
    }

    private PyObject item(byte[] log, int position) {
        long handle = word(log, position);
        // C may have closed the handle since: what counts is the slot.
        return handle >>> 48 == 0 ? (PyObject) object((int) handle & 0xffffff) : context.object(handle);
    }

    private static String text(byte[] log, int position, int bytes) {
        return new String(log, position, bytes, StandardCharsets.UTF_8);
    }

    private static long word(byte[] log, int position) {
        return (long) Area.WORD.get(log, position);
    }

    private static int padded(int bytes) {
        return bytes + 7 & ~7;
    }
}
