package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Floats: every double survives its handle, and what else can be read as one. */
class FloatApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions("through:O bits:O from_bits:O same:O kinds:O of_null:NOARGS", """
                #include <string.h>
                static HPy through_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    double value = HPyFloat_AsDouble(ctx, arg);
                    if (value == -1.0 && HPyErr_Occurred(ctx))
                        return HPy_NULL;
                    return HPyFloat_FromDouble(ctx, value);
                }
                static HPy bits_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    uint64_t bits;
                    double value = HPyFloat_AsDouble(ctx, arg);
                    memcpy(&bits, &value, sizeof bits);
                    return HPyLong_FromUInt64_t(ctx, bits);
                }
                static HPy from_bits_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    uint64_t bits = HPyLong_AsUInt64_t(ctx, arg);
                    double value;
                    memcpy(&value, &bits, sizeof bits);
                    HPy first = HPyFloat_FromDouble(ctx, value);
                    HPy again = HPy_Dup(ctx, first);
                    HPy_Close(ctx, first);
                    return again;
                }
                static HPy same_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Dup(ctx, arg); }
                static HPy kinds_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromInt32_t(ctx, HPy_TypeCheck(ctx, arg, ctx->h_FloatType)
                                                        + 2 * HPyNumber_Check(ctx, arg)
                                                        + 4 * HPy_TypeCheck(ctx, arg, ctx->h_LongType));
                }
                static HPy of_null_impl(HPyContext *ctx, HPy self)
                {
                    HPyFloat_AsDouble(ctx, HPy_NULL);
                    return HPy_NULL;
                }
                """);
        python.exec("import struct\n"
                + "def double(bits): return struct.unpack('<d', struct.pack('<Q', bits))[0]\n"
                + "def bits(x): return struct.unpack('<Q', struct.pack('<d', x))[0]\n");
    }

    private static final String[] PATTERNS = {
        "0x0000000000000000", // 0.0
        "0x8000000000000000", // -0.0
        "0x0000000000000001", // the smallest denormal
        "0x800fffffffffffff", // the largest denormal, negative
        "0x0010000000000000", // the smallest normal
        "0x3ff0000000000000", // 1.0
        "0xbff0000000000000", // -1.0, which is also the error value
        "0x3fb999999999999a", // 0.1
        "0x7fefffffffffffff", // the largest
        "0xffefffffffffffff", // the smallest
        "0x7ff0000000000000", // inf
        "0xfff0000000000000", // -inf
        "0x433fffffffffffff",
        "0x00010001000100ff",
    };

    @Test
    void everyDoubleKeepsItsBitsFromPythonToCAndBack() {
        for (String pattern : PATTERNS) {
            assertThat(python.repr("m.bits(double(%1$s)) == %1$s".formatted(pattern)))
                    .as("to C: %s", pattern)
                    .isEqualTo("True");
            assertThat(python.repr("bits(m.from_bits(%1$s)) == %1$s".formatted(pattern)))
                    .as("from C: %s", pattern)
                    .isEqualTo("True");
            assertThat(python.repr("bits(m.same(double(%1$s))) == %1$s".formatted(pattern)))
                    .as("through C: %s", pattern)
                    .isEqualTo("True");
        }
    }

    @Test
    void randomDoublesKeepTheirBits() {
        python.exec("""
                import random
                source = random.Random(20)
                wrong = []
                for i in range(2000):
                    pattern = source.getrandbits(64)
                    if (pattern >> 52) & 0x7ff != 0x7ff:
                        if m.bits(double(pattern)) != pattern or bits(m.from_bits(pattern)) != pattern:
                            wrong.append(hex(pattern))
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
    }

    @Test
    void everyNanComesBackAsANan() {
        for (String pattern : new String[] {
            "0x7ff8000000000000", "0x7ff0000000000001", "0x7fffffffffffffff", "0xfff8000000000000", "0xffffffffffffffff"
        }) {
            assertThat(python.repr("m.from_bits(%s)".formatted(pattern)))
                    .as(pattern)
                    .isEqualTo("nan");
            assertThat(python.repr("m.through(double(%s))".formatted(pattern)))
                    .as(pattern)
                    .isEqualTo("nan");
        }
        assertThat(python.repr("m.kinds(m.from_bits(0xffffffffffffffff))")).isEqualTo("3");
    }

    @Test
    void minusOneIsAValueAndNoError() {
        assertThat(python.repr("m.through(-1.0)")).isEqualTo("-1.0");
        assertThat(python.repr("m.through(-1)")).isEqualTo("-1.0");
        assertThat(python.repr("m.through(-1L)")).isEqualTo("-1.0");
    }

    @Test
    void intsAreReadAsTheNearestDouble() {
        for (String value : new String[] {
            "0", "True", "5L", "2**31", "2**47 - 1", "-2**47", "2**47", "2**53 + 1", "-2**53 - 3", "2**64", "10**300"
        }) {
            assertThat(python.repr("m.through(%1$s) == float(%1$s)".formatted(value)))
                    .as(value)
                    .isEqualTo("True");
        }
        assertThat(python.raised("m.through(10**400)"))
                .startsWith("OverflowError: ")
                .contains("too large to convert to float");
    }

    @Test
    void subclassesOfFloatAreReadAsTheirValueAndKeepTheirType() {
        python.exec("""
                class Float(float):
                    def __float__(self): return 99.0
                x = Float(2.5)
                """);

        assertThat(python.repr("m.through(x)")).isEqualTo("2.5");
        assertThat(python.repr("m.same(x) is x")).isEqualTo("True");
        assertThat(python.repr("m.kinds(x)")).isEqualTo("3");
        assertThat(python.repr("m.kinds(Float('nan'))")).isEqualTo("3");
    }

    @Test
    void floatAndThenIndexAreAsked() {
        python.exec("""
                class Both(object):
                    def __float__(self): return 1.5
                    def __index__(self): return 7
                class Index(object):
                    def __init__(self, value=7): self.value = value
                    def __index__(self): return self.value
                class Old:
                    def __float__(self): return 2.5
                class OldIndex:
                    def __index__(self): return 8
                class FloatOfInt(int):
                    def __float__(self): return 3.5
                """);

        assertThat(python.repr("[m.through(x) for x in (Both(), Index(), Old(), OldIndex(), FloatOfInt(1))]"))
                .isEqualTo("[1.5, 7.0, 2.5, 8.0, 3.5]");
        assertThat(python.raised("m.through(Index(10**400))"))
                .isEqualTo("OverflowError: int too large to convert to float");
    }

    @Test
    void whatIsNoRealNumberIsATypeError() {
        python.exec("""
                class Wrong(object):
                    def __float__(self): return 'text'
                class Raising(object):
                    def __float__(self): raise KeyError('no float')
                class Int(object):
                    def __int__(self): return 3
                class Old: pass
                """);

        assertThat(python.raised("m.through('1.5')")).isEqualTo("TypeError: must be real number, not str");
        assertThat(python.raised("m.through(u'1.5')")).isEqualTo("TypeError: must be real number, not unicode");
        assertThat(python.raised("m.through(None)")).isEqualTo("TypeError: must be real number, not NoneType");
        assertThat(python.raised("m.through(Int())")).isEqualTo("TypeError: must be real number, not Int");
        assertThat(python.raised("m.through(Old())")).isEqualTo("TypeError: must be real number, not instance");
        assertThat(python.raised("m.through(1j)")).startsWith("TypeError: ");
        assertThat(python.raised("m.through(Wrong())"))
                .startsWith("TypeError: ")
                .contains("__float__ returned non-float");
        assertThat(python.raised("m.through(Raising())")).isEqualTo("KeyError: 'no float'");
        assertThat(python.raised("m.of_null()")).startsWith("SystemError: ").contains("HPy_NULL");
    }

    @Test
    void aFloatIsANumberAndNoInt() {
        assertThat(python.repr("[m.kinds(x) for x in (1.5, float('inf'), -0.0, 1, 2**100, True, None)]"))
                .isEqualTo("[3, 3, 3, 6, 6, 6, 0]");
    }
}
