package org.hpyve.host.script;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.script.Bindings;
import org.hpyve.host.PythonVariables;

/**
 * Bindings that are somebody else's maps: each has variables in the interpreter, which get what is new in the map before an
 * evaluation, and give back what is new after it. Used in tasks of the interpreter.
 */
final class ForeignBindings {

    /** A map that is itself and equal to no other. */
    private static final class Key extends WeakReference<Bindings> {

        private final int hash;

        Key(Bindings bindings, ReferenceQueue<Bindings> queue) {
            super(bindings, queue);
            hash = System.identityHashCode(bindings);
        }

        @Override
        public boolean equals(Object other) {
            return this == other || (other instanceof Key key && get() != null && get() == key.get());
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** What the map and the variables had in common last. */
    private record Copy(PythonVariables variables, Map<String, Object> last) {}

    private final ReferenceQueue<Bindings> dropped = new ReferenceQueue<>();
    private final Map<Key, Copy> copies = new HashMap<>();
    private final Supplier<PythonVariables> maker;

    ForeignBindings(Supplier<PythonVariables> maker) {
        this.maker = maker;
    }

    /** The variables, with what the map has. */
    PythonVariables read(Bindings bindings) {
        for (Object gone = dropped.poll(); gone != null; gone = dropped.poll()) {
            copies.remove(gone);
        }
        Copy copy = copies.computeIfAbsent(new Key(bindings, dropped), key -> new Copy(maker.get(), new HashMap<>()));
        PythonVariables variables = copy.variables;
        bindings.forEach((name, value) -> {
            boolean known = copy.last.containsKey(name) && copy.last.get(name) == value;
            if (!(known && (isFixed(value) || Objects.equals(PythonBindings.value(variables, name), value)))) {
                variables.set(name, Arguments.of(value));
                copy.last.put(name, value);
            }
        });
        copy.last.keySet().removeIf(name -> {
            boolean removed = !bindings.containsKey(name);
            if (removed) {
                variables.remove(name);
            }
            return removed;
        });
        return variables;
    }

    /** What is in such an object is not copied. */
    private static boolean isFixed(Object value) {
        return !(value instanceof Iterable || value instanceof Map || value instanceof Object[]);
    }

    /** Has the map get what has changed in the variables. */
    void write(Bindings bindings) {
        Copy copy = copies.get(new Key(bindings, null));
        PythonVariables variables = copy.variables;
        for (String name : variables.names()) {
            Object value = PythonBindings.value(variables, name);
            if (!bindings.containsKey(name) || !Objects.equals(bindings.get(name), value)) {
                bindings.put(name, value);
            }
            copy.last.put(name, bindings.get(name));
        }
        copy.last.keySet().removeIf(name -> {
            boolean removed = !variables.has(name);
            if (removed) {
                bindings.remove(name);
            }
            return removed;
        });
    }
}
