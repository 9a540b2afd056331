package org.hpyve.context;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hpyve.bridge.HandleTable;
import org.python.core.PyObject;

/**
 * Knows which module opened which handle: modules have small numbers, and each slot of the table keeps that of the module
 * whose function ran when it was filled. Used by the thread that runs the interpreter.
 */
final class Openers {

    private record Key(String type, int module) {}

    private final HandleTable table;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>(List.of(""));

    Openers(HandleTable table) {
        this.table = table;
    }

    /** The number of a module, by its full name. */
    int number(String module) {
        return numbers.computeIfAbsent(module, name -> {
            names.add(name);
            return names.size() - 1;
        });
    }

    /** All open handles, the most numerous first. */
    List<OpenHandles> open() {
        Map<Key, Long> counts = new HashMap<>();
        table.visitOpen((object, module, count) ->
                counts.merge(new Key(Api.typeName((PyObject) object), module), (long) count, Long::sum));
        return counts.entrySet().stream()
                .map(entry -> new OpenHandles(
                        entry.getKey().type(), names.get(entry.getKey().module()), entry.getValue()))
                .sorted(Comparator.comparingLong(OpenHandles::count)
                        .reversed()
                        .thenComparing(OpenHandles::module)
                        .thenComparing(OpenHandles::type))
                .toList();
    }
}
