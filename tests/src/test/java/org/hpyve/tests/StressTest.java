package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.hpyve.host.Interpreter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many interpreters at once on one extension. The system property {@code hpyve.stress.seconds} lengthens it; the build
 * checks afterwards that the JVM warned of no wrong use of JNI.
 */
@Tag("stress")
class StressTest {

    private static final int INTERPRETERS = 8;

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    private void buildExtension() throws Exception {
        hosts.buildFunctions(
                "stress",
                "calls:NOARGS none:NOARGS same:O pack:VARARGS named:KEYWORDS make:O text:O fail:O call:VARARGS keep:O",
                """
                static long counter;
                static HPyGlobal kept;

                static HPy calls_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, counter); }
                static HPy none_impl(HPyContext *ctx, HPy self)
                {
                    counter++;
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy same_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    counter++;
                    return HPy_Dup(ctx, arg);
                }
                static HPy pack_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    counter++;
                    return HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs);
                }
                static HPy named_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    static const char *keywords[] = {"first", "second", NULL};
                    HPy first, second = ctx->h_None;
                    HPyTracker tracker;
                    counter++;
                    if (!HPyArg_ParseKeywords(ctx, &tracker, args, nargs, kwnames, "O|O", keywords, &first, &second))
                        return HPy_NULL;
                    HPy pair = HPyTuple_Pack(ctx, 2, second, first);
                    HPyTracker_Close(ctx, tracker);
                    return pair;
                }
                /* [{u"key": 0, 0: 0.5}, ...] */
                static HPy make_impl(HPyContext *ctx, HPy self, HPy size)
                {
                    counter++;
                    long n = HPyLong_AsLong(ctx, size);
                    HPyListBuilder list = HPyListBuilder_New(ctx, n);
                    for (long i = 0; i < n; i++) {
                        HPy dict = HPyDict_New(ctx);
                        HPy number = HPyLong_FromLong(ctx, i);
                        HPy half = HPyFloat_FromDouble(ctx, (double)i + 0.5);
                        HPy_SetItem_s(ctx, dict, "key", number);
                        HPy_SetItem(ctx, dict, number, half);
                        HPyListBuilder_Set(ctx, list, i, dict);
                        HPy_Close(ctx, half);
                        HPy_Close(ctx, number);
                        HPy_Close(ctx, dict);
                    }
                    return HPyListBuilder_Build(ctx, list);
                }
                static HPy text_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    counter++;
                    HPy_ssize_t size;
                    const char *utf8 = HPyUnicode_AsUTF8AndSize(ctx, arg, &size);
                    return utf8 ? HPyUnicode_FromFormat(ctx, "%zd:%s", size, utf8) : HPy_NULL;
                }
                static HPy fail_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    counter++;
                    return HPyErr_SetObject(ctx, ctx->h_ValueError, arg);
                }
                static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    counter++;
                    HPy result = HPy_Call(ctx, args[0], args + 1, nargs - 1, HPy_NULL);
                    if (HPy_IsNull(result) && HPyErr_ExceptionMatches(ctx, ctx->h_KeyError)) {
                        HPyErr_Clear(ctx);
                        return HPyUnicode_FromString(ctx, "cleared");
                    }
                    return result;
                }
                static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    counter++;
                    HPyGlobal_Store(ctx, &kept, arg);
                    return HPyGlobal_Load(ctx, kept);
                }
                """,
                "kept");
        Files.writeString(hosts.folder().resolve("hammer.py"), """
                import stress

                def nested(depth):
                    return depth if depth == 0 else stress.call(nested, depth - 1) + 1

                def lookup(key):
                    return {}[key]

                def batch(seed):
                    '''The number of calls of the extension that were made.'''
                    calls = 0
                    for i in xrange(seed, seed + 50):
                        value = [i]
                        assert stress.none() is None
                        assert stress.same(value) is value
                        assert stress.same(i) == i and stress.same(i + 0.5) == i + 0.5
                        assert stress.pack() == () and stress.pack(value, i, 'x', None) == (value, i, 'x', None)
                        assert stress.named(value) == (None, value)
                        assert stress.named(1, second=value) == (value, 1)
                        made = stress.make(5)
                        assert made == [{u'key': n, n: n + 0.5} for n in range(5)], made
                        assert stress.text(u'\\u20ac%d' % i) == u'%d:\\u20ac%d' % (3 + len(str(i)), i)
                        assert stress.keep(value) is value
                        calls += 11
                        try:
                            stress.fail(i)
                        except ValueError as e:
                            assert e.args == (i,)
                        else:
                            assert False
                        try:
                            stress.call(stress.fail, i)
                        except ValueError as e:
                            assert e.args == (i,)
                        else:
                            assert False
                        assert stress.call(lookup, i) == u'cleared'
                        assert nested(5) == 5
                        try:
                            stress.named()
                        except TypeError:
                            pass
                        else:
                            assert False
                        calls += 1 + 2 + 1 + 5 + 1
                    return calls
                """);
    }

    @Test
    void interpretersSideBySideLoseNothingAndLeaveNothing() throws Exception {
        buildExtension();
        long nanos = TimeUnit.SECONDS.toNanos(Long.getLong("hpyve.stress.seconds", 10));
        CyclicBarrier begin = new CyclicBarrier(INTERPRETERS);
        List<Interpreter> all = hosts.newInterpreters(INTERPRETERS);
        List<CompletableFuture<Long>> work = new ArrayList<>();
        for (Interpreter interpreter : all) {
            interpreter.exec("import hammer, stress");
            work.add(interpreter.submit(python -> hammer(python, begin, nanos)));
        }

        for (int i = 0; i < INTERPRETERS; i++) {
            long calls = work.get(i).join();
            assertThat(calls).isPositive();
            assertThat(((Number) all.get(i).eval("stress.calls()")).longValue()).isEqualTo(calls);
        }
    }

    private static long hammer(Interpreter python, CyclicBarrier begin, long nanos) {
        try {
            begin.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        long end = System.nanoTime() + nanos;
        long calls = 0;
        int seed = 0;
        do {
            calls += ((Number) python.call("hammer.batch", seed)).longValue();
            seed += 50;
            assertThat(python.stats().handlesOpen()).isZero();
        } while (System.nanoTime() < end);
        return calls;
    }
}
