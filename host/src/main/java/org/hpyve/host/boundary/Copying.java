package org.hpyve.host.boundary;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * One value that is copied with all that is in it, from Java to Python or the other way. A container that is in it several
 * times is copied once. Empty ones are not remembered, as programs often have one object for all of them.
 */
public final class Copying {

    /** Containers in containers; also what ends the copying of one that holds itself. */
    private static final int MAX_DEPTH = 500;

    private final IdentityHashMap<Object, Object> done = new IdentityHashMap<>(1);
    private int depth;

    private Copying() {}

    /** The copy of a container that was met before; else null. */
    public static Object done(Copying outer, Object container) {
        return outer == null ? null : outer.done.get(container);
    }

    /**
     * Begins with a container.
     *
     * @param outer what the container is in; null if in nothing
     * @throws IllegalArgumentException for one that holds itself, or is nested too deep
     */
    public static Copying in(Copying outer) {
        Copying copying = outer == null ? new Copying() : outer;
        if (copying.depth == MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "a container holds itself, or more than " + MAX_DEPTH + " others inside each other");
        }
        copying.depth++;
        return copying;
    }

    /** Ends with a container; returns its copy. */
    public <T> T end(Object container, T copy) {
        depth--;
        if (depth > 0 && !isEmpty(copy)) {
            done.put(container, copy);
        }
        return copy;
    }

    private static boolean isEmpty(Object copy) {
        return copy instanceof Collection<?> items ? items.isEmpty() : copy instanceof Map<?, ?> map && map.isEmpty();
    }
}
