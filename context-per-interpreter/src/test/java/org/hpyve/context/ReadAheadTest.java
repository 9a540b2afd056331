package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What C reads in blocks is what it would get one by one. */
class ReadAheadTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions("contents:O items:O entries:O from:VARARGS tried:O later:O calling:VARARGS", """
                #include <stdlib.h>
                #include <string.h>
                static int append(HPyContext *ctx, HPy list, HPy item)
                {
                    int status = HPyList_Append(ctx, list, item);
                    HPy_Close(ctx, item);
                    return status;
                }
                /* The bytes of all texts, looked at when all blocks are gone and their memory is in use again. */
                static HPy contents_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t n = HPy_Length(ctx, arg);
                    HPy *texts = calloc((size_t)n + 1, sizeof(HPy));
                    const char **utf8 = calloc((size_t)n + 1, sizeof(char *));
                    HPy_ssize_t *sizes = calloc((size_t)n + 1, sizeof(HPy_ssize_t));
                    for (HPy_ssize_t i = 0; i < n; i++) {
                        texts[i] = HPy_GetItem_i(ctx, arg, i);
                        utf8[i] = HPyUnicode_AsUTF8AndSize(ctx, texts[i], &sizes[i]);
                    }
                    for (int again = 0; again < 2; again++) {
                        HPy_Close(ctx, HPy_GetAttr_s(ctx, arg, "__len__"));
                        for (HPy_ssize_t i = 0; i < n; i++)
                            HPy_Close(ctx, HPy_GetItem_i(ctx, arg, i));
                    }
                    HPy list = HPyList_New(ctx, 0);
                    for (HPy_ssize_t i = 0; i < n; i++) {
                        if (utf8[i][sizes[i]] == 0 && utf8[i] == HPyUnicode_AsUTF8AndSize(ctx, texts[i], NULL))
                            append(ctx, list, HPyBytes_FromStringAndSize(ctx, utf8[i], sizes[i]));
                        HPy_Close(ctx, texts[i]);
                    }
                    free(texts);
                    free(utf8);
                    free(sizes);
                    return list;
                }
                static HPy items_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy list = HPyList_New(ctx, 0);
                    HPy_ssize_t n = HPy_Length(ctx, arg);
                    for (HPy_ssize_t i = 0; i < n; i++)
                        append(ctx, list, HPy_GetItem_i(ctx, arg, i));
                    return list;
                }
                static HPy entries_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy keys = HPyDict_Keys(ctx, arg);
                    HPy list = HPyList_New(ctx, 0);
                    HPy_ssize_t n = HPy_Length(ctx, keys);
                    for (HPy_ssize_t i = 0; i < n; i++) {
                        HPy key = HPy_GetItem_i(ctx, keys, i);
                        HPy value = HPy_GetItem(ctx, arg, key);
                        append(ctx, list, HPyTuple_Pack(ctx, 2, key, value));
                        HPy_Close(ctx, key);
                        HPy_Close(ctx, value);
                    }
                    HPy_Close(ctx, keys);
                    return list;
                }
                static HPy from_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy list = HPyList_New(ctx, 0);
                    for (HPy_ssize_t i = HPyLong_AsSsize_t(ctx, args[1]); !HPyErr_Occurred(ctx); i++) {
                        HPy item = HPy_GetItem_i(ctx, args[0], i);
                        if (!HPy_IsNull(item))
                            append(ctx, list, item);
                    }
                    HPyErr_Clear(ctx);
                    return list;
                }
                /* As an encoder that first tries whether an int fits. */
                static HPy tried_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    int64_t value = HPyLong_AsInt64_t(ctx, arg);
                    if (value != -1 || !HPyErr_Occurred(ctx))
                        return HPyLong_FromInt64_t(ctx, value);
                    bool wrong = HPyErr_ExceptionMatches(ctx, ctx->h_KeyError);
                    bool matches = HPyErr_ExceptionMatches(ctx, ctx->h_OverflowError)
                        && HPyErr_ExceptionMatches(ctx, ctx->h_ArithmeticError);
                    HPyErr_Clear(ctx);
                    if (wrong || !matches || HPyErr_ExceptionMatches(ctx, ctx->h_OverflowError))
                        return HPy_NULL;
                    return HPy_Str(ctx, arg);
                }
                /* What C raised is not what is set any more. */
                static HPy later_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyLong_AsInt64_t(ctx, arg);
                    HPyErr_SetString(ctx, ctx->h_KeyError, "later");
                    bool first = HPyErr_ExceptionMatches(ctx, ctx->h_OverflowError);
                    bool second = HPyErr_ExceptionMatches(ctx, ctx->h_KeyError);
                    HPyErr_Clear(ctx);
                    return HPyLong_FromInt32_t(ctx, 2 * first + second);
                }
                /* The items, while a function changes what is read. */
                static HPy calling_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy list = HPyList_New(ctx, 0);
                    for (HPy_ssize_t i = 0; i < HPy_Length(ctx, args[0]); i++) {
                        HPy item = HPy_GetItem_i(ctx, args[0], i);
                        if (i % 3 == 1)
                            HPy_Close(ctx, HPy_Call(ctx, args[1], &item, 1, HPy_NULL));
                        append(ctx, list, item);
                    }
                    return list;
                }
                """);
    }

    @Test
    void textsOfAllLengthsAndAlphabetsArriveWhole() {
        python.exec("""
                letters = (u'a', u'\\xe9', u'\\u20ac', u'\\U0001f600')
                texts = [letter * n for n in range(140) for letter in letters]
                texts += [u'ab' * n + letter for n in range(60) for letter in letters]
                """);

        for (int step : new int[] {1, 40, 300}) {
            assertThat(python.repr(
                            "[t for i in range(0, len(texts), %1$d) for t, b in zip(texts[i:i + %1$d], m.contents(texts[i:i + %1$d])) if t.encode('utf-8') != b]"
                                    .formatted(step)))
                    .as("lists of %d", step)
                    .isEqualTo("[]");
        }
        assertThat(python.repr("len(m.contents(texts)) == len(texts)")).isEqualTo("True");
        assertThat(python.repr("m.contents(['', 'abc', 'x' * 95, 'y' * 96]) == ['', 'abc', 'x' * 95, 'y' * 96]"))
                .isEqualTo("True");
    }

    @Test
    void itemsAreThoseOfTheSequence() {
        python.exec("""
                class F(float): pass
                class I(int): pass
                some = [0, -1, 2 ** 31, 2 ** 47, -2 ** 47 - 1, 2 ** 64, 0.5, float('inf'), True, None, u'u', 's', (), [], {},
                        F(1), I(1), object(), float, 10 ** 30]
                def same(a, b): return a is b or (type(a) is type(b) and type(a) in (int, long, float) and a == b)
                def wrong(xs): return [x for x, y in zip(xs, m.items(xs)) if not same(x, y)]
                """);

        for (int length : new int[] {0, 1, 4, 5, 17, 21, 90, 400, 3000}) {
            assertThat(python.repr(
                            "wrong((some * 200)[:%1$d]), wrong(tuple((some * 200)[:%1$d])), len(m.items(some * %1$d))"
                                    .formatted(length)))
                    .as("%d items", length)
                    .isEqualTo("([], [], %d)".formatted(20 * length));
        }
    }

    @Test
    void entriesAreThoseOfTheDict() {
        python.exec("""
                class K(unicode): pass
                def wrong(d):
                    return [e for e, f in zip(d.items(), m.entries(d)) if e[0] is not f[0] or e[1] is not f[1]]
                plain = [dict((u'key%d' % i, [i]) for i in range(n)) for n in (0, 1, 8, 15, 16, 17, 30, 200)]
                mixed = [dict(((1, 'one', u'two', K(u'three'), 4.5, (5,), None)[i % 7:][0:1] + (i,), [i])
                              for i in range(n)) for n in (5, 50)] + [{u'a': [1], K(u'b'): [2], 3: [4]}]
                """);

        assertThat(python.repr("[wrong(d) for d in plain + mixed]"))
                .isEqualTo("[[], [], [], [], [], [], [], [], [], [], []]");
        assertThat(python.repr("[len(m.entries(d)) - len(d) for d in plain + mixed]"))
                .isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]");
    }

    @Test
    void readingMayBeginAnywhere() {
        assertThat(python.repr(
                        "[(n, i) for n in (0, 1, 5, 30, 100) for i in range(n + 2) if m.from(range(n), i) != range(n)[i:]]"
                                .replace("m.from", "getattr(m, 'from')")))
                .isEqualTo("[]");
    }

    @Test
    void aLoopFromTheMiddleCrossesSeldom() {
        python.exec("long_list = range(1000)\nread = getattr(m, 'from')");
        long before = python.context().counters().crossings();

        assertThat(python.repr("len(read(long_list, 500))")).isEqualTo("500");

        assertThat(python.context().counters().crossings() - before).isLessThan(12);
    }

    @Test
    void whatCHasRaisedIsKnownByItsClassAndItsBases() {
        assertThat(python.repr("m.tried(5), m.tried(-1), m.tried(2 ** 63), m.tried(-10 ** 30)"))
                .isEqualTo("(5, -1, u'9223372036854775808', u'-1000000000000000000000000000000')");
    }

    @Test
    void anExceptionThatIsSetLaterIsTheOneThatMatches() {
        assertThat(python.repr("m.later(2 ** 70)")).isEqualTo("1");
    }

    @Test
    void aListThatIsChangedIsReadAsItIs() {
        python.exec("""
                def change(item):
                    changing.insert(0, item)
                    if len(changing) > 60: del changing[7:]
                def model(xs, f):
                    seen, i = [], 0
                    while i < len(xs):
                        seen.append(xs[i])
                        if i % 3 == 1: f(seen[-1])
                        i += 1
                    return seen
                changing = range(20)
                expected = model(changing, change)
                changing = range(20)
                """);

        assertThat(python.repr("m.calling(changing, change) == expected")).isEqualTo("True");
    }
}
