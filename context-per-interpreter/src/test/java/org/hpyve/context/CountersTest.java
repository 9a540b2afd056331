package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hpyve.bridge.BridgeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a context counts: how members are answered, how calls end, what is held. */
class CountersTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private Counters counters() {
        return python.context().counters();
    }

    private ModuleCalls calls() {
        return python.context().openers().calls().get(1);
    }

    private boolean batched() {
        return BridgeMode.byDefault().batched();
    }

    @Test
    void membersThatCAnswersFromTheTableAreCounted() {
        python.loadFunctions("f:O", """
                static HPy f_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy other = HPy_Dup(ctx, arg);
                    long n = HPyList_Check(ctx, other) + HPy_Is(ctx, arg, other);
                    HPy_Close(ctx, other);
                    return HPyLong_FromLong(ctx, n);
                }
                """);
        python.exec("m.f([])");
        Counters before = counters();
        python.exec("m.f([])");
        Counters after = counters();
        assertThat(after.answered() - before.answered()).isEqualTo(4);
        assertThat(after.crossings()).isEqualTo(before.crossings());
        assertThat(after.deferred()).isEqualTo(before.deferred());
    }

    @Test
    void operationsThatAreRecordedAreCounted() {
        python.loadFunctions("f:NOARGS", """
                static HPy f_impl(HPyContext *ctx, HPy self)
                {
                    HPy list = HPyList_New(ctx, 0);
                    for (int i = 0; i < 10; i++) {
                        HPy item = HPyLong_FromLong(ctx, i);
                        HPyList_Append(ctx, list, item);
                    }
                    return list;
                }
                """);
        Counters before = counters();
        python.exec("m.f()");
        Counters after = counters();
        assertThat(after.deferred() - before.deferred()).isEqualTo(batched() ? 11 : 0);
        assertThat(after.answered()).as("values need no table").isEqualTo(before.answered());
        assertThat(after.crossings() - before.crossings()).isEqualTo(batched() ? 0 : 11);
    }

    @Test
    void blocksOfItemsAreCountedAsBulk() {
        python.loadFunctions("f:O", """
                static HPy f_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t n = HPy_Length(ctx, arg);
                    for (HPy_ssize_t i = 0; i < n; i++)
                        HPy_Close(ctx, HPy_GetItem_i(ctx, arg, i));
                    return HPy_Dup(ctx, ctx->h_None);
                }
                """);
        Counters before = counters();
        python.exec("m.f([[] for i in range(1000)])");
        Counters after = counters();
        long bulk = after.bulk() - before.bulk();
        if (batched()) {
            assertThat(bulk).isBetween(2L, 20L);
            assertThat(after.crossings() - before.crossings()).isEqualTo(bulk);
            // Nearly all come from a block.
            assertThat(after.answered() - before.answered()).isBetween(1900L, 2010L);
        } else {
            assertThat(bulk).isZero();
            assertThat(after.crossings() - before.crossings()).isEqualTo(1001);
        }
    }

    @Test
    void upcallsNeverGoBackwardsForWhoReadsThemMeanwhile() throws Exception {
        python.loadFunctions("f:O", """
                static HPy f_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t n = HPy_Length(ctx, arg);
                    for (HPy_ssize_t i = 0; i < n; i++)
                        HPy_Close(ctx, HPy_GetItem_i(ctx, arg, i));
                    return HPy_Dup(ctx, ctx->h_None);
                }
                """);
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Long> backwards = CompletableFuture.supplyAsync(() -> {
            long before = 0;
            long times = 0;
            while (!ended.get()) {
                Counters now = counters();
                long upcalls = now.crossings() - now.bulk();
                times += upcalls < before ? 1 : 0;
                before = upcalls;
            }
            return times;
        });
        python.exec("lists = [[[]] * 4 for i in range(20000)]");
        python.exec("for each in lists: m.f(each)");
        ended.set(true);
        assertThat(backwards.get()).isZero();
    }

    @Test
    void callsAreCountedByModuleAndOutcome() {
        List<String> added = new ArrayList<>();
        python.context().openers().whenAdded(added::add);
        python.loadFunctions("ok:NOARGS bad:O odd:O", """
                static HPy ok_impl(HPyContext *ctx, HPy self)
                {
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy bad_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyErr_SetString(ctx, ctx->h_ValueError, "bad");
                    return HPy_NULL;
                }
                static HPy odd_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_Close(ctx, arg);
                    return HPyLong_FromLong(ctx, 1);
                }
                """);
        assertThat(added).containsExactly("m");
        assertThat(python.context().openers().calls())
                .extracting(ModuleCalls::module)
                .containsExactly("", "m");
        python.exec("for i in range(5): m.ok()");
        assertThat(calls().returned()).isEqualTo(5);
        assertThat(calls().raised()).isZero();
        assertThat(python.raised("m.bad([])")).startsWith("ValueError");
        assertThat(python.raised("m.odd([])")).startsWith("SystemError");
        assertThat(calls().returned()).isEqualTo(5);
        assertThat(calls().raised()).isEqualTo(2);
        assertThat(python.raised("m.ok(1)")).startsWith("TypeError");
        assertThat(calls().raised()).as("a call that was not made").isEqualTo(2);
    }

    private static final String PAIR = """
            typedef struct { HPyField a; HPyField b; } Pair;
            HPyType_HELPERS(Pair)
            HPyDef_MEMBER(pair_a, "a", HPyMember_OBJECT, offsetof(Pair, a))
            HPyDef_MEMBER(pair_b, "b", HPyMember_OBJECT, offsetof(Pair, b))
            SPEC(Pair, 0, &pair_a, &pair_b, NULL)
            """;

    @Test
    void fieldsAreCountedUntilTheirObjectsAreFoundDead() {
        python.loadTypes("Pair", "ok:NOARGS", PAIR + """
                static HPy ok_impl(HPyContext *ctx, HPy self)
                {
                    return HPy_Dup(ctx, ctx->h_None);
                }
                """);
        python.exec("p = Pair(); p.a = 1; p.b = []; p.a = 2; q = Pair(); q.a = p");
        assertThat(counters().fields()).isEqualTo(3);
        python.exec("del p.b");
        assertThat(counters().fields()).isEqualTo(2);
        python.exec("p = q = None");
        long start = System.nanoTime();
        while (counters().fields() > 0 && System.nanoTime() - start < 20_000_000_000L) {
            System.gc();
            python.exec("m.ok()");
        }
        assertThat(counters().fields()).isZero();
    }

    @Test
    void globalsAreCountedWhileTheyHoldSomething() {
        python.load("""
                static HPyGlobal kept;
                HPyDef_METH(keep, "keep", HPyFunc_O)
                static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyGlobal_Store(ctx, &kept, HPy_Is(ctx, arg, ctx->h_None) ? HPy_NULL : arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPyDef *defines[] = {&keep, NULL};
                static HPyGlobal *globals[] = {&kept, NULL};
                static HPyModuleDef def = {.defines = defines, .globals = globals};
                HPy_MODINIT(m, def)
                """);
        assertThat(counters().globals()).isZero();
        python.exec("m.keep([]); m.keep({})");
        assertThat(counters().globals()).isEqualTo(1);
        python.exec("m.keep(None); m.keep(None)");
        assertThat(counters().globals()).isZero();
    }
}
