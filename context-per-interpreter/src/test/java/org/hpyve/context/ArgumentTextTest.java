package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes of texts that go along with a call: what C reads is the argument's text, in this call and in the next. */
class ArgumentTextTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions("text:O bytes:O both:VARARGS seldom:VARARGS keep:O kept:NOARGS none:O", """
                #include <stdint.h>
                static HPy held;
                static const char *seen;
                static HPy text_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t size;
                    const char *utf8 = HPyUnicode_AsUTF8AndSize(ctx, arg, &size);
                    if (!utf8)
                        return HPy_NULL;
                    return utf8[size] ? HPy_Dup(ctx, ctx->h_None) : HPyBytes_FromStringAndSize(ctx, utf8, size);
                }
                static HPy bytes_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *bytes = HPyBytes_AsString(ctx, arg);
                    return bytes ? HPyBytes_FromStringAndSize(ctx, bytes, HPyBytes_Size(ctx, arg)) : HPy_NULL;
                }
                static HPy both_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy first = text_impl(ctx, self, args[0]);
                    HPy second = text_impl(ctx, self, args[1]);
                    HPy result = HPy_IsNull(first) || HPy_IsNull(second) ? HPy_NULL : HPyTuple_Pack(ctx, 2, first, second);
                    HPy_Close(ctx, first);
                    HPy_Close(ctx, second);
                    return result;
                }
                static HPy seldom_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_IsTrue(ctx, args[1]) ? text_impl(ctx, self, args[0]) : HPy_Dup(ctx, args[0]);
                }
                static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    seen = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    held = HPy_Dup(ctx, arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy kept_impl(HPyContext *ctx, HPy self)
                {
                    const char *again = HPyUnicode_AsUTF8AndSize(ctx, held, NULL);
                    HPy result = HPy_BuildValue(ctx, "(is)", again == seen, seen);
                    HPy_Close(ctx, held);
                    held = HPy_NULL;
                    return result;
                }
                static HPy none_impl(HPyContext *ctx, HPy self, HPy arg) { return HPyLong_FromLong(ctx, 1); }
                """);
    }

    private long crossings() {
        return python.context().counters().crossings();
    }

    @Test
    void itIsTheTextOfEachCall() {
        python.exec(
                "texts = [u'', u'a', u'\\xe9t\\xe9', u'\\u20ac', u'\\U0001f41d', u'a\\0b', u'x' * 70000, u'y' * 100]\n"
                        + "wrong = [t for i in range(50) for t in texts if m.text(t) != t.encode('utf-8')]\n"
                        + "pairs = [(s, t) for s in texts for t in texts\n"
                        + "         if m.both(s, t) != (s.encode('utf-8'), t.encode('utf-8'))]");
        assertThat(python.repr("wrong, pairs")).isEqualTo("([], [])");
    }

    @Test
    void aStrIsBytesForOneReaderAndTextForTheOther() {
        python.exec("data = ['', 'a', '\\xff\\0\\x80', 'z' * 300]\n"
                + "wrong = [d for i in range(50) for d in data if m.bytes(d) != d]");
        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.repr("[m.text(x) for x in (u'a', u'b', 'seven bits', u'c')]"))
                .isEqualTo("['a', 'b', 'seven bits', 'c']");
        assertThat(python.raised("[m.text(x) for x in (u'a', u'b', '\\xff')]")).contains("expected unicode, str found");
        assertThat(python.raised("[m.bytes(x) for x in ('a', 'b', u'c')]")).contains("expected bytes, unicode found");
        assertThat(python.raised("[m.text(x) for x in (u'a', u'b', 3)]")).contains("TypeError");
        assertThat(python.repr("m.text(u'after')")).isEqualTo("'after'");
    }

    @Test
    void aFunctionThatReadsItsTextsSeldomCrosses() {
        python.exec("def calls(n):\n    for i in xrange(n):\n        m.text(u'text %d' % i)");
        long before = crossings();
        python.exec("calls(1000)");
        assertThat(crossings() - before).isBetween(2L, 40L);
    }

    @Test
    void aFunctionThatStopsReadingIsNotBroughtTexts() {
        python.exec("m.seldom(u'text', 1)\nfor i in xrange(200): m.seldom(u'text', 0)");
        long before = crossings();
        assertThat(python.repr("m.seldom(u'asked', 1), m.seldom(u'brought', 1)"))
                .isEqualTo("('asked', 'brought')");
        assertThat(crossings() - before).isEqualTo(1);
    }

    @Test
    void theBytesLiveAsLongAsAHandleThatIsKept() {
        python.exec(
                "m.keep(u'first')\nm.kept()\nm.keep(u'kept text')\nothers = [m.text(u'other %d' % i) for i in range(300)]");
        assertThat(python.repr("m.kept(), others[299]")).isEqualTo("((1, u'kept text'), 'other 299')");
    }

    @Test
    void noByteStaysWhenTheCallHasEnded() {
        python.exec("for i in xrange(10): m.both(u'a' * 500, u'b' * 500)");
        long bytes = python.context().counters().nativeBytes();
        python.exec("for i in xrange(1000): m.both(u'a' * 500, u'b' * i)");
        assertThat(python.context().counters().nativeBytes()).isEqualTo(bytes);
        assertThat(python.raised("m.both(u'a' * 500, None)")).contains("TypeError");
        assertThat(python.context().counters().nativeBytes()).isEqualTo(bytes);
    }
}
