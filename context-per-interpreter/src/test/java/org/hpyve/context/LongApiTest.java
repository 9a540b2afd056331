package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ints: from C and to C, at the limits of every C type and of the ints that are their own handle. */
class LongApiTest {

    private static final String[] INT_READERS = {
        "int32", "uint32", "uint32_mask", "int64", "uint64", "uint64_mask", "size", "ssize", "pointer", "real"
    };

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadFrom() {
        python.loadFunctions(
                "int32:NOARGS uint32:NOARGS int64:NOARGS uint64:NOARGS size:NOARGS ssize:NOARGS boolean:NOARGS", """
                #define COUNT(values) (sizeof(values) / sizeof((values)[0]))
                #define FROM(name, type, from, ...)                                          \\
                    static HPy name##_impl(HPyContext *ctx, HPy self)                        \\
                    {                                                                        \\
                        const type values[] = {__VA_ARGS__};                                 \\
                        HPy items[COUNT(values)];                                            \\
                        for (size_t i = 0; i < COUNT(values); i++)                           \\
                            items[i] = from(ctx, values[i]);                                 \\
                        HPy tuple = HPyTuple_FromArray(ctx, items, COUNT(values));           \\
                        for (size_t i = 0; i < COUNT(values); i++)                           \\
                            HPy_Close(ctx, items[i]);                                        \\
                        return tuple;                                                        \\
                    }
                #define TWO_TO_47 (INT64_C(1) << 47)
                FROM(int32, int32_t, HPyLong_FromInt32_t, 0, 1, -1, INT32_MAX, INT32_MIN)
                FROM(uint32, uint32_t, HPyLong_FromUInt32_t, 0, INT32_MAX, UINT32_C(1) << 31, UINT32_MAX)
                FROM(int64, int64_t, HPyLong_FromInt64_t, 0, -1, INT32_MAX, INT32_MAX + INT64_C(1), INT32_MIN,
                     INT32_MIN - INT64_C(1), TWO_TO_47 - 1, TWO_TO_47, TWO_TO_47 + 1, -TWO_TO_47, -TWO_TO_47 - 1,
                     INT64_C(1) << 48, -(INT64_C(1) << 48), INT64_MAX, INT64_MIN)
                FROM(uint64, uint64_t, HPyLong_FromUInt64_t, 0, UINT32_MAX, TWO_TO_47 - 1, TWO_TO_47,
                     UINT64_C(1) << 48, INT64_MAX, UINT64_C(1) << 63, UINT64_MAX)
                FROM(size, size_t, HPyLong_FromSize_t, 0, UINT32_MAX, TWO_TO_47, SIZE_MAX)
                FROM(ssize, HPy_ssize_t, HPyLong_FromSsize_t, 0, -1, TWO_TO_47, INTPTR_MAX, INTPTR_MIN)
                FROM(boolean, int, HPyBool_FromBool, true, false)
                """);
    }

    @Test
    void intsFromCHaveTheirValueAtEveryBoundary() {
        loadFrom();

        assertThat(python.repr("m.int32() == (0, 1, -1, 2**31 - 1, -2**31)")).isEqualTo("True");
        assertThat(python.repr("m.uint32() == (0, 2**31 - 1, 2**31, 2**32 - 1)"))
                .isEqualTo("True");
        assertThat(python.repr("m.int64()"))
                .isEqualTo("(0, -1, 2147483647, 2147483648L, -2147483648, -2147483649L, 140737488355327L,"
                        + " 140737488355328L, 140737488355329L, -140737488355328L, -140737488355329L,"
                        + " 281474976710656L, -281474976710656L, 9223372036854775807L, -9223372036854775808L)");
        assertThat(python.repr("m.uint64() == (0, 2**32 - 1, 2**47 - 1, 2**47, 2**48, 2**63 - 1, 2**63, 2**64 - 1)"))
                .isEqualTo("True");
        assertThat(python.repr("m.size() == (0, 2**32 - 1, 2**47, 2**64 - 1)")).isEqualTo("True");
        assertThat(python.repr("m.ssize() == (0, -1, 2**47, 2**63 - 1, -2**63)"))
                .isEqualTo("True");
    }

    @Test
    void intsFromCAreIntWithinThirtyTwoBitsAndLongBeyondAsJythonHasThem() {
        loadFrom();

        assertThat(python.repr("set(type(x) for x in m.int32())")).isEqualTo("set([<type 'int'>])");
        assertThat(python.repr("[type(x) for x in m.uint64()][:3]"))
                .isEqualTo("[<type 'int'>, <type 'long'>, <type 'long'>]");
    }

    @Test
    void boolsFromCAreTheTwoBools() {
        loadFrom();

        assertThat(python.repr("m.boolean()")).isEqualTo("(True, False)");
        assertThat(python.repr("m.boolean()[0] is True and m.boolean()[1] is False"))
                .isEqualTo("True");
    }

    private void loadAs() {
        python.loadFunctions(
                "int32:O uint32:O uint32_mask:O int64:O uint64:O uint64_mask:O size:O ssize:O pointer:O real:O same:O",
                """
                #define AS(name, type, as, from)                                             \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, HPy arg)               \\
                    {                                                                        \\
                        type value = as(ctx, arg);                                           \\
                        if (value == (type)-1 && HPyErr_Occurred(ctx))                       \\
                            return HPy_NULL;                                                 \\
                        return from(ctx, value);                                             \\
                    }
                AS(int32, int32_t, HPyLong_AsInt32_t, HPyLong_FromInt32_t)
                AS(uint32, uint32_t, HPyLong_AsUInt32_t, HPyLong_FromUInt32_t)
                AS(uint32_mask, uint32_t, HPyLong_AsUInt32_tMask, HPyLong_FromUInt32_t)
                AS(int64, int64_t, HPyLong_AsInt64_t, HPyLong_FromInt64_t)
                AS(uint64, uint64_t, HPyLong_AsUInt64_t, HPyLong_FromUInt64_t)
                AS(uint64_mask, uint64_t, HPyLong_AsUInt64_tMask, HPyLong_FromUInt64_t)
                AS(size, size_t, HPyLong_AsSize_t, HPyLong_FromSize_t)
                AS(ssize, HPy_ssize_t, HPyLong_AsSsize_t, HPyLong_FromSsize_t)
                AS(real, double, HPyLong_AsDouble, HPyFloat_FromDouble)
                static HPy pointer_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    void *value = HPyLong_AsVoidPtr(ctx, arg);
                    if (!value && HPyErr_Occurred(ctx))
                        return HPy_NULL;
                    return HPyLong_FromUInt64_t(ctx, (uintptr_t)value);
                }
                static HPy same_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Dup(ctx, arg); }
                """);
    }

    private void reads(String function, String... values) {
        for (String value : values) {
            assertThat(python.repr("m.%s(%s) == (%s)".formatted(function, value, value)))
                    .as("%s of %s", function, value)
                    .isEqualTo("True");
        }
    }

    private void overflows(String function, String message, String... values) {
        for (String value : values) {
            assertThat(python.raised("m.%s(%s)".formatted(function, value)))
                    .as("%s of %s", function, value)
                    .isEqualTo("OverflowError: " + message);
        }
    }

    @Test
    void signedReadersTakeExactlyTheRangeOfTheirType() {
        loadAs();

        reads("int32", "0", "-1", "2**31 - 1", "-2**31", "True", "7L", "-1L");
        overflows(
                "int32",
                "Python int too large to convert to C int32_t",
                "2**31",
                "-2**31 - 1",
                "2**47 - 1",
                "-2**47",
                "2**47",
                "2**63",
                "-2**200");
        reads("int64", "0", "-1", "2**47 - 1", "2**47", "-2**47", "-2**47 - 1", "2**63 - 1", "-2**63", "False", "7L");
        overflows(
                "int64", "Python int too large to convert to C int64_t", "2**63", "-2**63 - 1", "2**64 - 1", "10**40");
        reads("ssize", "0", "-1", "2**47", "-2**47 - 1", "2**63 - 1", "-2**63", "True", "-1L");
        overflows("ssize", "Python int too large to convert to C ssize_t", "2**63", "-2**63 - 1");
    }

    @Test
    void unsignedReadersTakeExactlyTheRangeOfTheirType() {
        loadAs();

        reads("uint32", "0", "2**31", "2**32 - 1", "True", "7L");
        overflows("uint32", "Python int too large to convert to C uint32_t", "2**32", "2**47 - 1", "2**64");
        overflows("uint32", "can't convert negative value to uint32_t", "-1", "-1L", "-2**47", "-2**100");
        reads("uint64", "0", "2**47 - 1", "2**47", "2**63 - 1", "2**63", "2**64 - 1", "True");
        overflows("uint64", "Python int too large to convert to C uint64_t", "2**64", "10**40");
        overflows("uint64", "can't convert negative value to uint64_t", "-1", "-1L", "-2**47", "-2**63", "-2**64");
        reads("size", "0", "2**47", "2**64 - 1");
        overflows("size", "Python int too large to convert to C size_t", "2**64");
        overflows("size", "can't convert negative value to size_t", "-1", "-2**64");
    }

    @Test
    void maskReadersKeepTheLowestBitsOfAnyInt() {
        loadAs();

        for (String value : new String[] {
            "0",
            "-1",
            "-1L",
            "True",
            "2**31",
            "2**32",
            "-2**31 - 1",
            "2**47 - 1",
            "-2**47",
            "2**47 + 5",
            "-2**47 - 5",
            "2**63",
            "-2**63",
            "2**64",
            "2**64 + 3",
            "-2**64 - 3",
            "10**40",
            "-10**40"
        }) {
            assertThat(python.repr("m.uint32_mask(%1$s) == (%1$s) %% 2**32".formatted(value)))
                    .as(value)
                    .isEqualTo("True");
            assertThat(python.repr("m.uint64_mask(%1$s) == (%1$s) %% 2**64".formatted(value)))
                    .as(value)
                    .isEqualTo("True");
        }
    }

    @Test
    void pointersAreReadFromSignedAndUnsignedInts() {
        loadAs();

        reads("pointer", "0", "True", "2**47", "2**63 - 1", "2**63", "2**64 - 1");
        assertThat(python.repr("m.pointer(-1) == m.pointer(-1L) == 2**64 - 1")).isEqualTo("True");
        assertThat(python.repr("m.pointer(-2**63) == 2**63")).isEqualTo("True");
        overflows("pointer", "int too large to convert to a pointer", "2**64", "-2**63 - 1");
    }

    @Test
    void doublesOfIntsAreRoundedToTheNearestEven() {
        loadAs();

        for (String value : new String[] {
            "0",
            "-1",
            "True",
            "2**47 - 1",
            "-2**47",
            "2**53 + 1",
            "2**53 + 3",
            "-2**53 - 1",
            "2**63 - 1",
            "2**64 - 1",
            "10**300",
            "2**1024 - 2**971"
        }) {
            assertThat(python.repr("m.real(%1$s) == float(%1$s)".formatted(value)))
                    .as(value)
                    .isEqualTo("True");
        }
        assertThat(python.repr("m.real(2**53 + 1)")).isEqualTo("9007199254740992.0");
        overflows("real", "int too large to convert to float", "2**1024", "-2**1024", "10**400");
    }

    @Test
    void subclassesOfIntAndLongAreReadAsTheirValue() {
        loadAs();
        python.exec("""
                class Int(int):
                    def __index__(self): return 1000
                    def __int__(self): return 2000
                class Long(long):
                    def __index__(self): return 1000
                    def __int__(self): return 2000
                """);

        for (String reader : INT_READERS) {
            assertThat(python.repr("m.%s(Int(7)) == 7".formatted(reader)))
                    .as(reader)
                    .isEqualTo("True");
            assertThat(python.repr("m.%s(Long(7)) == 7".formatted(reader)))
                    .as(reader)
                    .isEqualTo("True");
        }
        assertThat(python.repr("m.int64(Long(-2**63)) == -2**63")).isEqualTo("True");
        overflows("int32", "Python int too large to convert to C int32_t", "Long(2**31)");
        overflows("uint64", "can't convert negative value to uint64_t", "Int(-7)");
    }

    @Test
    void indexIsTriedByFixedWidthsAndMasksOnly() {
        loadAs();
        python.exec("""
                class Index(object):
                    def __init__(self, value): self.value = value
                    def __index__(self): return self.value
                class OldIndex:
                    def __index__(self): return 12
                """);

        for (String reader : new String[] {"int32", "int64", "uint32_mask", "uint64_mask"}) {
            assertThat(python.repr("m.%s(Index(12)) == 12".formatted(reader)))
                    .as(reader)
                    .isEqualTo("True");
            assertThat(python.repr("m.%s(Index(12L)) == 12".formatted(reader)))
                    .as(reader)
                    .isEqualTo("True");
            assertThat(python.repr("m.%s(OldIndex()) == 12".formatted(reader)))
                    .as(reader)
                    .isEqualTo("True");
        }
        for (String reader : new String[] {"uint32", "uint64", "size", "ssize", "pointer", "real"}) {
            assertThat(python.raised("m.%s(Index(12))".formatted(reader)))
                    .as(reader)
                    .isEqualTo("TypeError: an integer is required");
        }
        overflows("int32", "Python int too large to convert to C int32_t", "Index(2**31)");
        assertThat(python.repr("m.uint32_mask(Index(-1)) == 2**32 - 1")).isEqualTo("True");
    }

    @Test
    void errorsOfIndexArePassedOn() {
        loadAs();
        python.exec("""
                class Raising(object):
                    def __index__(self): raise KeyError('no index')
                class Wrong(object):
                    def __index__(self): return 'text'
                """);

        for (String reader : new String[] {"int32", "int64", "uint32_mask", "uint64_mask"}) {
            assertThat(python.raised("m.%s(Raising())".formatted(reader)))
                    .as(reader)
                    .isEqualTo("KeyError: 'no index'");
            assertThat(python.raised("m.%s(Wrong())".formatted(reader)))
                    .as(reader)
                    .startsWith("TypeError: __index__ returned non-");
        }
    }

    @Test
    void noReaderTakesAFloatATextOrAnObjectWithIntOnly() {
        loadAs();
        python.exec("""
                class Int(object):
                    def __int__(self): return 3
                """);

        for (String reader : INT_READERS) {
            for (String value : new String[] {"4.0", "float('nan')", "'12'", "u'12'", "None", "[]", "1j", "Int()"}) {
                assertThat(python.raised("m.%s(%s)".formatted(reader, value)))
                        .as("%s of %s", reader, value)
                        .startsWith("TypeError: ");
            }
        }
        assertThat(python.raised("m.int32(4.0)"))
                .isEqualTo("TypeError: 'float' object cannot be interpreted as an integer");
    }

    @Test
    void anIntComesBackWithItsTypeAndABoolAsTheSameObject() {
        loadAs();

        assertThat(python.repr("[m.same(x) for x in (0, 5L, int(-2**31), -2**31, 2**31, 2**47, -2**47 - 1, 0L, True)]"))
                .isEqualTo(
                        "[0, 5L, -2147483648, -2147483648L, 2147483648L, 140737488355328L, -140737488355329L, 0L, True]");
        assertThat(python.repr("m.same(False) is False")).isEqualTo("True");
    }

    @Test
    void aHandleThatIsNotOpenIsNoInt() {
        python.loadFunctions("int32:NOARGS ssize:NOARGS size:NOARGS real:NOARGS", """
                #define OF_NULL(name, as) \\
                    static HPy name##_impl(HPyContext *ctx, HPy self) { as(ctx, HPy_NULL); return HPy_NULL; }
                OF_NULL(int32, HPyLong_AsInt32_t)
                OF_NULL(ssize, HPyLong_AsSsize_t)
                OF_NULL(size, HPyLong_AsSize_t)
                OF_NULL(real, HPyLong_AsDouble)
                """);

        for (String reader : new String[] {"int32", "ssize", "size", "real"}) {
            assertThat(python.raised("m.%s()".formatted(reader)))
                    .as(reader)
                    .startsWith("SystemError: ")
                    .contains("HPy_NULL where an object is needed");
        }
    }
}
