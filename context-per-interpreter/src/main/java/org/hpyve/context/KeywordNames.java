package org.hpyve.context;

import java.util.Arrays;
import org.python.core.PyObject;
import org.python.core.PyTuple;
import org.python.core.PyUnicode;

/**
 * The tuples of names that calls with keywords give to C. A call in a loop brings the same names each time; those that
 * were asked for last are kept.
 */
final class KeywordNames {

    /** A power of two. */
    private static final int KEPT = 64;

    private record Entry(String[] names, PyTuple tuple) {}

    private final Entry[] entries = new Entry[KEPT];

    /** The tuple of at least one name. */
    PyTuple tuple(String[] names) {
        int index = names[0].hashCode() + names.length & KEPT - 1;
        Entry entry = entries[index];
        if (entry == null || !Arrays.equals(entry.names, names)) {
            entry = new Entry(names.clone(), make(names));
            entries[index] = entry;
        }
        return entry.tuple;
    }

    private static PyTuple make(String[] names) {
        PyObject[] texts = new PyObject[names.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = new PyUnicode(names[i]);
        }
        return new PyTuple(texts);
    }
}
