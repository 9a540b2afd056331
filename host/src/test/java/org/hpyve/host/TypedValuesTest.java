package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.AccessMode;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values in the form that the caller asks for. */
class TypedValuesTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void open() {
        python = fixture.newInterpreter("alpha");
        python.exec("import datetime, decimal, array\nclass Sub(int): pass\nclass Text(unicode): pass");
    }

    static List<Arguments> forms() {
        return List.of(
                Arguments.of("7", int.class, 7),
                Arguments.of("7", Integer.class, 7),
                Arguments.of("7L", byte.class, (byte) 7),
                Arguments.of("-2**15", Short.class, Short.MIN_VALUE),
                Arguments.of("7", long.class, 7L),
                Arguments.of("2**63 - 1", Long.class, Long.MAX_VALUE),
                Arguments.of("2**64", BigInteger.class, BigInteger.TWO.pow(64)),
                Arguments.of("Sub(7)", int.class, 7),
                Arguments.of("7", double.class, 7.0),
                Arguments.of("0.5", Double.class, 0.5),
                Arguments.of("0.5", float.class, 0.5f),
                Arguments.of("float('inf')", float.class, Float.POSITIVE_INFINITY),
                Arguments.of("7", Number.class, 7),
                Arguments.of("0.5", Number.class, 0.5),
                Arguments.of("7", BigDecimal.class, BigDecimal.valueOf(7)),
                Arguments.of("decimal.Decimal('1.50')", BigDecimal.class, new BigDecimal("1.50")),
                Arguments.of("True", boolean.class, true),
                Arguments.of("'a'", char.class, 'a'),
                Arguments.of("u'\\u20ac'", Character.class, '\u20ac'),
                Arguments.of("'text'", String.class, "text"),
                Arguments.of("Text('text')", CharSequence.class, "text"),
                Arguments.of("'READ'", AccessMode.class, AccessMode.READ),
                Arguments.of("(1, 2)", List.class, List.of(1, 2)),
                Arguments.of("[1, 2]", Collection.class, List.of(1, 2)),
                Arguments.of("set([1])", Iterable.class, Set.of(1)),
                Arguments.of("frozenset([1])", Set.class, Set.of(1)),
                Arguments.of("{'a': 1}", Map.class, Map.of("a", 1)),
                Arguments.of("__import__('collections').OrderedDict(a=1)", Map.class, Map.of("a", 1)),
                Arguments.of("[1, 2]", int[].class, new int[] {1, 2}),
                Arguments.of("(1, 0.5)", double[].class, new double[] {1, 0.5}),
                Arguments.of("[[1], []]", int[][].class, new int[][] {{1}, {}}),
                Arguments.of("['a', None]", String[].class, new String[] {"a", null}),
                Arguments.of("array.array('i', [1, 2])", long[].class, new long[] {1, 2}),
                Arguments.of("'\\xff'", byte[].class, new byte[] {-1}),
                Arguments.of("bytearray('ab')", byte[].class, new byte[] {'a', 'b'}),
                Arguments.of("memoryview('ab')", byte[].class, new byte[] {'a', 'b'}),
                Arguments.of("None", String.class, null),
                Arguments.of("None", Integer.class, null),
                Arguments.of(
                        "datetime.datetime(2024, 2, 29)", LocalDateTime.class, LocalDateTime.of(2024, 2, 29, 0, 0)),
                Arguments.of("1", Object.class, 1));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aValueHasTheFormThatIsAskedFor(String expression, Class<?> type, Object expected) {
        assertThat((Object) python.eval(expression, type)).isEqualTo(expected);

        python.exec("value = " + expression);
        assertThat((Object) python.get("value", type)).isEqualTo(expected);
        python.exec("def same(value): return value");
        assertThat((Object) python.call(type, "same", python.eval(expression, PythonReference.class)))
                .isEqualTo(expected);
    }

    static List<Arguments> misfits() {
        return List.of(
                Arguments.of("128", byte.class, "the Python int 128, which does not fit into byte"),
                Arguments.of("-32769", Short.class, "the Python int -32769, which does not fit into java.lang.Short"),
                Arguments.of("2**31", Integer.class, "2147483648, which does not fit into java.lang.Integer"),
                Arguments.of("2**63", long.class, "does not fit into long"),
                Arguments.of("10**400", double.class, "a Python long, which does not fit into double"),
                Arguments.of("1e300", float.class, "the Python float 1e+300, which does not fit into float"),
                Arguments.of("1.0", int.class, "the Python float 1.0, which has no form as int"),
                Arguments.of("True", int.class, "a Python bool, which has no form as int"),
                Arguments.of("1", boolean.class, "the Python int 1, which has no form as boolean"),
                Arguments.of("None", int.class, "Python's None, which has no form as int"),
                Arguments.of("'1'", Integer.class, "a Python str, which has no form as java.lang.Integer"),
                Arguments.of("1", String.class, "which has no form as java.lang.String"),
                Arguments.of("'\\xff'", String.class, "a Python str, which holds bytes beyond ASCII"),
                Arguments.of("'ab'", char.class, "a Python str, which has no form as char"),
                Arguments.of("'EXECUTED'", AccessMode.class, "names no constant of java.nio.file.AccessMode: EXECUTED"),
                Arguments.of("[1, 'x']", int[].class, "at index 1 holds a Python str, which has no form as int"),
                Arguments.of(
                        "[300]", byte[].class, "at index 0 holds the Python int 300, which does not fit into byte"),
                Arguments.of("u'ab'", byte[].class, "a Python unicode, which has no form as byte[]"),
                Arguments.of("{}", List.class, "a Python dict, which has no form as java.util.List"),
                Arguments.of("[]", Set.class, "a Python list, which has no form as java.util.Set"),
                Arguments.of("[]", Map.class, "a Python list, which has no form as java.util.Map"),
                Arguments.of("0.1", BigDecimal.class, "which has no form as java.math.BigDecimal"),
                Arguments.of("decimal.Decimal('NaN')", BigDecimal.class, "a Python Decimal"),
                Arguments.of("datetime.datetime.now()", LocalDate.class, "a Python datetime, which has no form as"),
                Arguments.of("object()", Runnable.class, "a Python object, which has no method run()"),
                Arguments.of("object()", Thread.class, "a Python object, which has no form as java.lang.Thread"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void whatDoesNotFitIsRefusedByName(String expression, Class<?> type, String message) {
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> python.eval(expression, type))
                .withMessageStartingWith("interpreter 'alpha': the value of '%s' is ".formatted(expression))
                .withMessageContaining(message);

        assertThat(python.eval("1 + 1", int.class)).isEqualTo(2);
    }

    @Test
    void theMessageNamesVariablesAndFunctions() {
        python.exec("text = 'x'\ndef f(): return text");

        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> python.get("text", int.class))
                .withMessageContaining("the value of 'text'");
        assertThatExceptionOfType(ClassCastException.class)
                .isThrownBy(() -> python.call(int.class, "f"))
                .withMessageContaining("the result of f()");
    }

    static List<Arguments> moments() {
        return List.of(
                Arguments.of("datetime.date(2024, 2, 29)", LocalDate.of(2024, 2, 29)),
                Arguments.of("datetime.time(23, 59, 58, 7)", LocalTime.of(23, 59, 58, 7000)),
                Arguments.of(
                        "datetime.datetime(1, 1, 1, 2, 3, 4, 999999)", LocalDateTime.of(1, 1, 1, 2, 3, 4, 999_999_000)),
                Arguments.of(
                        "datetime.timedelta(-1, 86399, 1)",
                        Duration.ofSeconds(-1).plusNanos(1000)),
                Arguments.of("datetime.timedelta(10**8)", Duration.ofDays(100_000_000)),
                Arguments.of("decimal.Decimal('-12.340')", new BigDecimal("-12.340")),
                Arguments.of("decimal.Decimal('1E+30')", new BigDecimal("1E+30")));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void datesTimesAndDecimalsGoBothWays(String expression, Object value) {
        assertThat(python.eval(expression)).isEqualTo(value);
        python.set("value", value);
        assertThat(python.eval("value == %s and type(value) is type(%s)".formatted(expression, expression)))
                .isEqualTo(true);
    }

    @Test
    void timesWithAnOffsetKeepIt() {
        OffsetDateTime moment = OffsetDateTime.of(2024, 3, 31, 2, 30, 0, 5000, ZoneOffset.ofHoursMinutes(-3, -30));
        python.set("moment", moment);

        assertThat(python.get("moment")).isEqualTo(moment);
        assertThat(python.eval("moment.isoformat()")).isEqualTo("2024-03-31T02:30:00.000005-03:30");
        assertThat(python.eval("moment.tzname()")).isEqualTo("UTC-03:30");
        assertThat(python.eval("__import__('pickle').loads(__import__('pickle').dumps(moment)) == moment"))
                .isEqualTo(true);
        assertThat(python.get("moment", Instant.class)).isEqualTo(moment.toInstant());
        python.set("zoned", ZonedDateTime.of(2024, 7, 1, 0, 0, 0, 0, ZoneId.of("Europe/Berlin")));
        assertThat(python.get("zoned")).isEqualTo(OffsetDateTime.of(2024, 7, 1, 0, 0, 0, 0, ZoneOffset.ofHours(2)));
        python.set("instant", Instant.EPOCH);
        assertThat(python.eval("str(instant)")).isEqualTo("1970-01-01 00:00:00+00:00");
        OffsetTime time = OffsetTime.of(1, 2, 3, 0, ZoneOffset.UTC);
        python.set("time", time);
        assertThat(python.get("time")).isEqualTo(time);
    }

    @Test
    void nanosecondsAreCut() {
        python.set("time", LocalTime.of(0, 0, 0, 1_999));

        assertThat(python.eval("time.microsecond")).isEqualTo(1);
    }

    @Test
    void daysMonthsAndYearsAreNoFunctions() {
        python.set("day", DayOfWeek.MONDAY);
        assertThat(python.get("day")).isEqualTo("MONDAY");
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> python.set("year", Year.of(2000)));
    }

    @Test
    void anEnumConstantIsItsName() {
        python.set("mode", AccessMode.WRITE);

        assertThat(python.get("mode")).isEqualTo("WRITE");
        assertThat(python.get("mode", AccessMode.class)).isEqualTo(AccessMode.WRITE);
    }

    @Test
    void anyObjectCanBeAskedForAsItself() {
        python.exec("items = [1]");
        PythonReference items = python.get("items", PythonReference.class);

        items.invoke("append", 2);

        assertThat(python.eval("items")).isEqualTo(List.of(1, 2));
        assertThat(items.as(int[].class)).containsExactly(1, 2);
        assertThat(items.hasMethod("append")).isTrue();
        assertThat(items.hasMethod("nothing")).isFalse();
        assertThat(python.eval("len", PythonReference.class).call(items)).isEqualTo(2);
    }

    @Test
    void anObjectOfADroppedReferenceIsLetGo() throws InterruptedException {
        python.exec("""
                import weakref
                class Thing(object): pass
                thing = Thing()
                seen = weakref.ref(thing)
                """);
        PythonReference reference = (PythonReference) python.get("thing");
        python.exec("del thing");
        assertThat(python.eval("seen() is not None")).isEqualTo(true);
        assertThat(reference.typeName()).isEqualTo("Thing");

        reference = null;

        boolean gone = false;
        for (int i = 0; i < 100 && !gone; i++) {
            System.gc();
            Thread.sleep(10);
            gone = (Boolean) python.eval("seen() is None");
        }
        assertThat(gone).isTrue();
    }

    @Test
    void aJavaObjectGoesInAsItselfOnDemandAndComesOutAgain() {
        StringBuilder text = new StringBuilder("a");
        python.set("builder", new JavaObject(text));

        python.exec("builder.append(u'b')");

        assertThat(text).hasToString("ab");
        assertThat(python.get("builder")).isSameAs(text);
        assertThat(python.get("builder", StringBuilder.class)).isSameAs(text);
    }

    @Test
    void aJavaCollectionLeavesWithoutPythonObjects() {
        python.exec("""
                from java.util import ArrayList, HashMap
                class Thing(object): pass
                items = ArrayList([1, Thing()])
                map = HashMap({'key': [Thing()]})
                """);

        List<?> items = (List<?>) python.get("items");
        assertThat(items.get(0)).isEqualTo(1);
        assertThat(items.get(1)).isInstanceOf(PythonReference.class);
        Map<?, ?> map = python.get("map", Map.class);
        assertThat(((List<?>) map.get("key")).get(0)).isInstanceOf(PythonReference.class);
    }
}
