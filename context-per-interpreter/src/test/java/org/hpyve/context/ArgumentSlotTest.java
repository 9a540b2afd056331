package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handles of arguments have slots that are used again by the next call, whatever the callee does with them. */
class ArgumentSlotTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions(
                "same:O number:O keep:O kept:NOARGS stale:O drop:O steal:O text:O nest:VARARGS many:KEYWORDS", """
                static HPy held;
                static HPy same_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Dup(ctx, arg); }
                static HPy number_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyLong_FromSsize_t(ctx, arg._i); }
                static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    held = HPy_Dup(ctx, arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy kept_impl(HPyContext *ctx, HPy self)
                {
                    HPy result = held;
                    held = HPy_NULL;
                    return result;
                }
                static HPy stale_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPy_Repr(ctx, (HPy){(intptr_t)HPyLong_AsSsize_t(ctx, arg)});
                }
                static HPy drop_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_Close(ctx, arg);
                    HPy other = HPyList_New(ctx, 1);
                    held = other;
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy steal_impl(HPyContext *ctx, HPy self, HPy arg) { return arg; }
                static HPy text_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t size;
                    return HPyUnicode_AsUTF8AndSize(ctx, arg, &size) ? HPyLong_FromSsize_t(ctx, size) : HPy_NULL;
                }
                static HPy nest_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy inner = HPy_Call(ctx, args[0], &args[1], 1, HPy_NULL);
                    HPy result = HPy_IsNull(inner) ? HPy_NULL : HPyTuple_Pack(ctx, 2, args[2], inner);
                    HPy_Close(ctx, inner);
                    return result;
                }
                static HPy many_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    HPy_ssize_t named = HPy_IsNull(kwnames) ? 0 : HPy_Length(ctx, kwnames);
                    return HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs + named);
                }
                """);
    }

    @Test
    void theSlotIsThatOfTheCallBeforeButNotTheHandle() {
        python.exec("a, b = m.number([]), m.number([])");
        assertThat(python.repr("a == b, a & 0xffffff == b & 0xffffff")).isEqualTo("(False, True)");
    }

    @Test
    void everyHandleOfManyCallsIsStaleAfterwards() {
        python.exec("handles = [m.number([]) for i in xrange(1000)]\nfound = set()\n"
                + "for handle in handles:\n"
                + "    try:\n"
                + "        m.stale(handle)\n"
                + "    except SystemError as e:\n"
                + "        found.add(handle)");
        assertThat(python.repr("len(found) == 1000 == len(set(handles))")).isEqualTo("True");
    }

    @Test
    void anArgumentThatIsKeptStaysWhatItIs() {
        python.exec("a = ['a']\nm.keep(a)\nothers = [m.same([i]) for i in xrange(300)]");
        assertThat(python.repr("m.kept() is a, others[0], others[299]")).isEqualTo("(True, [0], [299])");
    }

    @Test
    void anArgumentThatIsClosedIsAnErrorAndTheSlotCanBeUsedByOthers() {
        assertThat(python.raised("m.drop([1])")).contains("closed the handle of one of its arguments");
        assertThat(python.repr("m.same([2]), m.kept(), m.same([3])")).isEqualTo("([2], [None], [3])");
        assertThat(python.raised("m.steal([1])")).contains("returned it without HPy_Dup");
        assertThat(python.repr("[m.same([i]) for i in xrange(3)]")).isEqualTo("[[0], [1], [2]]");
    }

    @Test
    void textsAreFetchedAnewForEachArgument() {
        assertThat(python.repr("[m.text(u'x' * i) for i in (1, 40, 3, 0, 70000, 2)]"))
                .isEqualTo("[1, 40, 3, 0, 70000, 2]");
    }

    @Test
    void manyArgumentsAndDeepCallsFindTheirObjects() {
        python.exec("lists = [[i] for i in xrange(200)]\n"
                + "def deep(n):\n"
                + "    return m.nest(deep, n[0], n) if len(n[0]) else n\n"
                + "nested = None\n"
                + "for i in xrange(60):\n"
                + "    nested = [nested or [], i]\n"
                + "def depth(pair):\n"
                + "    n = 0\n"
                + "    while isinstance(pair, tuple):\n"
                + "        pair, n = pair[1], n + 1\n"
                + "    return n");
        assertThat(python.repr("m.many(*lists) == tuple(lists), m.many(*lists[:90], **{'k%d' % i: lists[i] for i in "
                        + "xrange(5)})[:90] == tuple(lists[:90])"))
                .isEqualTo("(True, True)");
        assertThat(python.repr("depth(deep(nested))")).isEqualTo("59");
        assertThat(python.repr("m.same(lists[5])")).isEqualTo("[5]");
    }

    @Test
    void nothingIsKeptAliveByTheSlotOfACallThatHasEnded() {
        python.exec("import gc, weakref\nclass C(object): pass\nc = C()\nref = weakref.ref(c)\nm.number(c)\ndel c\n"
                + "for i in range(10):\n    gc.collect()");
        assertThat(python.repr("ref()")).isEqualTo("None");
    }
}
