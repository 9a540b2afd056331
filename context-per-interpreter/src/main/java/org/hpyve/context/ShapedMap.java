package org.hpyve.context;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.python.core.PyObject;
import org.python.core.PyUnicode;
import org.python.util.Generic;

/**
 * The map of a dict that C fills: values beside a {@link Shape} that many dicts share. Looking for a key leaves it
 * so, and {@link #forEach} does. Whatever else is done with it turns it, once and for all, into the plain map that Jython would have made, with the
 * same entries put in the same order.
 *
 * <p>{@link #add} and {@link #addKnown} are for the thread that runs the interpreter, before anybody else sees the map.
 * From then on it is for any thread, as any map of a dict.
 */
final class ShapedMap implements ConcurrentMap<PyObject, PyObject>, Serializable {

    private static final long serialVersionUID = 1L;

    private static final PyObject[] NONE = {};

    private static final VarHandle VALUES;

    static {
        try {
            VALUES = MethodHandles.lookup().findVarHandle(ShapedMap.class, "values", PyObject[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The values of the shape's keys; null as soon as there is a plain map, and set to null after that. */
    private transient PyObject[] values = NONE;

    private transient Shape shape;
    private transient ConcurrentMap<PyObject, PyObject> plain;

    /** @param root the shape without keys */
    ShapedMap(Shape root) {
        shape = root;
    }

    /** Sets the value of a key that is likely to be met in other dicts too: an exact unicode. */
    void addKnown(PyObject key, PyObject value) {
        Shape next = values == null ? null : shape.with(key);
        if (next == null) {
            plain().put(key, value);
        } else if (next == shape) {
            values[next.indexOf(key)] = value;
        } else {
            append(next, value);
        }
    }

    private void append(Shape next, PyObject value) {
        PyObject[] target = values;
        int last = shape.size();
        if (last == target.length) {
            target = new PyObject[Math.max(next.reach(), last + 1)];
            System.arraycopy(values, 0, target, 0, last);
            values = target;
        }
        target[last] = value;
        shape = next;
    }

    /** Sets the value of any other key. It makes no new shape, but there may be one already. */
    void add(PyObject key, PyObject value) {
        Shape next = values == null || key.getClass() != PyUnicode.class ? null : shape.existing(key);
        if (next == null) {
            plain().put(key, value);
        } else {
            append(next, value);
        }
    }

    private PyObject[] shapedValues() {
        return (PyObject[]) VALUES.getAcquire(this);
    }

    private ConcurrentMap<PyObject, PyObject> plain() {
        return shapedValues() == null ? plain : inflated();
    }

    private synchronized ConcurrentMap<PyObject, PyObject> inflated() {
        if (values != null) {
            ConcurrentMap<PyObject, PyObject> made = Generic.concurrentMap();
            PyObject[] keys = shape.keys();
            for (int i = 0; i < keys.length; i++) {
                made.put(keys[i], values[i]);
            }
            plain = made;
            VALUES.setRelease(this, null);
        }
        return plain;
    }

    @Override
    public PyObject get(Object key) {
        PyObject[] shaped = shapedValues();
        if (shaped == null) {
            return plain.get(key);
        }
        int index = shape.indexOf(key);
        return index < 0 ? null : shaped[index];
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public PyObject getOrDefault(Object key, PyObject other) {
        PyObject value = get(key);
        return value == null ? other : value;
    }

    @Override
    public int size() {
        return shapedValues() == null ? plain.size() : shape.size();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public boolean containsValue(Object value) {
        return plain().containsValue(value);
    }

    @Override
    public PyObject put(PyObject key, PyObject value) {
        return plain().put(key, value);
    }

    @Override
    public void putAll(Map<? extends PyObject, ? extends PyObject> entries) {
        plain().putAll(entries);
    }

    @Override
    public PyObject putIfAbsent(PyObject key, PyObject value) {
        return plain().putIfAbsent(key, value);
    }

    @Override
    public PyObject remove(Object key) {
        return plain().remove(key);
    }

    @Override
    public boolean remove(Object key, Object value) {
        return plain().remove(key, value);
    }

    @Override
    public PyObject replace(PyObject key, PyObject value) {
        return plain().replace(key, value);
    }

    @Override
    public boolean replace(PyObject key, PyObject oldValue, PyObject newValue) {
        return plain().replace(key, oldValue, newValue);
    }

    @Override
    public void replaceAll(BiFunction<? super PyObject, ? super PyObject, ? extends PyObject> function) {
        plain().replaceAll(function);
    }

    @Override
    public PyObject compute(PyObject key, BiFunction<? super PyObject, ? super PyObject, ? extends PyObject> function) {
        return plain().compute(key, function);
    }

    @Override
    public PyObject computeIfAbsent(PyObject key, Function<? super PyObject, ? extends PyObject> function) {
        return plain().computeIfAbsent(key, function);
    }

    @Override
    public PyObject computeIfPresent(
            PyObject key, BiFunction<? super PyObject, ? super PyObject, ? extends PyObject> function) {
        return plain().computeIfPresent(key, function);
    }

    @Override
    public PyObject merge(
            PyObject key, PyObject value, BiFunction<? super PyObject, ? super PyObject, ? extends PyObject> function) {
        return plain().merge(key, value, function);
    }

    @Override
    public void forEach(BiConsumer<? super PyObject, ? super PyObject> action) {
        PyObject[] shaped = shapedValues();
        if (shaped == null) {
            plain.forEach(action);
        } else {
            shape.forEach(shaped, action);
        }
    }

    @Override
    public void clear() {
        plain().clear();
    }

    @Override
    public Set<PyObject> keySet() {
        return plain().keySet();
    }

    @Override
    public Collection<PyObject> values() {
        return plain().values();
    }

    @Override
    public Set<Map.Entry<PyObject, PyObject>> entrySet() {
        return plain().entrySet();
    }

    @Override
    public boolean equals(Object other) {
        return plain().equals(other);
    }

    @Override
    public int hashCode() {
        return plain().hashCode();
    }

    @Override
    public String toString() {
        return plain().toString();
    }

    private Object writeReplace() {
        return plain();
    }
}
