package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lengths, items, slices and containment. */
class ObjectItemTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions(
                "length:O lengths:O get:VARARGS get_i:VARARGS get_s:VARARGS set:VARARGS "
                        + "set_i:VARARGS set_s:VARARGS del_:VARARGS del_i:VARARGS del_s:VARARGS "
                        + "get_slice:VARARGS set_slice:VARARGS del_slice:VARARGS contains:VARARGS "
                        + "null_item:O",
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
                FUNCTION_O(null_item, HPy_GetItem(ctx, HPy_NULL, arg))
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
}
