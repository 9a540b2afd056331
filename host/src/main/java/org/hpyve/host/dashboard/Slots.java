package org.hpyve.host.dashboard;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.hpyve.host.Interpreter;

/** Numbers for interpreters, the lowest that are free. For one thread. */
final class Slots {

    private final Map<Interpreter, Integer> slots = new HashMap<>();
    private final BitSet taken = new BitSet();

    int of(Interpreter interpreter) {
        return slots.computeIfAbsent(interpreter, key -> {
            int free = taken.nextClearBit(1);
            taken.set(free);
            return free;
        });
    }

    void keepOnly(Collection<Interpreter> open) {
        slots.entrySet().removeIf(entry -> {
            boolean gone = !open.contains(entry.getKey());
            if (gone) {
                taken.clear(entry.getValue());
            }
            return gone;
        });
    }
}
