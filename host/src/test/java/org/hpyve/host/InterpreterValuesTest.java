package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values on their way into an interpreter and out of it. */
class InterpreterValuesTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void open() {
        python = fixture.newInterpreter("alpha");
    }

    private PythonException raisedBy(Runnable code) {
        PythonException raised = catchThrowableOfType(PythonException.class, code::run);
        assertThat(raised).isNotNull();
        assertThat(raised.interpreter()).isEqualTo("alpha");
        // Whatever happened, the interpreter can be used.
        assertThat(python.eval("1 + 1")).isEqualTo(2);
        return raised;
    }

    static List<Arguments> values() {
        List<Object> mixed = new ArrayList<>(Arrays.asList(1, null, "x", List.of(), Map.of()));
        return List.of(
                Arguments.of("None", null),
                Arguments.of("True", true),
                Arguments.of("False", false),
                Arguments.of("0", 0),
                Arguments.of("-1", -1),
                Arguments.of("2**31 - 1", Integer.MAX_VALUE),
                Arguments.of("-2**31", Integer.MIN_VALUE),
                Arguments.of("7L", 7),
                Arguments.of("2**31", 1L << 31),
                Arguments.of("2**47", 1L << 47),
                Arguments.of("-2**63", Long.MIN_VALUE),
                Arguments.of("2**63 - 1", Long.MAX_VALUE),
                Arguments.of("2**63", BigInteger.TWO.pow(63)),
                Arguments.of("-3**100", BigInteger.valueOf(3).pow(100).negate()),
                Arguments.of("0.1", 0.1),
                Arguments.of("-0.0", -0.0),
                Arguments.of("float('nan')", Double.NaN),
                Arguments.of("float('-inf')", Double.NEGATIVE_INFINITY),
                Arguments.of("''", ""),
                Arguments.of("'ascii'", "ascii"),
                Arguments.of("'a\\x00b'", "a\0b"),
                Arguments.of("u'\\u20ac'", "\u20ac"),
                Arguments.of("u'a\\U0001F600b'", "a\ud83d\ude00b"),
                Arguments.of("u'\\xff'", "\u00ff"),
                Arguments.of("'\\xff\\x00a'", new byte[] {-1, 0, 'a'}),
                Arguments.of("[1, None, 'x', [], {}]", mixed),
                Arguments.of("(1, (2, ()))", List.of(1, List.of(2, List.of()))),
                Arguments.of("{'a': [True], 2: u'b', None: 1.5}", mapOf("a", List.of(true), 2, "b", null, 1.5)),
                Arguments.of("set([1, 'a'])", Set.of(1, "a")),
                Arguments.of("frozenset([2])", Set.of(2)));
    }

    private static Map<Object, Object> mapOf(Object... items) {
        Map<Object, Object> map = new HashMap<>();
        for (int i = 0; i < items.length; i += 2) {
            map.put(items[i], items[i + 1]);
        }
        return map;
    }

    @ParameterizedTest
    @MethodSource("values")
    void pythonValuesAreJavaValues(String expression, Object expected) {
        assertThat(python.eval(expression)).isEqualTo(expected);
    }

    static List<Arguments> valuesWithoutTuples() {
        return values().stream()
                .filter(row -> !row.get()[0].toString().startsWith("("))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("valuesWithoutTuples")
    void javaValuesArePythonValues(String expression, Object value) {
        python.set("value", value);

        assertThat(python.eval(
                        "value == (%s) or value != value or list(value) == list(%s)".formatted(expression, expression)))
                .isEqualTo(true);
        assertThat(python.get("value")).isEqualTo(value);
    }

    @Test
    void everyJavaValueHasItsPythonType() {
        List<Object> values = Arrays.asList(
                null, true, (byte) 1, (short) 1, 1, 1L << 40, BigInteger.ONE, 1.5f, 1.5, "a", 'a', new byte[] {'a'});
        python.set("values", values);

        assertThat(python.eval("[type(value).__name__ for value in values]"))
                .isEqualTo(List.of(
                        "NoneType",
                        "bool",
                        "int",
                        "int",
                        "int",
                        "long",
                        "long",
                        "float",
                        "float",
                        "unicode",
                        "unicode",
                        "str"));
        python.set("list", List.of());
        python.set("dict", Map.of());
        python.set("set_", Set.of());
        assertThat(python.eval("[type(value).__name__ for value in (list, dict, set_)]"))
                .isEqualTo(List.of("list", "dict", "set"));
    }

    @Test
    void surrogatePairsAreOneCharacter() {
        python.set("text", "\ud83d\ude00");

        assertThat(python.eval("len(text), ord(text)")).isEqualTo(List.of(1, 0x1F600));
    }

    @Test
    void containersAreCopied() {
        List<Object> list = new ArrayList<>(List.of(1));
        python.set("items", list);
        python.exec("items.append(2)");
        List<?> out = (List<?>) python.get("items");

        assertThat(list).containsExactly(1);
        python.exec("items.append(3)");
        assertThat(out).isEqualTo(List.of(1, 2));
    }

    @Test
    void subclassesAndOtherObjectsAreReferences() {
        python.exec("class Sub(int): pass\nclass Thing(object): pass\nthing = Thing()\nthing.x = 5");

        PythonReference sub = (PythonReference) python.eval("Sub(1)");
        PythonReference thing = (PythonReference) python.get("thing");

        assertThat(sub.typeName()).isEqualTo("Sub");
        assertThat(thing.typeName()).isEqualTo("Thing");
        assertThat(thing.interpreter()).isSameAs(python);
        assertThat(thing).hasToString("<Python Thing of interpreter 'alpha'>");
        python.set("again", thing);
        assertThat(python.eval("again is thing and again.x == 5")).isEqualTo(true);
        assertThat(python.call("getattr", thing, "x")).isEqualTo(5);
        assertThat(((List<?>) python.eval("[thing, len]"))).hasOnlyElementsOfType(PythonReference.class);
    }

    @Test
    void aReferenceIsRefusedByEveryOtherInterpreter() {
        Interpreter other = fixture.newInterpreter("beta");
        PythonReference reference = (PythonReference) python.eval("object()");

        for (Object value : List.of(reference, List.of(reference), Map.of("key", reference))) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> other.set("stolen", value))
                    .withMessage("<Python object of interpreter 'alpha'> cannot be used in interpreter 'beta'");
        }
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> other.call("repr", reference))
                .withMessageContaining("'alpha'")
                .withMessageContaining("'beta'");
        assertThat(other.eval("'stolen' in globals()")).isEqualTo(false);
    }

    @Test
    void aJavaObjectWithoutPythonFormIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> python.set("thread", Thread.currentThread()))
                .withMessageContaining("java.lang.Thread");
    }

    @Test
    void aDeepContainerIsCopied() {
        python.exec("deep = []\nfor i in range(400): deep = [deep]");

        python.set("copy", python.get("deep"));

        assertThat(python.eval("copy == deep")).isEqualTo(true);
    }

    @Test
    void aContainerThatHoldsItselfIsRefused() {
        python.exec("ring = []\nring.append(ring)\nloop = {}\nloop['self'] = loop");
        List<Object> ring = new ArrayList<>();
        ring.add(ring);

        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> python.get("ring"));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> python.get("loop"));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> python.set("x", ring));
        assertThat(python.eval("len(ring)")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(x, x)", "[x, x]", "{'a': x, 'b': x}"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsInItselfManyTimesOverIsCopiedOnce(String twice) {
        python.exec("x = y = [1]\nfor i in range(60): x = " + twice);

        Object copy = python.get("x");

        for (int i = 0; i < 60; i++) {
            Collection<?> items = copy instanceof Map<?, ?> map ? map.values() : (Collection<?>) copy;
            assertThat(items).hasSize(2);
            copy = items.iterator().next();
            Object first = copy;
            assertThat(items.stream().allMatch(item -> item == first)).isTrue();
        }
        assertThat(copy).isEqualTo(List.of(1));

        python.exec("y.append(x)");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> python.get("x"))
                .withMessageContaining("holds itself");
    }

    @Test
    void anUnhashableKeyIsATypeError() {
        assertThat(raisedBy(() -> python.set("x", Map.of(List.of(), 1))).typeName())
                .isEqualTo("TypeError");
    }

    @Test
    void aFunctionIsACallable() {
        List<Object> seen = new ArrayList<>();
        Function<List<Object>, Object> add = arguments -> {
            seen.addAll(arguments);
            return arguments.size();
        };
        python.set("add", add);

        assertThat(python.eval("add(1, u'\u20ac', [None])")).isEqualTo(3);
        assertThat(seen).containsExactly(1, "\u20ac", Collections.singletonList(null));
        assertThat(python.eval("map(add, [1, 2])")).isEqualTo(List.of(1, 1));
        assertThat(raisedBy(() -> python.exec("add(a=1)"))).hasMessageContaining("no keyword arguments");
    }

    @Test
    void aFunctionMayUseItsInterpreter() {
        Function<List<Object>, Object> twice = arguments -> python.eval("base * 2");
        python.set("base", 21);
        python.set("twice", twice);

        assertThat(python.eval("twice()")).isEqualTo(42);
    }

    @Test
    void whatAFunctionThrowsIsAPythonException() {
        Function<List<Object>, Object> fail = arguments -> {
            throw new IllegalStateException("out of order");
        };
        python.set("fail", fail);
        python.exec("""
                import java.lang
                try:
                    fail()
                except java.lang.IllegalStateException as e:
                    caught = e.getMessage()
                """);

        assertThat(python.get("caught")).isEqualTo("out of order");
        PythonException raised = raisedBy(() -> python.exec("def f():\n    fail()\nf()\n"));
        assertThat(raised.typeName()).isEqualTo("java.lang.IllegalStateException");
        assertThat(raised).hasMessageContaining("out of order");
        assertThat(raised.pythonTraceback()).contains("line 2, in f");
    }

    @Test
    void aJavaListThatIsInItselfManyTimesOverComesOnceEach() throws Exception {
        List<Object> list = List.of(1);
        for (int level = 0; level < 60; level++) {
            list = List.of(list, list);
        }
        python.set("x", list);
        assertThat(python.eval("x[0] is x[1] and x[0][1][0] is x[1][0][1]")).isEqualTo(true);
        python.set("f", (Function<Object, Object>) any -> any);
        assertThat(python.eval("len(f(x)[0])")).isEqualTo(2);
        python.set("empty", List.of(List.of(), List.of()));
        assertThat(python.eval("empty[0] is empty[1]")).isEqualTo(false);
        List<?> lists = (List<?>) python.eval("((), ())");
        assertThat(lists.get(0)).isNotSameAs(lists.get(1));
    }
}
