package org.hpyve.context;

import java.util.Arrays;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.Layout;
import org.hpyve.bridge.RawMemory;
import org.python.core.PyObject;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * The tuples of names that calls with keywords give to C. A call in a loop brings the same names each time; so the tuples
 * that are met first keep their handles, and those of their items, which C finds where the slot's data points to.
 *
 * <p>Owned by an interpreter's context; used by the thread that runs it.
 */
final class KeywordNames {

    /** A power of two. */
    private static final int PLACES = 256;

    private static final int PROBES = 4;

    /** What has more characters together is not kept. */
    private static final int MOST_CHARACTERS = 256;

    private record Entry(String[] names, long handle, long items) {}

    private final InterpreterContext context;
    private final Entry[] entries = new Entry[PLACES];

    KeywordNames(InterpreterContext context) {
        this.context = context;
    }

    /** A handle of the tuple of at least one name, for a call; {@link #release} must follow. */
    long open(HandleTable table, String[] names) {
        int first = names[0].hashCode() + names.length;
        for (int probe = 0; probe < PROBES; probe++) {
            int place = first + probe & PLACES - 1;
            Entry entry = entries[place];
            if (entry == null) {
                if (Arrays.stream(names).mapToInt(String::length).sum() > MOST_CHARACTERS) {
                    break;
                }
                entry = keep(table, names.clone());
                entries[place] = entry;
            }
            if (Arrays.equals(entry.names, names)) {
                table.dup(entry.handle);
                return entry.handle;
            }
        }
        return context.handle(tuple(names));
    }

    /** The call ends. False if it closed the handle itself. */
    static boolean release(HandleTable table, long handle) {
        return handle == Handles.NULL || table.close(handle);
    }

    private Entry keep(HandleTable table, String[] names) {
        PyTuple tuple = tuple(names);
        long items = context.bridge().allocate((long) names.length * Long.BYTES);
        Entry entry = null;
        try {
            for (int i = 0; i < names.length; i++) {
                long item = table.openConstant(
                        tuple.pyget(i), Layout.KIND_UNICODE | Layout.KIND_EXACT, HandleTable.NO_LENGTH, 0);
                RawMemory.putLong(items + (long) i * Long.BYTES, item);
            }
            int kind = Layout.KIND_TUPLE | Layout.KIND_EXACT;
            entry = new Entry(names, table.openConstant(tuple, kind, names.length, items), items);
            return entry;
        } finally {
            if (entry == null) {
                context.bridge().free(items);
            }
        }
    }

    private static PyTuple tuple(String[] names) {
        PyObject[] texts = new PyObject[names.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new PyUnicode(names[i]);
        }
        return new PyTuple(texts);
    }

    /** No call may follow. */
    void close() {
        for (Entry entry : entries) {
            if (entry != null) {
                context.bridge().free(entry.items);
            }
        }
    }
}
