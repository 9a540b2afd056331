package org.hpyve.context;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.hpyve.bridge.HandleTable;
import org.python.core.PyObject;

/**
 * Knows which module opened which handle: modules have small numbers, and each slot of the table keeps that of the module
 * whose function ran when it was filled. Also holds the counts of calls, by these numbers. Used by the thread that runs
 * the interpreter, but for {@link #calls()}.
 */
public final class Openers {

    private final HandleTable table;
    private final Map<String, Integer> numbers = new HashMap<>();

    /** By number; replaced by a longer one when a module is added. */
    private volatile ModuleCalls[] modules = {new ModuleCalls(0, "")};

    private Consumer<String> whenAdded = module -> {};

    Openers(HandleTable table) {
        this.table = table;
    }

    /** The number of a module, by its full name. */
    int number(String module) {
        Integer known = numbers.get(module);
        return known != null ? known : add(module);
    }

    private int add(String module) {
        int number = modules.length;
        ModuleCalls[] longer = Arrays.copyOf(modules, number + 1);
        longer[number] = new ModuleCalls(number, module);
        modules = longer;
        numbers.put(module, number);
        whenAdded.accept(module);
        return number;
    }

    /** Has each new module told by its full name, on the thread that runs the interpreter. */
    public void whenAdded(Consumer<String> listener) {
        whenAdded = listener;
    }

    /** The calls of a module, by its full name. */
    ModuleCalls calls(String module) {
        int number = number(module);
        return modules[number];
    }

    /** The calls of the module with a number. */
    ModuleCalls calls(int module) {
        return modules[module];
    }

    /** The calls of all modules, those of none first. Any thread. */
    public List<ModuleCalls> calls() {
        return List.of(modules);
    }

    /**
     * The open handles, the most numerous first.
     *
     * @param last the number of the last opening that counts; further handles of constants have {@link Long#MAX_VALUE}
     */
    List<OpenHandles> open(long last) {
        // By module, then by type. No record as the key: the JDK keeps the class of one whose equals() ran.
        Map<Integer, Map<String, Long>> counts = new HashMap<>();
        table.visitOpen((object, module, serial, count) -> {
            if (serial <= last) {
                counts.computeIfAbsent(module, key -> new HashMap<>())
                        .merge(Api.typeName((PyObject) object), (long) count, Long::sum);
            }
        });
        return counts.entrySet().stream()
                .flatMap(module -> module.getValue().entrySet().stream()
                        .map(type ->
                                new OpenHandles(type.getKey(), modules[module.getKey()].module(), type.getValue())))
                .sorted(Comparator.comparingLong(OpenHandles::count)
                        .reversed()
                        .thenComparing(OpenHandles::module)
                        .thenComparing(OpenHandles::type))
                .toList();
    }
}
