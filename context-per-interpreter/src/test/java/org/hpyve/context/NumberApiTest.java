package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The number protocol: what C computes is what Python's operators compute, errors included. */
class NumberApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions(
                "add:VARARGS sub:VARARGS mul:VARARGS matmul:VARARGS floordiv:VARARGS truediv:VARARGS mod:VARARGS"
                        + " divmod_:VARARGS lshift:VARARGS rshift:VARARGS and_:VARARGS xor:VARARGS or_:VARARGS"
                        + " iadd:VARARGS isub:VARARGS imul:VARARGS imatmul:VARARGS ifloordiv:VARARGS itruediv:VARARGS"
                        + " imod:VARARGS ilshift:VARARGS irshift:VARARGS iand:VARARGS ixor:VARARGS ior:VARARGS"
                        + " pow_:VARARGS ipow:VARARGS neg:O pos:O abs_:O invert:O index:O int_:O float_:O check:O"
                        + " add_null:O",
                """
                #define BINARY(name, function)                                                              \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)        \\
                    {                                                                                       \\
                        return function(ctx, args[0], args[1]);                                             \\
                    }
                #define TERNARY(name, function)                                                             \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)        \\
                    {                                                                                       \\
                        return function(ctx, args[0], args[1], args[2]);                                    \\
                    }
                #define UNARY(name, function) \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, HPy arg) { return function(ctx, arg); }
                BINARY(add, HPy_Add) BINARY(sub, HPy_Subtract) BINARY(mul, HPy_Multiply)
                BINARY(matmul, HPy_MatrixMultiply) BINARY(floordiv, HPy_FloorDivide)
                BINARY(truediv, HPy_TrueDivide) BINARY(mod, HPy_Remainder) BINARY(divmod_, HPy_Divmod)
                BINARY(lshift, HPy_Lshift) BINARY(rshift, HPy_Rshift) BINARY(and_, HPy_And)
                BINARY(xor, HPy_Xor) BINARY(or_, HPy_Or)
                BINARY(iadd, HPy_InPlaceAdd) BINARY(isub, HPy_InPlaceSubtract) BINARY(imul, HPy_InPlaceMultiply)
                BINARY(imatmul, HPy_InPlaceMatrixMultiply) BINARY(ifloordiv, HPy_InPlaceFloorDivide)
                BINARY(itruediv, HPy_InPlaceTrueDivide) BINARY(imod, HPy_InPlaceRemainder)
                BINARY(ilshift, HPy_InPlaceLshift) BINARY(irshift, HPy_InPlaceRshift) BINARY(iand, HPy_InPlaceAnd)
                BINARY(ixor, HPy_InPlaceXor) BINARY(ior, HPy_InPlaceOr)
                TERNARY(pow_, HPy_Power) TERNARY(ipow, HPy_InPlacePower)
                UNARY(neg, HPy_Negative) UNARY(pos, HPy_Positive) UNARY(abs_, HPy_Absolute) UNARY(invert, HPy_Invert)
                UNARY(index, HPy_Index) UNARY(int_, HPy_Long) UNARY(float_, HPy_Float)
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromInt32_t(ctx, HPyNumber_Check(ctx, arg));
                }
                static HPy add_null_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Add(ctx, arg, HPy_NULL); }
                """);
        python.exec("""
                import operator

                def outcome(function, *args):
                    'The result, its type told from others that are equal to it, or the type of the exception.'
                    try:
                        result = function(*args)
                    except Exception as e:
                        return type(e).__name__
                    return '%s %r' % (type(result).__name__, result)

                def differences(ours, theirs, values):
                    return [(a, b, outcome(ours, a, b), outcome(theirs, a, b))
                            for a in values for b in values if outcome(ours, a, b) != outcome(theirs, a, b)]

                ints = [0, 1, -1, 2, -2, 7, -7, True, 5L, -5L, 2**31 - 1, -2**31, 2**31, 2**47 - 1, 2**47, -2**47,
                        -2**47 - 1, 2**63 - 1, -2**63, 2**64 - 1, 10**30]
                reals = [0.0, -0.0, 1.0, -2.5, 7.5, 1e300, -1e300, 5e-324, float('inf'), float('-inf'), float('nan')]
                """);
    }

    private void agrees(String ours, String theirs, String values) {
        assertThat(python.repr("differences(m.%s, %s, %s)".formatted(ours, theirs, values)))
                .as("%s against %s", ours, theirs)
                .isEqualTo("[]");
    }

    @Test
    void arithmeticIsPythonsForAllPairsOfNumbers() {
        for (String[] pair : new String[][] {
            {"add", "operator.add"},
            {"sub", "operator.sub"},
            {"mul", "operator.mul"},
            {"floordiv", "operator.floordiv"},
            {"truediv", "operator.truediv"},
            {"mod", "operator.mod"},
            {"divmod_", "divmod"},
            {"iadd", "operator.add"},
            {"isub", "operator.sub"},
            {"imul", "operator.mul"},
            {"ifloordiv", "operator.floordiv"},
            {"itruediv", "operator.truediv"},
            {"imod", "operator.mod"}
        }) {
            agrees(pair[0], pair[1], "ints + reals + [None]");
        }
    }

    @Test
    void bitOperationsArePythonsForAllPairsOfInts() {
        for (String[] pair : new String[][] {
            {"and_", "operator.and_"},
            {"xor", "operator.xor"},
            {"or_", "operator.or_"},
            {"iand", "operator.and_"},
            {"ixor", "operator.xor"},
            {"ior", "operator.or_"}
        }) {
            agrees(pair[0], pair[1], "ints + [1.5, None]");
        }
        for (String[] pair : new String[][] {
            {"lshift", "operator.lshift"},
            {"rshift", "operator.rshift"},
            {"ilshift", "operator.lshift"},
            {"irshift", "operator.rshift"}
        }) {
            agrees(pair[0], pair[1], "[0, 1, -1, True, 31, 32, 47, 48, 63, 64, 100, 5L, 1.5, None]");
        }
    }

    @Test
    void divisionRoundsDownAndTheRemainderHasTheSignOfTheDivisor() {
        assertThat(python.repr("[m.floordiv(a, b) for a in (7, -7) for b in (2, -2)]"))
                .isEqualTo("[3, -4, -4, 3]");
        assertThat(python.repr("[m.mod(a, b) for a in (7, -7) for b in (2, -2)]"))
                .isEqualTo("[1, -1, 1, -1]");
        assertThat(python.repr("m.divmod_(-7, 2)")).isEqualTo("(-4, 1)");
        assertThat(python.repr("m.divmod_(-7.5, 2)")).isEqualTo("(-4.0, 0.5)");
        assertThat(python.repr("m.truediv(7, 2)")).isEqualTo("3.5");
        assertThat(python.repr("m.floordiv(-2**31, -1)")).isEqualTo("2147483648L");
        assertThat(python.repr("m.floordiv(-2**47, -1) == 2**47")).isEqualTo("True");
        assertThat(python.repr("m.floordiv(-2**63, -1) == 2**63")).isEqualTo("True");
    }

    @Test
    void divisionByZeroIsAnErrorOfEachDivision() {
        for (String function :
                new String[] {"floordiv", "truediv", "mod", "divmod_", "ifloordiv", "itruediv", "imod"}) {
            for (String arguments : new String[] {"1, 0", "1.0, 0", "1L, 0L", "2**100, 0"}) {
                assertThat(python.raised("m.%s(%s)".formatted(function, arguments)))
                        .as("%s(%s)", function, arguments)
                        .startsWith("ZeroDivisionError: ");
            }
        }
    }

    @Test
    void overflowOfIntsBecomesALongAndOfFloatsInfinity() {
        assertThat(python.repr("m.add(2**31 - 1, 1)")).isEqualTo("2147483648L");
        assertThat(python.repr("m.add(2**47 - 1, 1) == 2**47")).isEqualTo("True");
        assertThat(python.repr("m.sub(-2**47, 1) == -2**47 - 1")).isEqualTo("True");
        assertThat(python.repr("m.mul(2**63, 2**63) == 2**126")).isEqualTo("True");
        assertThat(python.repr("m.add(1e308, 1e308)")).isEqualTo("inf");
        assertThat(python.repr("m.mul(0.0, -1.0)")).isEqualTo("-0.0");
    }

    @Test
    void operatorsOfSequencesWork() {
        assertThat(python.repr("m.add('ab', u'c')")).isEqualTo("u'abc'");
        assertThat(python.repr("m.add([1], [2])")).isEqualTo("[1, 2]");
        assertThat(python.repr("m.mul('ab', 3)")).isEqualTo("'ababab'");
        assertThat(python.repr("m.mul(2, (1,))")).isEqualTo("(1, 1)");
        assertThat(python.repr("m.mod('%s-%d', ('a', 1))")).isEqualTo("'a-1'");
        assertThat(python.repr("m.or_(set([1]), set([2]))")).isEqualTo("set([1, 2])");
    }

    @Test
    void inPlaceFormsChangeWhatCanBeChanged() {
        python.exec("items = [1]; same = m.iadd(items, [2]); again = m.imul(items, 2); numbers = set([1, 2])\n"
                + "left = m.isub(numbers, set([2]))");

        assertThat(python.repr("same is items and again is items and left is numbers"))
                .isEqualTo("True");
        assertThat(python.repr("(items, numbers)")).isEqualTo("([1, 2, 1, 2], set([1]))");
        assertThat(python.repr("m.iadd((1,), (2,))")).isEqualTo("(1, 2)");
    }

    @Test
    void methodsOfClassesAreFoundForEachOperator() {
        python.exec("""
                names = 'add sub mul floordiv truediv mod lshift rshift and xor or'.split()
                class Left(object): pass
                class Right(object): pass
                class InPlace(object): pass
                def method(name):
                    return lambda self, other: (name, other)
                for name in names + ['matmul']:
                    setattr(Left, '__%s__' % name, method(name))
                    setattr(Right, '__r%s__' % name, method('r' + name))
                    setattr(InPlace, '__i%s__' % name, method('i' + name))
                class Old:
                    def __add__(self, other): return ('old', other)
                def function(name):
                    return getattr(m, name, None) or getattr(m, name + '_')
                """);

        assertThat(python.repr("[n for n in names + ['matmul'] if function(n)(Left(), 3) != (n, 3)]"))
                .isEqualTo("[]");
        assertThat(python.repr("[n for n in names + ['matmul'] if function(n)(3, Right()) != ('r' + n, 3)]"))
                .isEqualTo("[]");
        assertThat(python.repr("[n for n in names + ['matmul'] if function('i' + n)(InPlace(), 3) != ('i' + n, 3)]"))
                .isEqualTo("[]");
        assertThat(python.repr("[n for n in names + ['matmul'] if function('i' + n)(Left(), 3) != (n, 3)]"))
                .isEqualTo("[]");
        assertThat(python.repr("m.add(Old(), 1)")).isEqualTo("('old', 1)");
    }

    @Test
    void operandsThatDoNotFitAreATypeErrorThatNamesBoth() {
        assertThat(python.raised("m.add(1, 'x')"))
                .isEqualTo("TypeError: unsupported operand type(s) for +: 'int' and 'str'");
        assertThat(python.raised("m.lshift(1.5, 1)"))
                .isEqualTo("TypeError: unsupported operand type(s) for <<: 'float' and 'int'");
        assertThat(python.raised("m.matmul(1, 2)"))
                .isEqualTo("TypeError: unsupported operand type(s) for @: 'int' and 'int'");
        assertThat(python.raised("m.imatmul([], None)"))
                .startsWith("TypeError: unsupported operand type(s) for @")
                .endsWith(": 'list' and 'NoneType'");
        assertThat(python.raised("m.add_null(1)")).startsWith("SystemError: ").contains("HPy_NULL");
    }

    @Test
    void matrixMultiplicationAsksInTheOrderOfPython3() {
        python.exec("""
                class Matrix(object):
                    def __matmul__(self, other): return ('matmul', other)
                    def __rmatmul__(self, other): return ('rmatmul', other)
                class Special(Matrix):
                    def __rmatmul__(self, other): return ('special', type(other).__name__)
                class Declines(object):
                    def __matmul__(self, other): return NotImplemented
                    def __imatmul__(self, other): return NotImplemented
                class Old:
                    def __matmul__(self, other): return ('old', other)
                    def __imatmul__(self, other): return ('iold', other)
                class Raising(object):
                    def __matmul__(self, other): raise ValueError('shapes')
                """);

        assertThat(python.repr("m.matmul(Matrix(), 1)")).isEqualTo("('matmul', 1)");
        assertThat(python.repr("m.matmul(1, Matrix())")).isEqualTo("('rmatmul', 1)");
        assertThat(python.repr("m.matmul(Matrix(), Special())")).isEqualTo("('special', 'Matrix')");
        assertThat(python.repr("m.matmul(Declines(), Matrix())[0]")).isEqualTo("'rmatmul'");
        assertThat(python.repr("m.imatmul(Declines(), Matrix())[0]")).isEqualTo("'rmatmul'");
        assertThat(python.repr("m.imatmul(Matrix(), 2)")).isEqualTo("('matmul', 2)");
        assertThat(python.repr("m.matmul(Old(), 3)")).isEqualTo("('old', 3)");
        assertThat(python.repr("m.imatmul(Old(), 3)")).isEqualTo("('iold', 3)");
        assertThat(python.raised("m.matmul(Declines(), Declines())")).startsWith("TypeError: ");
        assertThat(python.raised("m.matmul(Raising(), 1)")).isEqualTo("ValueError: shapes");
    }

    @Test
    void powerWithNoneIsTheOperator() {
        python.exec("values = [0, 1, -1, 2, -3, True, 10L, 47, 63, 0.5, -2.0, float('inf'), float('nan'), None]\n"
                + "def power(a, b): return m.pow_(a, b, None)\n"
                + "def ipower(a, b): return m.ipow(a, b, None)");

        assertThat(python.repr("differences(power, operator.pow, values)")).isEqualTo("[]");
        assertThat(python.repr("differences(ipower, operator.pow, values)")).isEqualTo("[]");
        assertThat(python.repr("m.pow_(2, 47, None) == 2**47")).isEqualTo("True");
        assertThat(python.raised("m.pow_(0, -1, None)")).startsWith("ZeroDivisionError: ");
    }

    @Test
    void powerWithThreeNumbersIsModular() {
        assertThat(python.repr("m.pow_(4, 5, 7)")).isEqualTo("2");
        assertThat(python.repr("m.pow_(3, 200, 10**9 + 7) == pow(3, 200, 10**9 + 7)"))
                .isEqualTo("True");
        assertThat(python.repr("m.pow_(-4, 5, 7) == pow(-4, 5, 7) and m.pow_(4, 5, -7) == pow(4, 5, -7)"))
                .isEqualTo("True");
        assertThat(python.repr("m.ipow(4, 5, 7)")).isEqualTo("2");
        assertThat(python.repr("m.pow_(2**70, 3, 2**80 + 1) == pow(2**70, 3, 2**80 + 1)"))
                .isEqualTo("True");
        assertThat(python.raised("m.pow_(2, 3, 0)")).startsWith("ValueError: ");
        assertThat(python.raised("m.pow_(2, -1, 5)")).startsWith("TypeError: ");
        assertThat(python.raised("m.pow_(2, 3, 'x')")).startsWith("TypeError: ");
        assertThat(python.raised("m.ipow('x', 3, 5)")).startsWith("TypeError: ");
    }

    @Test
    void inPlacePowerOfAClassIsNeverGivenTheThirdArgument() {
        python.exec("""
                class Number(object):
                    def __ipow__(self, other): return ('ipow', other)
                class Modular(object):
                    def __pow__(self, other, modulus=None): return ('pow', other, modulus)
                """);

        assertThat(python.repr("m.ipow(Number(), 5, None)")).isEqualTo("('ipow', 5)");
        assertThat(python.repr("m.ipow(Number(), 7, 'hello')")).isEqualTo("('ipow', 7)");
        assertThat(python.repr("m.pow_(Modular(), 7, 3)")).isEqualTo("('pow', 7, 3)");
        assertThat(python.repr("m.ipow(Modular(), 7, 3)")).isEqualTo("('pow', 7, 3)");
        assertThat(python.repr("m.ipow(Modular(), 7, None)")).isEqualTo("('pow', 7, None)");
    }

    @Test
    void unaryOperatorsArePythons() {
        python.exec("values = ints + reals + ['x', None, [], 1j]\n"
                + "pairs = [(m.neg, operator.neg), (m.pos, operator.pos), (m.abs_, abs), (m.invert, operator.invert)]\n"
                + "wrong = [(f, x) for f, g in pairs for x in values if outcome(f, x) != outcome(g, x)]");

        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.repr("m.neg(-2**31)")).isEqualTo("2147483648L");
        assertThat(python.repr("m.abs_(-2**47) == 2**47 and m.invert(2**47 - 1) == -2**47"))
                .isEqualTo("True");
        assertThat(python.repr("m.neg(0.0)")).isEqualTo("-0.0");
        assertThat(python.raised("m.neg([])")).isEqualTo("TypeError: bad operand type for unary -: 'list'");
        assertThat(python.raised("m.invert(1.5)")).startsWith("TypeError: bad operand type for unary ~");
    }

    @Test
    void indexGivesTheIntThatTheMethodGives() {
        python.exec("""
                class Index(object):
                    def __init__(self, value): self.value = value
                    def __index__(self): return self.value
                class OldIndex:
                    def __index__(self): return 4
                class Int(object):
                    def __int__(self): return 3
                """);

        assertThat(python.repr(
                        "[m.index(x) for x in (5, 5L, True, 2**47, Index(6), Index(7L), Index(2**64), OldIndex())]"))
                .isEqualTo("[5, 5L, True, 140737488355328L, 6, 7L, 18446744073709551616L, 4]");
        for (String value : new String[] {"1.5", "'1'", "u'1'", "None", "Int()"}) {
            assertThat(python.raised("m.index(%s)".formatted(value)))
                    .as(value)
                    .startsWith("TypeError: ")
                    .endsWith("object cannot be interpreted as an integer");
        }
        assertThat(python.raised("m.index(Index('x'))")).startsWith("TypeError: __index__ returned non-");
    }

    @Test
    void intAndFloatConvertAsTheirTypesDo() {
        python.exec("""
                class Both(object):
                    def __int__(self): return 3
                    def __float__(self): return 4.5
                class Trunc(object):
                    def __trunc__(self): return 6
                class SubInt(int): pass
                class SubFloat(float): pass
                values = ints + reals + [Both(), Trunc(), SubInt(9), SubFloat(9.5), ' 12 ', u'13', '1.5', 'x', '', None, [],
                                         1j, '9' * 30]
                wrong = [(f, x) for f, g in [(m.int_, int), (m.float_, float)] for x in values
                         if outcome(f, x) != outcome(g, x)]
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.repr("(m.int_(-2.5), m.int_(Both()), m.float_(Both()), m.int_('12'), m.float_('1.5'))"))
                .isEqualTo("(-2, 3, 4.5, 12, 1.5)");
        assertThat(python.repr("(m.int_(1e15), type(m.int_(SubInt(9))), type(m.float_(SubFloat(9.5))))"))
                .isEqualTo("(1000000000000000L, <type 'int'>, <type 'float'>)");
        assertThat(python.raised("m.int_('x')")).isEqualTo("ValueError: invalid literal for int() with base 10: 'x'");
        assertThat(python.raised("m.int_(float('inf'))")).startsWith("OverflowError: ");
        assertThat(python.raised("m.int_(float('nan'))")).startsWith("ValueError: ");
    }

    @Test
    void numbersAreWhatHasIntFloatOrIndex() {
        python.exec("""
                class Index(object):
                    def __index__(self): return 1
                class Int(object):
                    def __int__(self): return 1
                class Float(object):
                    def __float__(self): return 1.0
                class SubInt(int): pass
                class OldInt:
                    def __int__(self): return 1
                class Old: pass
                """);

        assertThat(python.repr("[m.check(x) for x in (1, 1L, True, 2**100, 1.5, 1j, Index(), Int(), Float(), SubInt(),"
                        + " OldInt())]"))
                .isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        assertThat(python.repr("[m.check(x) for x in ('1', u'1', None, [], {}, object(), Old(), int, bytearray('1'))]"))
                .isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, 0]");
    }
}
