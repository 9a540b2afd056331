package org.hpyve.context;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.python.core.PyObject;
import org.python.util.Generic;

/**
 * The keys of a dict in the order in which they came: a node of a tree, in which the way from the root to a node are
 * the keys of a shape. Records with equal keys share one shape, and have only their values for themselves.
 *
 * <p>A tree belongs to one context, whose {@link OperationLog} holds the root, and to the dicts made there. It grows
 * only on the thread that runs the interpreter; any thread may look for keys.
 */
final class Shape {

    private static final int MAX_KEYS = 64;
    private static final int MAX_NODES = 4096;

    private final Shape root;
    private final Shape parent;
    private final PyObject key;
    private final int size;

    /** The step that was taken last; the key is compared by identity. */
    private PyObject lastKey;

    private Shape lastNext;
    private Map<PyObject, Shape> steps = Map.of();

    /** Keys of the longest shape below, this one included. */
    private int reach;

    /** Of the root: nodes of the tree. */
    private int nodes = 1;

    /** Made by the first who looks for a key; immutable, so that it does not matter who sees it. */
    private ShapeIndex index;

    /** The same; numbers of the keys in the order of a plain map. */
    private volatile int[] order;

    /** The root of a new tree: no keys. */
    Shape() {
        this.root = this;
        this.parent = null;
        this.key = null;
        this.size = 0;
    }

    private Shape(Shape parent, PyObject key) {
        this.root = parent.root;
        this.parent = parent;
        this.key = key;
        this.size = parent.size + 1;
    }

    int size() {
        return size;
    }

    /** Values that a dict is likely to get that has come here. */
    int reach() {
        return reach;
    }

    /**
     * The shape with one more key: this one if it has the key, null if there is to be no such shape.
     *
     * @param added an exact unicode
     */
    Shape with(PyObject added) {
        return added == lastKey ? lastNext : search(added);
    }

    /** The shape with one more key, if other dicts have come there. */
    Shape existing(PyObject added) {
        return steps.get(added);
    }

    private Shape search(PyObject added) {
        Shape next = steps.get(added);
        if (next == null) {
            if (indexOf(added) >= 0) {
                return this;
            }
            next = grow(added);
        }
        if (next != null) {
            lastKey = added;
            lastNext = next;
        }
        return next;
    }

    private Shape grow(PyObject added) {
        if (size >= MAX_KEYS || root.nodes >= MAX_NODES) {
            return null;
        }
        root.nodes++;
        Shape next = new Shape(this, added);
        if (steps.isEmpty()) {
            steps = new HashMap<>(2);
        }
        steps.put(added, next);
        for (Shape shape = next; shape != null && shape.reach < next.size; shape = shape.parent) {
            shape.reach = next.size;
        }
        return next;
    }

    /** Where the value of a key is; negative if there is no such key. */
    int indexOf(Object wanted) {
        ShapeIndex found = index;
        if (found == null) {
            found = new ShapeIndex(keys());
            index = found;
        }
        return found.indexOf(wanted);
    }

    /** Visits the keys, with their values, in the order of the plain map that they would be in. */
    void forEach(PyObject[] values, BiConsumer<? super PyObject, ? super PyObject> action) {
        int[] numbers = order;
        if (numbers == null) {
            numbers = plainOrder();
            order = numbers;
        }
        PyObject[] keys = keys();
        for (int number : numbers) {
            action.accept(keys[number], values[number]);
        }
    }

    private int[] plainOrder() {
        ConcurrentMap<PyObject, Integer> plain = Generic.concurrentMap();
        PyObject[] keys = keys();
        for (int i = 0; i < keys.length; i++) {
            plain.put(keys[i], i);
        }
        return plain.values().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The keys, a new array. */
    PyObject[] keys() {
        PyObject[] keys = new PyObject[size];
        for (Shape shape = this; shape.parent != null; shape = shape.parent) {
            keys[shape.size - 1] = shape.key;
        }
        return keys;
    }
}
