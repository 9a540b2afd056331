package org.hpyve.host.script;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.script.Bindings;
import org.hpyve.host.PythonReference;
import org.hpyve.host.PythonVariables;

/**
 * Variables of an engine's interpreter as bindings: what is put is there for Python code, and what Python code has
 * assigned is there to get, converted each time.
 */
final class PythonBindings extends AbstractMap<String, Object> implements Bindings {

    private final HpyveScriptEngine engine;
    private final PythonVariables variables;

    /** @param engine kept as long as its variables are in use */
    PythonBindings(HpyveScriptEngine engine, PythonVariables variables) {
        this.engine = engine;
        this.variables = variables;
    }

    boolean isOf(HpyveScriptEngine other) {
        return engine == other;
    }

    PythonVariables variables() {
        return variables;
    }

    /** The value of a variable; a container that Java cannot have, since it holds itself, as the object itself. */
    static Object value(PythonVariables variables, String name) {
        try {
            return variables.get(name);
        } catch (IllegalArgumentException e) {
            return variables.get(name, PythonReference.class);
        }
    }

    static String checked(Object key) {
        String name = (String) Objects.requireNonNull(key, "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a variable needs a name");
        }
        return name;
    }

    @Override
    public Object put(String name, Object value) {
        Object before = get(checked(name));
        variables.set(name, Arguments.of(value));
        return before;
    }

    @Override
    public void putAll(Map<? extends String, ?> all) {
        all.forEach(this::put);
    }

    @Override
    public boolean containsKey(Object key) {
        return variables.has(checked(key));
    }

    @Override
    public Object get(Object key) {
        return value(variables, checked(key));
    }

    @Override
    public Object remove(Object key) {
        Object before = get(key);
        variables.remove(checked(key));
        return before;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        List<String> names = variables.names();
        return new AbstractSet<>() {

            @Override
            public Iterator<Entry<String, Object>> iterator() {
                List<Entry<String, Object>> entries = new ArrayList<>();
                names.forEach(name -> entries.add(new SimpleEntry<>(name, value(variables, name))));
                Iterator<Entry<String, Object>> all = entries.iterator();
                return new Iterator<>() {

                    private Entry<String, Object> last;

                    @Override
                    public boolean hasNext() {
                        return all.hasNext();
                    }

                    @Override
                    public Entry<String, Object> next() {
                        last = all.next();
                        return last;
                    }

                    @Override
                    public void remove() {
                        variables.remove(last.getKey());
                        all.remove();
                    }
                };
            }

            @Override
            public int size() {
                return names.size();
            }
        };
    }

    /** They are the variables of one place, whatever is in them. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
