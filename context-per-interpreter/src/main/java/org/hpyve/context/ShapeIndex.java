package org.hpyve.context;

import org.python.core.PyObject;

/**
 * Finds the number of a key among those of a shape. Immutable; for any thread. It asks keys for their hash and for
 * equality when {@link java.util.concurrent.ConcurrentHashMap} does, as that may run Python code.
 */
final class ShapeIndex {

    private final PyObject[] keys;
    private final int[] hashes;

    /** Number of a key plus one by its hash, the next place if that is taken; 0 in places that are free. */
    private final byte[] places;

    /** @param keys different ones, at most 127; they are kept */
    ShapeIndex(PyObject[] keys) {
        this.keys = keys;
        this.hashes = new int[keys.length];
        this.places = new byte[Integer.highestOneBit(keys.length + 1) * 4];
        for (int i = 0; i < keys.length; i++) {
            hashes[i] = hash(keys[i]);
            int place = hashes[i] & places.length - 1;
            while (places[place] != 0) {
                place = place + 1 & places.length - 1;
            }
            places[place] = (byte) (i + 1);
        }
    }

    int indexOf(Object key) {
        int hash = hash(key);
        for (int place = hash & places.length - 1; places[place] != 0; place = place + 1 & places.length - 1) {
            int i = places[place] - 1;
            if (hashes[i] == hash && (keys[i] == key || key.equals(keys[i]))) {
                return i;
            }
        }
        return -1;
    }

    private static int hash(Object key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & Integer.MAX_VALUE;
    }
}
