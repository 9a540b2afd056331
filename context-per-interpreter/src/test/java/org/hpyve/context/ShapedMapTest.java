package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PySystemState;
import org.python.core.PyUnicode;
import org.python.util.Generic;

/** A shaped map cannot be told from the map that Jython gives a dict. */
class ShapedMapTest {

    private final Shape root = new Shape();
    private final ShapedMap map = new ShapedMap(root);
    private final ConcurrentMap<PyObject, PyObject> model = Generic.concurrentMap();

    @BeforeAll
    static void startJython() {
        PySystemState.initialize();
    }

    private static PyUnicode key(int number) {
        return new PyUnicode("key" + number, true);
    }

    private void addKnown(PyObject key, PyObject value) {
        map.addKnown(key, value);
        model.put(key, value);
    }

    private static void fill(ShapedMap map, int keys) {
        for (int i = 0; i < keys; i++) {
            map.addKnown(key(i), Py.newInteger(i));
        }
    }

    private void assertSame() {
        assertThat(new ArrayList<>(map.entrySet())).isEqualTo(new ArrayList<>(model.entrySet()));
        assertThat(map.size()).isEqualTo(model.size());
    }

    @Test
    void whatIsReadIsWhatWasAdded() {
        for (int i = 0; i < 20; i++) {
            addKnown(key(i), Py.newInteger(i));
        }

        for (int i = 0; i < 25; i++) {
            assertThat(map.get(key(i))).isEqualTo(model.get(key(i)));
            assertThat(map.get(new PyString("key" + i))).isEqualTo(model.get(key(i)));
            assertThat(map.containsKey(key(i))).isEqualTo(i < 20);
            assertThat(map.getOrDefault(key(i), Py.None)).isEqualTo(model.getOrDefault(key(i), Py.None));
        }
        assertThat(map.isEmpty()).isFalse();
        assertSame();
    }

    @Test
    void anEmptyMapIsEmptyAndStillAsksForTheHash() {
        assertThat(map.isEmpty()).isTrue();
        assertThat(map.get(key(0))).isNull();
        assertThatThrownBy(() -> map.get(new PyList())).isInstanceOf(PyException.class);
        assertSame();
    }

    @Test
    void aKeyThatComesTwiceKeepsItsPlaceAndGetsTheNewValue() {
        PyUnicode first = key(1);
        addKnown(first, Py.One);
        addKnown(key(2), Py.One);
        addKnown(key(1), Py.None);
        addKnown(first, Py.True);
        addKnown(key(3), Py.Zero);

        assertThat(map.get(first)).isSameAs(Py.True);
        assertThat(map.size()).isEqualTo(3);
        assertThat(map.keySet().stream().filter(first::equals).findFirst()).containsSame(first);
        assertSame();
    }

    @Test
    void mapsWithEqualKeysShareAShapeAndNotTheirValues() {
        ShapedMap other = new ShapedMap(root);
        fill(map, 5);
        fill(other, 5);
        other.put(key(2), Py.None);

        assertThat(root.with(key(0)).with(key(1))).isSameAs(root.with(key(0)).with(key(1)));
        assertThat(map.get(key(2))).isEqualTo(Py.newInteger(2));
        assertThat(other.get(key(2))).isSameAs(Py.None);
    }

    @Test
    void whatShapesAreNotForGoesToThePlainMap() {
        for (int i = 0; i < 1000; i++) {
            addKnown(key(i), Py.newInteger(i));
            if (i % 100 == 0) {
                map.add(Py.newInteger(i), Py.None);
                model.put(Py.newInteger(i), Py.None);
            }
        }

        assertSame();
    }

    @Test
    void manyKeysAndManyShapesComeToAnEnd() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            ShapedMap each = new ShapedMap(root);
            ConcurrentMap<PyObject, PyObject> expected = Generic.concurrentMap();
            for (int j = 0; j < 5; j++) {
                PyUnicode key = key(random.nextInt(200));
                each.addKnown(key, Py.newInteger(j));
                expected.put(key, Py.newInteger(j));
            }
            assertThat(new ArrayList<>(each.entrySet())).isEqualTo(new ArrayList<>(expected.entrySet()));
        }
        ShapedMap long1 = new ShapedMap(new Shape());
        fill(long1, 300);
        assertThat(long1).hasSize(300);
    }

    @Test
    void whateverIsDoneItIsTheSameAsWithThePlainMap() {
        Random random = new Random(7);
        for (int run = 0; run < 300; run++) {
            ShapedMap shaped = new ShapedMap(root);
            ConcurrentMap<PyObject, PyObject> plain = Generic.concurrentMap();
            int keys = random.nextInt(30);
            for (int i = 0; i < keys; i++) {
                PyUnicode key = key(random.nextInt(40));
                shaped.addKnown(key, Py.newInteger(i));
                plain.put(key, Py.newInteger(i));
            }
            for (int i = 0; i < 20; i++) {
                int what = random.nextInt(18);
                PyUnicode key = key(random.nextInt(40));
                PyInteger value = Py.newInteger(random.nextInt(5));
                assertThat(act(shaped, what, key, value)).as("%d", what).isEqualTo(act(plain, what, key, value));
            }
            assertThat(new ArrayList<>(shaped.entrySet())).isEqualTo(new ArrayList<>(plain.entrySet()));
            assertThat(new ArrayList<>(shaped.values())).isEqualTo(new ArrayList<>(plain.values()));
            assertThat(shaped).isEqualTo(plain).hasSameHashCodeAs(plain).hasToString(plain.toString());
        }
    }

    private static Object act(ConcurrentMap<PyObject, PyObject> map, int what, PyObject key, PyObject value) {
        return switch (what) {
            case 0 -> map.put(key, value);
            case 1 -> map.putIfAbsent(key, value);
            case 2 -> map.remove(key);
            case 3 -> map.remove(key, value);
            case 4 -> map.replace(key, value);
            case 5 -> map.replace(key, value, Py.newInteger(77));
            case 6 -> map.compute(key, (k, old) -> old == null ? value : null);
            case 7 -> map.computeIfAbsent(key, k -> value);
            case 8 -> map.computeIfPresent(key, (k, old) -> value);
            case 9 -> map.merge(key, value, PyObject::_add);
            case 10 -> map.containsValue(value);
            case 11 -> new ArrayList<>(map.keySet());
            case 12 -> map.keySet().removeIf(key::equals);
            case 13 -> {
                List<PyObject> seen = new ArrayList<>();
                map.forEach((k, v) -> seen.add(k));
                yield seen;
            }
            case 14 -> {
                map.putAll(Map.of(key, value));
                yield null;
            }
            case 15 -> {
                map.replaceAll((k, v) -> v._add(Py.One));
                yield null;
            }
            case 16 -> map.size();
            default -> map.get(key);
        };
    }

    @Test
    void visitingAllIsInTheOrderOfThePlainMap() {
        for (int keys : new int[] {0, 1, 5, 13, 30, 64}) {
            ShapedMap shaped = new ShapedMap(new Shape());
            ConcurrentMap<PyObject, PyObject> plain = Generic.concurrentMap();
            for (int i = 0; i < keys; i++) {
                PyUnicode key = key(i * 7919 % 1000);
                shaped.addKnown(key, Py.newInteger(i));
                plain.put(key, Py.newInteger(i));
            }
            List<List<PyObject>> seen = new ArrayList<>();
            shaped.forEach((key, value) -> seen.add(List.of(key, value)));
            List<List<PyObject>> expected = new ArrayList<>();
            plain.forEach((key, value) -> expected.add(List.of(key, value)));
            assertThat(seen).as("%d keys", keys).isEqualTo(expected);
            assertThat(new ArrayList<>(shaped.keySet())).as("%d keys", keys).isEqualTo(new ArrayList<>(plain.keySet()));
        }
    }

    @Test
    void clearLeavesNothing() {
        fill(map, 5);
        map.clear();

        assertSame();
    }

    @Test
    void aSerializedMapComesBackAsAPlainOne() throws Exception {
        map.addKnown(key(0), Py.newInteger(0));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(map);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isExactlyInstanceOf(ConcurrentHashMap.class);
        }
    }

    @Test
    void threadsThatReadAndWriteLoseNothing() throws Exception {
        int threads = 4;
        int keys = 30;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int run = 0; run < 200; run++) {
                ShapedMap shared = new ShapedMap(root);
                fill(shared, keys);
                CountDownLatch start = new CountDownLatch(threads);
                List<Future<?>> ends = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    ends.add(pool.submit(readAndWrite(shared, start, keys, t)));
                }
                for (Future<?> end : ends) {
                    end.get();
                }
                assertThat(shared).hasSize(keys + threads);
                for (int t = 0; t < threads; t++) {
                    assertThat(shared.get(key(t))).isEqualTo(Py.newInteger(1000 + t));
                    assertThat(shared.get(key(100 + t))).isEqualTo(Py.One);
                }
            }
        } finally {
            pool.shutdown();
        }
    }

    /** Each thread changes one key and adds one; nobody touches the others. */
    private static Callable<Void> readAndWrite(ShapedMap shared, CountDownLatch start, int keys, int thread) {
        return () -> {
            start.countDown();
            start.await();
            for (int i = keys - 1; i >= 10; i--) {
                assertThat(shared.get(key(i))).isEqualTo(Py.newInteger(i));
            }
            shared.put(key(thread), Py.newInteger(1000 + thread));
            assertThat(shared.get(key(thread))).isEqualTo(Py.newInteger(1000 + thread));
            shared.put(key(100 + thread), Py.One);
            for (int i = 10; i < keys; i++) {
                assertThat(shared.get(key(i))).isEqualTo(Py.newInteger(i));
            }
            assertThat(shared.get(key(100 + thread))).isEqualTo(Py.One);
            return null;
        };
    }
}
