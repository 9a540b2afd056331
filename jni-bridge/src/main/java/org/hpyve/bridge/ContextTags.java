package org.hpyve.bridge;

import java.util.HashMap;
import java.util.Map;

/**
 * The tags that tell the contexts of this process apart. A tag comes back into use as late as possible, and remembers
 * its interpreter's name until then, so that a stray handle can be traced to where it came from.
 */
public final class ContextTags {

    private static final int MAX = 0xffff;

    private static final Map<Integer, String> NAMES = new HashMap<>();
    private static final Map<Integer, String> IN_USE = new HashMap<>();
    private static int last;

    private ContextTags() {}

    /** A tag for a new context of the interpreter of this name. Called only when a context is made. */
    public static synchronized int acquire(String interpreter) {
        if (IN_USE.size() == MAX) {
            throw new IllegalStateException("65535 interpreters are open");
        }
        do {
            last = last == MAX ? 1 : last + 1;
        } while (IN_USE.containsKey(last));
        IN_USE.put(last, interpreter);
        NAMES.put(last, interpreter);
        return last;
    }

    /** Gives the tag of a closed context back. */
    public static synchronized void release(int tag) {
        IN_USE.remove(tag);
    }

    /** The name of the interpreter that has, or had, the tag; null if none ever had. */
    public static synchronized String interpreter(int tag) {
        return NAMES.get(tag);
    }

    /** Is a context with this tag open? */
    public static synchronized boolean inUse(int tag) {
        return IN_USE.containsKey(tag);
    }
}
