package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attributes, comparison, hashes, truth, identity and types of objects. */
class ObjectApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions(
                "attr:VARARGS attr_s:VARARGS has:VARARGS has_s:VARARGS set_attr:VARARGS "
                        + "set_attr_s:VARARGS del_attr:VARARGS del_attr_s:VARARGS bad_utf8:O "
                        + "compare:VARARGS compare_bool:VARARGS hash_:O truth:O is_:VARARGS is_dup:O "
                        + "type_:O type_check:VARARGS bad_op:O",
                """
                #define STRING(h) HPyBytes_AsString(ctx, h)
                #define INDEX(h) HPyLong_AsSsize_t(ctx, h)
                #define FUNCTION(name, result)                                                              \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)        \\
                    {                                                                                       \\
                        return result;                                                                      \\
                    }
                #define FUNCTION_O(name, result) \\
                    static HPy name##_impl(HPyContext *ctx, HPy self, HPy arg) { return result; }

                /* -1 must mean an error, and 0 to go on must mean none. */
                static HPy number(HPyContext *ctx, HPy_ssize_t value)
                {
                    return value == -1 ? HPy_NULL : HPyLong_FromSsize_t(ctx, value);
                }

                FUNCTION(attr, HPy_GetAttr(ctx, args[0], args[1]))
                FUNCTION(attr_s, HPy_GetAttr_s(ctx, args[0], STRING(args[1])))
                FUNCTION(has, number(ctx, HPy_HasAttr(ctx, args[0], args[1])))
                FUNCTION(has_s, number(ctx, HPy_HasAttr_s(ctx, args[0], STRING(args[1]))))
                FUNCTION(set_attr, number(ctx, HPy_SetAttr(ctx, args[0], args[1], args[2])))
                FUNCTION(set_attr_s, number(ctx, HPy_SetAttr_s(ctx, args[0], STRING(args[1]), args[2])))
                FUNCTION(del_attr, number(ctx, HPy_DelAttr(ctx, args[0], args[1])))
                FUNCTION(del_attr_s, number(ctx, HPy_DelAttr_s(ctx, args[0], STRING(args[1]))))
                FUNCTION_O(bad_utf8, HPy_GetAttr_s(ctx, arg, "a\\xff"))
                FUNCTION(compare, HPy_RichCompare(ctx, args[0], args[1], (int)INDEX(args[2])))
                FUNCTION(compare_bool, number(ctx, HPy_RichCompareBool(ctx, args[0], args[1], (int)INDEX(args[2]))))
                FUNCTION_O(hash_, number(ctx, HPy_Hash(ctx, arg)))
                FUNCTION_O(truth, number(ctx, HPy_IsTrue(ctx, arg)))
                FUNCTION(is_, number(ctx, HPy_Is(ctx, args[0], args[1])))
                static HPy is_dup_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy tuple = HPyTuple_Pack(ctx, 1, arg);
                    HPy other = HPy_GetItem_i(ctx, tuple, 0);
                    int same = HPy_Is(ctx, arg, other);
                    HPy_Close(ctx, other);
                    HPy_Close(ctx, tuple);
                    return number(ctx, same);
                }
                FUNCTION_O(type_, HPy_Type(ctx, arg))
                FUNCTION(type_check, number(ctx, HPy_TypeCheck(ctx, args[0], args[1])))
                FUNCTION_O(bad_op, HPy_RichCompare(ctx, arg, arg, 6))
                """);
        python.exec("""
                class Raising(object):
                    def __getitem__(self, key): raise ValueError('get')
                    def __setitem__(self, key, value): raise ValueError('set')
                    def __delitem__(self, key): raise ValueError('del')
                    def __len__(self): raise ValueError('len')
                    def __contains__(self, key): raise ValueError('contains')
                    def __getattr__(self, name): raise ValueError('attribute')
                    def __eq__(self, other): raise ValueError('eq')
                    def __hash__(self): raise ValueError('hash')
                class Plain(object): pass
                class Old: pass
                """);
    }

    @Test
    void attributesAreReadOfInstancesClassesAndModules() {
        python.exec("""
                class A(object):
                    foo = 10
                    @property
                    def bar(self): return 11
                    def __getattr__(self, name):
                        if name == 'dynamic': return 12
                        raise AttributeError('no ' + name)
                class OldA:
                    foo = 13
                """);

        for (String get : new String[] {"attr", "attr_s"}) {
            assertThat(python.repr(
                            "[m.%1$s(o, n) for o, n in ((A, 'foo'), (A(), 'foo'), (A(), 'bar'), (A(), 'dynamic'), (OldA(), 'foo'),"
                                            .formatted(get)
                                    + " ('abc', '__class__'), (5, 'real'), (m, '__name__'))]"))
                    .isEqualTo("[10, 10, 11, 12, 13, <type 'str'>, 5, 'm']");
            assertThat(python.raised("m.%s(A(), 'none')".formatted(get))).isEqualTo("AttributeError: no none");
            assertThat(python.raised("m.%s(42, 'foo')".formatted(get)))
                    .isEqualTo("AttributeError: 'int' object has no attribute 'foo'");
            assertThat(python.raised("m.%s(Plain, 'foo')".formatted(get)))
                    .isEqualTo("AttributeError: type object 'Plain' has no attribute 'foo'");
            assertThat(python.raised("m.%s(Raising(), 'foo')".formatted(get))).isEqualTo("ValueError: attribute");
        }
        assertThat(python.repr("m.attr(A, u'foo')")).isEqualTo("10");
        assertThat(python.raised("m.attr(A, 5)")).isEqualTo("TypeError: attribute name must be string, not 'int'");
        assertThat(python.raised("m.bad_utf8(A)"))
                .startsWith("UnicodeDecodeError: ")
                .contains("invalid start byte");
    }

    @Test
    void hasAttrSwallowsEveryError() {
        python.exec("""
                class A(object):
                    foo = None
                    @property
                    def raising(self): raise RuntimeError
                    @property
                    def missing(self): raise AttributeError
                    @property
                    def exiting(self): raise KeyboardInterrupt
                """);

        for (String has : new String[] {"has", "has_s"}) {
            assertThat(python.repr("[m.%s(o, n) for o, n in ((A, 'foo'), (A(), 'foo'), (A, 'raising'), (5, 'real'))]"
                            .formatted(has)))
                    .isEqualTo("[1, 1, 1, 1]");
            assertThat(python.repr(
                            "[m.%s(o, n) for o, n in ((A(), 'raising'), (A(), 'missing'), (A(), 'exiting'), (A(), 'none'),"
                                            .formatted(has)
                                    + " (Raising(), 'x'), (Old(), 'x'), (5, 'x'))]"))
                    .isEqualTo("[0, 0, 0, 0, 0, 0, 0]");
        }
        assertThat(python.repr("(m.has(A, u'foo'), m.has(A, 5), m.has(A, None), m.has(A, u'\\u20ac'))"))
                .isEqualTo("(1, 0, 0, 0)");
    }

    @Test
    void attributesAreSetAndDeleted() {
        python.exec("""
                class A(object):
                    @property
                    def fixed(self): return 1
                    @property
                    def open(self): return self._open
                    @open.setter
                    def open(self, value): self._open = value
                a = A(); old = Old()
                results = [m.set_attr(a, 'x', 1), m.set_attr(a, u'y', 2), m.set_attr_s(a, 'z', 3), m.set_attr_s(a, 'open', 4),
                           m.set_attr_s(A, 'shared', 5), m.set_attr_s(old, 'x', 6), m.set_attr_s(m, 'x', 7)]
                """);

        assertThat(python.repr("set(results)")).isEqualTo("set([0])");
        assertThat(python.repr("(a.x, a.y, a.z, a.open, a.shared, old.x, m.x)")).isEqualTo("(1, 2, 3, 4, 5, 6, 7)");
        assertThat(python.repr(
                        "(m.del_attr(a, u'x'), m.del_attr_s(a, 'y'), m.del_attr_s(A, 'shared'), m.del_attr_s(m, 'x'))"))
                .isEqualTo("(0, 0, 0, 0)");
        assertThat(python.repr("[hasattr(a, n) for n in ('x', 'y', 'z', 'shared')]"))
                .isEqualTo("[False, False, True, False]");
        for (String expression : new String[] {
            "m.set_attr_s(object(), 'x', 1)",
            "m.set_attr(a, 'fixed', 1)",
            "m.set_attr_s(5, 'x', 1)",
            "m.del_attr_s(a, 'none')",
            "m.del_attr(a, 'fixed')",
            "m.del_attr_s(a, 'open')",
            "m.del_attr_s(old, 'none')"
        }) {
            assertThat(python.raised(expression)).as(expression).startsWith("AttributeError: ");
        }
        assertThat(python.raised("m.set_attr(a, 5, 1)")).startsWith("TypeError: attribute name must be string");
    }

    @Test
    void namesBeyondAsciiAreTheirUtf8BytesAsInTheCApiOfPython27() {
        python.exec("""
                a = Plain()
                euro = u'\\u20ac'; utf8 = euro.encode('utf-8')
                m.set_attr(a, euro, 1)
                m.set_attr_s(a, u'\\xe9'.encode('utf-8'), 2)
                """);

        assertThat(python.repr("(m.attr(a, euro), m.attr_s(a, utf8), m.attr(a, utf8), getattr(a, utf8))"))
                .isEqualTo("(1, 1, 1, 1)");
        assertThat(python.repr(
                        "(m.attr(a, u'\\xe9'), m.attr_s(a, '\\xc3\\xa9'), m.has(a, u'\\xe9'), m.has_s(a, utf8))"))
                .isEqualTo("(2, 2, 1, 1)");
        assertThat(python.repr("sorted(vars(a).keys())")).isEqualTo("['\\xc3\\xa9', '\\xe2\\x82\\xac']");
        assertThat(python.repr("[n for n in dir(a) if n[0] != '_']")).isEqualTo("['\\xc3\\xa9', '\\xe2\\x82\\xac']");
        assertThat(python.repr("(m.del_attr(a, euro), m.del_attr_s(a, '\\xc3\\xa9'), vars(a))"))
                .isEqualTo("(0, 0, {})");
        assertThat(python.raised("m.attr(a, euro)")).startsWith("AttributeError: 'Plain' object has no attribute");
    }

    @Test
    void comparisonsArePythonsForAllSixOperators() {
        python.exec("""
                import operator
                operators = [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
                nan = float('nan')
                values = [0, 1, -1, True, 1.0, 2**31, 2**47, 2.0**47, 2**63, 1e300, float('inf'), nan, 'a', u'a', u'\\u20ac', None,
                          (), (1, 2), [1], {}]
                wrong = [(i, a, b) for i, o in enumerate(operators) for a in values for b in values
                         if not (a is nan and b is nan)
                         and (m.compare(a, b, i) is not o(a, b) or m.compare_bool(a, b, i) != o(a, b))]
                class Answers(object):
                    def __lt__(self, other): return 'lt'
                    def __eq__(self, other): return []
                    def __ne__(self, other): return 'ne'
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.repr("[m.compare(1, 2, i) for i in range(6)]"))
                .isEqualTo("[True, True, False, True, False, False]");
        assertThat(python.repr("(m.compare(Answers(), 1, 0), m.compare(Answers(), 1, 2), m.compare(1, Answers(), 4))"))
                .isEqualTo("('lt', [], 'lt')");
        assertThat(python.repr("(m.compare_bool(Answers(), 1, 0), m.compare_bool(Answers(), 1, 2))"))
                .isEqualTo("(1, 0)");
        assertThat(python.raised("m.compare(Raising(), 1, 2)")).isEqualTo("ValueError: eq");
        assertThat(python.raised("m.compare_bool(Raising(), 1, 2)")).isEqualTo("ValueError: eq");
        assertThat(python.raised("m.bad_op(1)")).startsWith("SystemError: ");
    }

    @Test
    void anObjectIsEqualToItselfWithoutBeingAsked() {
        python.exec("r = Raising(); nan = float('nan')");

        assertThat(python.repr("(m.compare_bool(r, r, 2), m.compare_bool(r, r, 3))"))
                .isEqualTo("(1, 0)");
        assertThat(python.repr(
                        "(m.compare_bool(nan, nan, 2), m.compare_bool(nan, nan, 3), m.compare_bool(nan, nan, 0))"))
                .as("as HPy_Is, which also takes it for one object")
                .isEqualTo("(1, 0, 0)");
        assertThat(python.repr("(m.compare(nan, nan, 2), m.is_(nan, nan))")).isEqualTo("(False, 1)");
    }

    @Test
    void hashesArePythonsAndNeverMinusOne() {
        python.exec("class H(object):\n    def __init__(self, h): self.h = h\n    def __hash__(self): return self.h");

        assertThat(python.repr(
                        "[x for x in (0, 1, -5, 2**31, 2**47, 10**40, 1.5, 'a', u'a', u'\\u20ac', None, (1, 2), Plain, H(9))"
                                + " if m.hash_(x) != hash(x)]"))
                .isEqualTo("[]");
        assertThat(python.repr("(m.hash_(-1), m.hash_(H(-1)), m.hash_(-1.0), m.hash_(-1L))"))
                .isEqualTo("(-2, -2, -2, -2)");
        assertThat(python.repr("m.hash_('a') == m.hash_(u'a') and m.hash_(1) == m.hash_(1.0) == m.hash_(1L)"))
                .isEqualTo("True");
        assertThat(python.raised("m.hash_([])")).isEqualTo("TypeError: unhashable type: 'list'");
        assertThat(python.raised("m.hash_({})")).isEqualTo("TypeError: unhashable type: 'dict'");
        assertThat(python.raised("m.hash_(Raising())")).isEqualTo("ValueError: hash");
    }

    @Test
    void truthIsPythons() {
        python.exec("""
                class Truth(object):
                    def __init__(self, value): self.value = value
                    def __nonzero__(self): return self.value
                class Sized(object):
                    def __init__(self, n): self.n = n
                    def __len__(self): return self.n
                class Fails(object):
                    def __nonzero__(self): raise KeyError('truth')
                """);

        assertThat(
                        python.repr(
                                "[m.truth(x) for x in (0, 0L, 0.0, -0.0, False, None, '', u'', (), [], {}, Truth(False), Sized(0), 0j)]"))
                .isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]");
        assertThat(python.repr(
                        "[m.truth(x) for x in (1, -1, 2**47, 2**100, 0.5, float('nan'), 5e-324, True, 'a', u'a', (0,), [0],"
                                + " {0: 0}, Truth(True), Sized(3), Plain(), Old(), Plain, m)]"))
                .isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        assertThat(python.raised("m.truth(Fails())")).isEqualTo("KeyError: 'truth'");
        assertThat(python.raised("m.truth(Raising())")).isEqualTo("ValueError: len");
        assertThat(python.raised("m.truth(Truth('x'))")).startsWith("TypeError: __nonzero__ should return ");
    }

    @Test
    void identityIsOfObjectsAndOfTheValuesOfIntsAndFloats() {
        python.exec("a = Plain(); s = 'abc'; big = 2**100");

        assertThat(python.repr("[m.is_(x, x) for x in (a, s, big, None, True, 5, 1.5, (), [], Plain, int, m)]"))
                .isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        assertThat(
                        python.repr(
                                "[m.is_dup(x) for x in (a, s, big, None, True, False, 5, 2**40, 1.5, 5L, Plain, int, NotImplemented)]"))
                .isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        assertThat(python.repr(
                        "[m.is_(x, y) for x, y in ((a, Plain()), (a, None), (1, 2), (1, True), (0, False), (1, 1.0),"
                                + " (0.0, -0.0), (5, 5L), ([], []), ({}, {}), ('a', u'a'), (int, long))]"))
                .isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]");
    }

    @Test
    void typesAreThoseOfPython() {
        python.exec("class Sub(int): pass");

        assertThat(python.repr(
                        "[x for x in (1, 2**31, 5L, True, 1.5, 'a', u'a', None, (), [], {}, Plain(), Plain, int, Old(), Old, m,"
                                + " m.type_, Sub(1), 1j) if m.type_(x) is not type(x)]"))
                .isEqualTo("[]");
    }

    @Test
    void typeChecksFollowTheBases() {
        python.exec("class Str(str): pass\nclass Int(int): pass\nclass Float(float): pass\nclass Child(Plain): pass\n"
                + "class Meta(type): pass\nmade = Meta('made', (object,), {})");

        assertThat(python.repr(
                        "[m.type_check(x, t) for x, t in ((1, int), (True, int), (Int(1), int), (Int(1), Int), (1.5, float),"
                                + " (Float(1), float), ('a', str), (Str('a'), str), (u'a', unicode), ((), tuple), ([], list), ({}, dict),"
                                + " (int, type), (made, type), (made, Meta), (Child(), Plain), (1, object), (None, object),"
                                + " ('a', basestring))]"))
                .isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        assertThat(python.repr(
                        "[m.type_check(x, t) for x, t in ((1, float), (1, bool), (1, Int), (1.5, int), ('a', unicode),"
                                + " (u'a', str), (None, int), (Plain(), Child), ([], tuple), (1, type), (int, int))]"))
                .isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]");
        assertThat(python.raised("m.type_check(1, 5)"))
                .contains("TypeError: HPy_TypeCheck: 'int' object is not a type");
    }

    @Test
    void aBoolIsAnInstanceOfBool() {
        assertThat(python.repr("(m.type_check(True, bool), m.type_check(False, bool), m.type_check(0, bool))"))
                .isEqualTo("(1, 1, 0)");
    }
}
