package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The object protocol: items, attributes, truth, text forms, comparison, identity and types. */
class ObjectApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions(
                "length:O lengths:O get:VARARGS get_i:VARARGS get_s:VARARGS set:VARARGS set_i:VARARGS set_s:VARARGS"
                        + " del_:VARARGS del_i:VARARGS del_s:VARARGS get_slice:VARARGS set_slice:VARARGS"
                        + " del_slice:VARARGS contains:VARARGS attr:VARARGS attr_s:VARARGS has:VARARGS has_s:VARARGS"
                        + " set_attr:VARARGS set_attr_s:VARARGS del_attr:VARARGS del_attr_s:VARARGS bad_utf8:O repr:O"
                        + " str_:O ascii:O bytes_:O of_null:NOARGS compare:VARARGS compare_bool:VARARGS hash_:O"
                        + " truth:O is_:VARARGS is_dup:O type_:O type_check:VARARGS null_item:O bad_op:O dump:O",
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

                FUNCTION_O(length, number(ctx, HPy_Length(ctx, arg)))
                static HPy lengths_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t first = HPy_Length(ctx, arg);
                    HPy item = HPyLong_FromLong(ctx, 1);
                    if (HPyList_Check(ctx, arg))
                        HPyList_Append(ctx, arg, item);
                    HPy_Close(ctx, item);
                    return HPyLong_FromSsize_t(ctx, 1000 * first + HPy_Length(ctx, arg));
                }
                FUNCTION(get, HPy_GetItem(ctx, args[0], args[1]))
                FUNCTION(get_i, HPy_GetItem_i(ctx, args[0], INDEX(args[1])))
                FUNCTION(get_s, HPy_GetItem_s(ctx, args[0], STRING(args[1])))
                FUNCTION(set, number(ctx, HPy_SetItem(ctx, args[0], args[1], args[2])))
                FUNCTION(set_i, number(ctx, HPy_SetItem_i(ctx, args[0], INDEX(args[1]), args[2])))
                FUNCTION(set_s, number(ctx, HPy_SetItem_s(ctx, args[0], STRING(args[1]), args[2])))
                FUNCTION(del_, number(ctx, HPy_DelItem(ctx, args[0], args[1])))
                FUNCTION(del_i, number(ctx, HPy_DelItem_i(ctx, args[0], INDEX(args[1]))))
                FUNCTION(del_s, number(ctx, HPy_DelItem_s(ctx, args[0], STRING(args[1]))))
                FUNCTION(get_slice, HPy_GetSlice(ctx, args[0], INDEX(args[1]), INDEX(args[2])))
                FUNCTION(set_slice, number(ctx, HPy_SetSlice(ctx, args[0], INDEX(args[1]), INDEX(args[2]), args[3])))
                FUNCTION(del_slice, number(ctx, HPy_DelSlice(ctx, args[0], INDEX(args[1]), INDEX(args[2]))))
                FUNCTION(contains, number(ctx, HPy_Contains(ctx, args[0], args[1])))
                FUNCTION(attr, HPy_GetAttr(ctx, args[0], args[1]))
                FUNCTION(attr_s, HPy_GetAttr_s(ctx, args[0], STRING(args[1])))
                FUNCTION(has, number(ctx, HPy_HasAttr(ctx, args[0], args[1])))
                FUNCTION(has_s, number(ctx, HPy_HasAttr_s(ctx, args[0], STRING(args[1]))))
                FUNCTION(set_attr, number(ctx, HPy_SetAttr(ctx, args[0], args[1], args[2])))
                FUNCTION(set_attr_s, number(ctx, HPy_SetAttr_s(ctx, args[0], STRING(args[1]), args[2])))
                FUNCTION(del_attr, number(ctx, HPy_DelAttr(ctx, args[0], args[1])))
                FUNCTION(del_attr_s, number(ctx, HPy_DelAttr_s(ctx, args[0], STRING(args[1]))))
                FUNCTION_O(bad_utf8, HPy_GetAttr_s(ctx, arg, "a\\xff"))
                FUNCTION_O(repr, HPy_Repr(ctx, arg))
                FUNCTION_O(str_, HPy_Str(ctx, arg))
                FUNCTION_O(ascii, HPy_ASCII(ctx, arg))
                FUNCTION_O(bytes_, HPy_Bytes(ctx, arg))
                static HPy of_null_impl(HPyContext *ctx, HPy self)
                {
                    HPy items[] = {HPy_Repr(ctx, HPy_NULL), HPy_Str(ctx, HPy_NULL), HPy_ASCII(ctx, HPy_NULL),
                                   HPy_Bytes(ctx, HPy_NULL)};
                    HPy tuple = HPyTuple_FromArray(ctx, items, 4);
                    for (int i = 0; i < 4; i++)
                        HPy_Close(ctx, items[i]);
                    return tuple;
                }
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
                FUNCTION_O(null_item, HPy_GetItem(ctx, HPy_NULL, arg))
                FUNCTION_O(bad_op, HPy_RichCompare(ctx, arg, arg, 6))
                static HPy dump_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    _HPy_Dump(ctx, arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                """);
        python.exec("""
                class Box(object):
                    'Records what it is asked for.'
                    def __init__(self): self.seen = []
                    def __getitem__(self, key): self.seen.append(key); return ('got', key)
                    def __setitem__(self, key, value): self.seen.append((key, value))
                    def __delitem__(self, key): self.seen.append(('del', key))
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
    void lengthsAreOfAllContainers() {
        python.exec("class Sized(object):\n    def __len__(self): return 7\n"
                + "class OldSized:\n    def __len__(self): return 8\n"
                + "class SubTuple(tuple):\n    def __len__(self): return 9");

        assertThat(python.repr(
                        "[m.length(x) for x in ([5, 6], (), (1,), {'a': 1}, 'abc', u'a\\u20ac\\U0001f600', set([1]),"
                                + " xrange(5), bytearray('ab'), Sized(), OldSized(), SubTuple())]"))
                .isEqualTo("[2, 0, 1, 1, 3, 3, 1, 5, 2, 7, 8, 9]");
        assertThat(python.repr("[m.lengths(x) for x in ([5, 6], (1, 2), 'abc', u'\\U0001f600')]"))
                .as("asked for twice, a list appended to in between")
                .isEqualTo("[2003, 2002, 3003, 1001]");
    }

    @Test
    void lengthOfWhatHasNoneIsATypeError() {
        python.exec("class Negative(object):\n    def __len__(self): return -1\n"
                + "class Attribute(object):\n    def __len__(self): return self.missing");

        for (String value : new String[] {"1", "1.5", "None", "Plain()", "2**100"}) {
            assertThat(python.raised("m.length(%s)".formatted(value)))
                    .as(value)
                    .startsWith("TypeError: ")
                    .contains("has no len()");
        }
        assertThat(python.raised("m.length(Raising())")).isEqualTo("ValueError: len");
        assertThat(python.raised("m.length(Negative())")).startsWith("ValueError: ");
        assertThat(python.raised("m.length(Attribute())"))
                .startsWith("AttributeError: ")
                .contains("missing");
    }

    @Test
    void itemsAreReadByObjectByIndexAndByName() {
        assertThat(python.repr("[m.get([0, 'a'], 1), m.get((0, 'b'), -1), m.get('abc', 2), m.get(u'a\\U0001f600b', 1),"
                        + " m.get({2.5: 'c'}, 2.5), m.get([1, 2, 3], slice(1, None)), m.get(Box(), None)]"))
                .isEqualTo("['a', 'b', 'c', u'\\U0001f600', 'c', [2, 3], ('got', None)]");
        assertThat(
                        python.repr(
                                "[m.get_i([0, 'a'], 1), m.get_i((0, 'b'), -1), m.get_i('abc', -3), m.get_i(u'ab', 1),"
                                        + " m.get_i({3: 'c'}, 3), m.get_i({3L: 'd'}, 3), m.get_i(Box(), -2**31), m.get_i(Box(), 2**40)]"))
                .isEqualTo("['a', 'b', 'a', u'b', 'c', 'd', ('got', -2147483648), ('got', 1099511627776L)]");
        assertThat(python.repr("[m.get_s({'a': 1}, 'a'), m.get_s({u'a': 2}, 'a'), m.get_s(Box(), 'k'),"
                        + " m.get_s({u'\\u20ac': 3}, '\\xe2\\x82\\xac')]"))
                .isEqualTo("[1, 2, ('got', u'k'), 3]");
    }

    @Test
    void missingItemsAreIndexAndKeyErrors() {
        python.exec("def key(f, *args):\n    try: f(*args)\n    except KeyError as e: return e.args");

        for (String value : new String[] {"[1]", "(1,)", "'a'", "u'a'"}) {
            for (String index : new String[] {"1", "-2", "2**31 - 1"}) {
                assertThat(python.raised("m.get(%s, %s)".formatted(value, index)))
                        .as("%s[%s]", value, index)
                        .startsWith("IndexError: ");
                assertThat(python.raised("m.get_i(%s, %s)".formatted(value, index)))
                        .as("%s[%s]", value, index)
                        .startsWith("IndexError: ");
            }
            assertThat(python.raised("m.get_s(%s, 'x')".formatted(value)))
                    .as(value)
                    .startsWith("TypeError: ");
            assertThat(python.raised("m.get(%s, 1.5)".formatted(value)))
                    .as(value)
                    .startsWith("TypeError: ");
        }
        assertThat(python.repr("(key(m.get, {1: 2}, 3), key(m.get_i, {1: 2}, 3), key(m.get_s, {1: 2}, 'k'))"))
                .isEqualTo("((3,), (3,), (u'k',))");
        assertThat(python.raised("m.get({}, [])")).isEqualTo("TypeError: unhashable type: 'list'");
        assertThat(python.raised("m.get(1, 2)")).startsWith("TypeError: 'int' object is ");
        assertThat(python.raised("m.get_i(None, 0)")).startsWith("TypeError: 'NoneType' object is ");
        assertThat(python.raised("m.get(Raising(), 0)")).isEqualTo("ValueError: get");
        assertThat(python.raised("m.null_item(1)"))
                .contains("SystemError")
                .contains("HPy_GetItem")
                .contains("HPy_NULL");
    }

    @Test
    void itemsAreSetByObjectByIndexAndByName() {
        python.exec("""
                items = [0, 1, 2]; table = {}; box = Box()
                results = [m.set(items, -1, 'x'), m.set(items, slice(0, 1), ['y', 'z']), m.set(table, (1,), 'a'),
                           m.set(box, None, 1), m.set_i(items, 1, 'i'), m.set_i(items, -2, 'j'), m.set_i(table, 5, 'b'),
                           m.set_i(box, -7, 2), m.set_s(table, 'k', 'c'), m.set_s(table, '\\xe2\\x82\\xac', 'd'),
                           m.set_s(box, 'n', 3)]
                """);

        assertThat(python.repr("set(results)")).isEqualTo("set([0])");
        assertThat(python.repr("items")).isEqualTo("['y', 'i', 'j', 'x']");
        assertThat(python.repr("table == {(1,): 'a', 5: 'b', 'k': 'c', u'\\u20ac': 'd'}"))
                .isEqualTo("True");
        assertThat(python.repr("box.seen")).isEqualTo("[(None, 1), (-7, 2), (u'n', 3)]");
    }

    @Test
    void itemsThatCannotBeSetAreErrors() {
        assertThat(python.raised("m.set([], 0, 1)")).startsWith("IndexError: ");
        assertThat(python.raised("m.set_i([0], -2, 1)")).startsWith("IndexError: ");
        assertThat(python.raised("m.set_s([0], 'x', 1)")).startsWith("TypeError: ");
        assertThat(python.raised("m.set((0,), 0, 1)"))
                .isEqualTo("TypeError: 'tuple' object does not support item assignment");
        assertThat(python.raised("m.set_i('a', 0, 'b')")).startsWith("TypeError: ");
        assertThat(python.raised("m.set(1, 0, 1)"))
                .isEqualTo("TypeError: 'int' object does not support item assignment");
        assertThat(python.raised("m.set({}, [], 1)")).isEqualTo("TypeError: unhashable type: 'list'");
        assertThat(python.raised("m.set(Raising(), 0, 1)")).isEqualTo("ValueError: set");
    }

    @Test
    void itemsAreDeletedByObjectByIndexAndByName() {
        python.exec("""
                items = [0, 1, 2, 3]; table = {'a': 1, 2: 2, u'\\u20ac': 3, 4.5: 4}; box = Box()
                results = [m.del_(items, 0), m.del_i(items, -1), m.del_(table, 4.5), m.del_i(table, 2), m.del_s(table, 'a'),
                           m.del_s(table, '\\xe2\\x82\\xac'), m.del_(box, None), m.del_i(box, 7), m.del_s(box, 'k')]
                """);

        assertThat(python.repr("set(results)")).isEqualTo("set([0])");
        assertThat(python.repr("(items, table, box.seen)"))
                .isEqualTo("([1, 2], {}, [('del', None), ('del', 7), ('del', u'k')])");
        assertThat(python.raised("m.del_i([], 0)")).startsWith("IndexError: ");
        assertThat(python.raised("m.del_i({}, 3)")).startsWith("KeyError: ").contains("3");
        assertThat(python.raised("m.del_s({}, 'k')")).startsWith("KeyError: ").contains("k");
        assertThat(python.raised("m.del_s([1], 'k')")).startsWith("TypeError: ");
        assertThat(python.raised("m.del_i((1,), 0)")).startsWith("TypeError: 'tuple' object does");
        assertThat(python.raised("m.del_i(1, 0)")).startsWith("TypeError: 'int' object does");
        assertThat(python.raised("m.del_i(Raising(), 0)")).isEqualTo("ValueError: del");
    }

    @Test
    void slicesAreReadSetAndDeleted() {
        python.exec("box = Box()\nitems = [1, 2, 3, 4, 5]\n"
                + "results = [m.set_slice(items, 1, 3, [10, 11, 12]), m.del_slice(items, 0, 1), m.del_slice(items, -1, 99)]\n"
                + "m.get_slice(box, 5, 13); m.set_slice(box, -1, 2, 'v'); m.del_slice(box, 0, 2**40)");

        assertThat(python.repr("(results, items)")).isEqualTo("([0, 0, 0], [10, 11, 12, 4])");
        assertThat(python.repr(
                        "[m.get_slice('hello', a, b) for a, b in ((0, 5), (1, 3), (-3, -1), (3, 1), (0, 2**40))]"))
                .isEqualTo("['hello', 'el', 'll', '', 'hello']");
        assertThat(
                        python.repr(
                                "(m.get_slice([1, 2, 3], 1, 9), m.get_slice((1, 2), 0, 1), m.get_slice(u'a\\U0001f600b', 1, 2))"))
                .isEqualTo("([2, 3], (1,), u'\\U0001f600')");
        assertThat(python.repr("box.seen"))
                .isEqualTo("[slice(5, 13, None), (slice(-1, 2, None), 'v'), ('del', slice(0, 1099511627776L, None))]");
        assertThat(python.raised("m.get_slice(123, 0, 1)")).startsWith("TypeError: 'int' object is ");
        assertThat(python.raised("m.set_slice((1,), 0, 1, [])")).startsWith("TypeError: 'tuple' object does");
        assertThat(python.raised("m.del_slice('a', 0, 1)")).startsWith("TypeError: 'str' object does");
        assertThat(python.raised("m.set_slice([1], 0, 1, 5)")).startsWith("TypeError: ");
        assertThat(python.raised("m.get_slice(Raising(), 0, 1)")).isEqualTo("ValueError: get");
    }

    @Test
    void containsAsksTheContainerThenItsItems() {
        python.exec("""
                class Contains(object):
                    def __contains__(self, item): return item == 42
                class Iter(object):
                    def __iter__(self): return iter([1, 2, 3])
                class GetItem(object):
                    def __getitem__(self, i):
                        if i > 3: raise IndexError
                        return i
                """);

        assertThat(python.repr(
                        "[m.contains(c, x) for c, x in (([1, 42], 42), ([1], 42), ({'a': 1}, u'a'), ('abc', 'bc'),"
                                + " (u'abc', 'd'), (Contains(), 42), (Contains(), 1), (Iter(), 2), (Iter(), 9), (GetItem(), 3),"
                                + " (GetItem(), 9), ((1.0,), 1), (set([1]), 2))]"))
                .isEqualTo("[1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]");
        assertThat(python.raised("m.contains(Plain(), 1)"))
                .startsWith("TypeError: ")
                .contains("not iterable");
        assertThat(python.raised("m.contains(5, 1)")).startsWith("TypeError: ").contains("not iterable");
        assertThat(python.raised("m.contains({}, [])")).isEqualTo("TypeError: unhashable type: 'list'");
        assertThat(python.raised("m.contains(Raising(), 1)")).isEqualTo("ValueError: contains");
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
    void textFormsAreUnicode() {
        python.exec("""
                class Named(object):
                    def __repr__(self): return 'repr'
                    def __str__(self): return 'str'
                class Wide(object):
                    def __repr__(self): return u'<\\xe9>\\u20ac\\U0001f600'
                    def __unicode__(self): return u'\\u20ac'
                class SubUnicode(unicode): pass
                class OldNamed:
                    def __repr__(self): return 'old'
                """);

        assertThat(python.repr("[m.repr(x) for x in (1, 5L, 1.5, 'a', u'\\u20ac', None, [1], Named(), OldNamed())]"))
                .isEqualTo("[u'1', u'5L', u'1.5', u\"'a'\", u\"u'\\\\u20ac'\", u'None', u'[1]', u'repr', u'old']");
        assertThat(python.repr(
                        "[m.str_(x) for x in (1, 5L, 1.5, 'a', u'\\u20ac', None, [1], Named(), Wide(), OldNamed())]"))
                .isEqualTo("[u'1', u'5', u'1.5', u'a', u'\\u20ac', u'None', u'[1]', u'str', u'\\u20ac', u'old']");
        assertThat(python.repr("[m.ascii(x) for x in (1, 'a', u'\\u20ac', Named())]"))
                .isEqualTo("[u'1', u\"'a'\", u\"u'\\\\u20ac'\", u'repr']");
        assertThat(python.repr("m.repr(Wide())")).isEqualTo("u'<\\xe9>\\u20ac\\U0001f600'");
        assertThat(python.repr("m.ascii(Wide())")).isEqualTo("u'<\\\\xe9>\\\\u20ac\\\\U0001f600'");
        assertThat(python.repr("(m.str_(SubUnicode(u'x')), type(m.str_(SubUnicode(u'x'))))"))
                .isEqualTo("(u'x', <type 'unicode'>)");
        assertThat(python.repr("m.of_null()")).isEqualTo("(u'<NULL>', u'<NULL>', u'<NULL>', '<NULL>')");
    }

    @Test
    void errorsOfTextFormsArePassedOn() {
        python.exec("""
                class Wrong(object):
                    def __repr__(self): return 5
                    def __str__(self): return None
                class Fails(object):
                    def __repr__(self): raise KeyError('r')
                    def __str__(self): raise KeyError('s')
                """);

        assertThat(python.raised("m.repr(Wrong())")).startsWith("TypeError: __repr__ returned non-string");
        assertThat(python.raised("m.ascii(Wrong())")).startsWith("TypeError: __repr__ returned non-string");
        assertThat(python.raised("m.str_(Wrong())")).startsWith("TypeError: __str__ ");
        assertThat(python.raised("m.repr(Fails())")).isEqualTo("KeyError: 'r'");
        assertThat(python.raised("m.ascii(Fails())")).isEqualTo("KeyError: 'r'");
        assertThat(python.raised("m.str_(Fails())")).isEqualTo("KeyError: 's'");
        assertThat(python.raised("m.str_('\\xff')"))
                .startsWith("UnicodeDecodeError: 'ascii' codec can't decode byte 0xff");
    }

    @Test
    void bytesAreMadeAsBytesOfPython3Does() {
        python.exec("""
                from array import array
                class Own(object):
                    def __bytes__(self): return 'own'
                class OldOwn:
                    def __bytes__(self): return 'old'
                class Wrong(object):
                    def __bytes__(self): return u'text'
                class Fails(object):
                    def __bytes__(self): raise KeyError('b')
                class Index(object):
                    def __index__(self): return 67
                class FailingIter(object):
                    def __iter__(self): raise KeyError('i')
                class Sub(str): pass
                s = 'abc'
                """);

        assertThat(
                        python.repr(
                                "[m.bytes_(x) for x in ('a\\0\\xff', Sub('s'), Own(), OldOwn(), bytearray('ab\\xff'), memoryview('mv'),"
                                        + " array('B', [65, 66]), [65, 66L, True, Index()], (0, 255), set([65]), {66: 1}, xrange(65, 68), [])]"))
                .isEqualTo(
                        "['a\\x00\\xff', 's', 'own', 'old', 'ab\\xff', 'mv', 'AB', 'AB\\x01C', '\\x00\\xff', 'A', 'B',"
                                + " 'ABC', '']");
        assertThat(python.repr("(m.bytes_(s) is s, type(m.bytes_(Sub('s'))))")).isEqualTo("(True, <type 'str'>)");
        for (String[] pair : new String[][] {
            {"5", "int"},
            {"2**100", "long"},
            {"1.5", "float"},
            {"u'abc'", "unicode"},
            {"None", "NoneType"},
            {"Plain()", "Plain"}
        }) {
            assertThat(python.raised("m.bytes_(%s)".formatted(pair[0])))
                    .isEqualTo("TypeError: cannot convert '%s' object to bytes".formatted(pair[1]));
        }
        assertThat(python.raised("m.bytes_([256])")).isEqualTo("ValueError: bytes must be in range(0, 256)");
        assertThat(python.raised("m.bytes_([-1])")).isEqualTo("ValueError: bytes must be in range(0, 256)");
        assertThat(python.raised("m.bytes_(['a'])"))
                .isEqualTo("TypeError: 'str' object cannot be interpreted as an integer");
        assertThat(python.raised("m.bytes_(Wrong())"))
                .isEqualTo("TypeError: __bytes__ returned non-bytes (type unicode)");
        assertThat(python.raised("m.bytes_(Fails())")).isEqualTo("KeyError: 'b'");
        assertThat(python.raised("m.bytes_(FailingIter())")).isEqualTo("KeyError: 'i'");
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

    @Test
    void aDumpRaisesNothing() {
        assertThat(python.repr("[m.dump(x) for x in ('hello', 5, None)]")).isEqualTo("[None, None, None]");
    }
}
