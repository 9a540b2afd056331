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
        // By module, then by type. No record as the key: the JDK keeps the class of one whose equals() ran.
        Map<Integer, Map<String, Long>> counts = new HashMap<>();
        table.visitOpen((object, module, count) -> counts.computeIfAbsent(module, key -> new HashMap<>())
                .merge(Api.typeName((PyObject) object), (long) count, Long::sum));
        return counts.entrySet().stream()
                .flatMap(module -> module.getValue().entrySet().stream()
                        .map(type -> new OpenHandles(type.getKey(), names.get(module.getKey()), type.getValue())))
                .sorted(Comparator.comparingLong(OpenHandles::count)
                        .reversed()
                        .thenComparing(OpenHandles::module)
                        .thenComparing(OpenHandles::type))
                .toList();
    }
}
