package org.hpyve.context;

import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.hpyve.bridge.Area;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.Layout;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyType;
import org.python.core.PyUnicode;

/**
 * Carries out what C recorded: the making of objects for handles that C has given out already, and the filling of lists
 * and dicts that nobody else has seen. C has checked everything, so that only want of memory or stack can break it off;
 * the operation that failed is then tried again before anything else happens.
 */
final class OperationLog implements Area.Replay {

    private final InterpreterContext context;
    private final Shape shapes = new Shape();
    private PyObject[] array;
    private int filled;

    OperationLog(InterpreterContext context) {
        this.context = context;
    }

    @Override
    public void run(HandleTable table, byte[] log, int first, int end, Area progress) {
        int position = first;
        try {
            while (position < end) {
                position = step(table, log, position);
            }
        } finally {
            progress.done(position);
        }
        // A dict that another thread gets to see without waiting for this one is seen with all its items.
        VarHandle.releaseFence();
    }

    @Override
    public void abandon() {
        array = null;
    }

    private int step(HandleTable table, byte[] log, int position) {
        long word = word(log, position);
        int slot = (int) word >>> Byte.SIZE;
        int count = (int) (word >>> Integer.SIZE);
        int next = position + Long.BYTES;
        switch ((int) word & 0xff) {
            case Layout.OP_ASCII_TEXT -> {
                String text = new String(log, next, count, StandardCharsets.ISO_8859_1);
                table.adopt(slot, new PyUnicode(text, true));
                return next + padded(count);
            }
            case Layout.OP_NEW -> {
                PyType type = (PyType) table.adopted(count);
                table.adopt(slot, context.instances().adopt(type, word(log, next)));
                return next + Long.BYTES;
            }
            case Layout.OP_DICT_SET_KNOWN -> {
                map(table, slot).addKnown((PyObject) table.adopted(count), item(table, log, next));
                return next + Long.BYTES;
            }
            case Layout.OP_DICT -> {
                table.adopt(slot, new PyDictionary(new ShapedMap(shapes), true));
                return next;
            }
            case Layout.OP_LIST -> {
                table.adopt(slot, count == 0 ? new PyList() : new PyList(Collections.nCopies(count, Py.None)));
                return next;
            }
            case Layout.OP_LIST_APPEND -> {
                ((PyList) table.adopted(slot)).append(item(table, log, next));
                return next + Long.BYTES;
            }
            case Layout.OP_LIST_OF -> {
                List<PyObject> items = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    items.add(item(table, log, next + i * Long.BYTES));
                }
                table.adopt(slot, PyList.fromList(items));
                return next + count * Long.BYTES;
            }
            case Layout.OP_TEXT -> {
                table.adopt(slot, new PyUnicode(text(log, next, count), true));
                return next + padded(count);
            }
            case Layout.OP_LONG -> {
                long value = word(log, next);
                table.adopt(slot, count == 0 ? new PyLong(value) : unsigned(value));
                return next + Long.BYTES;
            }
            default -> {
                return rare(table, log, (int) word & 0xff, slot, count, next);
            }
        }
    }

    private int rare(HandleTable table, byte[] log, int operation, int slot, int count, int next) {
        switch (operation) {
            case Layout.OP_DICT_SET -> {
                map(table, slot).add((PyObject) table.adopted(count), item(table, log, next));
                return next + Long.BYTES;
            }
            case Layout.OP_DICT_SET_VALUE -> {
                map(table, slot).add(item(table, log, next), item(table, log, next + Long.BYTES));
                return next + 2 * Long.BYTES;
            }
            case Layout.OP_TUPLE_OF -> {
                table.adopt(slot, new PyTuple(items(table, log, next, count), false));
                return next + count * Long.BYTES;
            }
            case Layout.OP_WIDE_TEXT -> {
                table.adopt(slot, new PyUnicode(text(log, next, count)));
                return next + padded(count);
            }
            case Layout.OP_BYTES -> {
                table.adopt(slot, new PyString(new String(log, next, count, StandardCharsets.ISO_8859_1)));
                return next + padded(count);
            }
            case Layout.OP_LIST_SET -> {
                ((PyList) table.adopted(slot)).__setitem__(count, item(table, log, next));
                return next + Long.BYTES;
            }
            case Layout.OP_ARRAY -> {
                array = new PyObject[count];
                filled = 0;
                return next;
            }
            case Layout.OP_ARRAY_FILL -> {
                System.arraycopy(items(table, log, next, count), 0, array, filled, count);
                filled += count;
                return next + count * Long.BYTES;
            }
            case Layout.OP_ARRAY_LIST -> {
                table.adopt(slot, new PyList(array));
                array = null;
                return next;
            }
            case Layout.OP_ARRAY_TUPLE -> {
                table.adopt(slot, new PyTuple(array, false));
                array = null;
                return next;
            }
            default -> throw new IllegalStateException("operation " + operation + " in the log of " + context.name());
        }
    }

    /** Of a dict that C may fill: it was made here. */
    private static ShapedMap map(HandleTable table, int dict) {
        return (ShapedMap) ((PyDictionary) table.adopted(dict)).getMap();
    }

    private PyObject[] items(HandleTable table, byte[] log, int position, int count) {
        PyObject[] items = new PyObject[count];
        for (int i = 0; i < count; i++) {
            items[i] = item(table, log, position + i * Long.BYTES);
        }
        return items;
    }

    private PyObject item(HandleTable table, byte[] log, int position) {
        long handle = word(log, position);
        // C may have closed the handle since: what counts is the slot.
        return handle >>> 48 == 0 ? (PyObject) table.adopted((int) handle & 0xffffff) : context.object(handle);
    }

    private static PyLong unsigned(long value) {
        return new PyLong(new BigInteger(Long.toUnsignedString(value)));
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
