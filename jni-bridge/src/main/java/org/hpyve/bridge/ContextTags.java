package org.hpyve.bridge;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tags that tell the contexts of this process apart. A tag comes back into use as late as possible, and the names of
 * the last closed interpreters are remembered, so that a stray handle can be traced to where it came from.
 */
public final class ContextTags {

    private static final int MAX = 0xffff;
    private static final int REMEMBERED = 1000;

    private static final Map<Integer, String> IN_USE = new HashMap<>();
    private static final Map<Integer, String> CLOSED = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
            return size() > REMEMBERED;
        }
    };
    private static int last;
    private static int highest;

    private ContextTags() {}

    /** A tag for a new context of the interpreter of this name. Called only when a context is made. */
    public static synchronized int acquire(String interpreter) {
        if (IN_USE.size() == MAX) {
            throw new IllegalStateException("65535 interpreters are open");
        }
        do {
            last = last == MAX ? 1 : last + 1;
        } while (IN_USE.containsKey(last));
        highest = Math.max(highest, last);
        CLOSED.remove(last);
        IN_USE.put(last, interpreter);
        return last;
    }

    /** Gives the tag of a closed context back. */
    public static synchronized void release(int tag) {
        CLOSED.put(tag, IN_USE.remove(tag));
    }

    /** Whose the tag is or was, for messages; null if it never was anybody's. */
    public static synchronized String owner(int tag) {
        if (IN_USE.containsKey(tag)) {
            return "interpreter '" + IN_USE.get(tag) + "'";
        }
        if (CLOSED.containsKey(tag)) {
            return "interpreter '" + CLOSED.get(tag) + "', which is closed";
        }
        return tag > 0 && tag <= highest ? "an interpreter that was closed long ago" : null;
    }
}
