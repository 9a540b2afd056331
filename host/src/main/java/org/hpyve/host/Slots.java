package org.hpyve.host;

import java.util.ArrayList;
import java.util.List;

/** The small numbers of the open interpreters of a host: a new one gets the lowest that is free. Any thread. */
final class Slots {

    private final List<Object> owners = new ArrayList<>();

    /** The lowest free number, which is the owner's from now on. */
    synchronized int take(Object owner) {
        int free = owners.indexOf(null);
        if (free < 0) {
            owners.add(owner);
            return owners.size() - 1;
        }
        owners.set(free, owner);
        return free;
    }

    /** The number is free again; nothing happens if it is not the owner's any more. */
    synchronized void give(int slot, Object owner) {
        if (owners.get(slot) == owner) {
            owners.set(slot, null);
        }
    }
}
