package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.hpyve.scheduler.TaskTimeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** When a pool replaces an interpreter, and how it comes to a good one; with a thread for each, and with two for all. */
@ParameterizedClass
@ValueSource(ints = {0, 2})
class PoolRecycleTest {

    @RegisterExtension
    final HostFixture extensions = new HostFixture();

    @Parameter
    int workers;

    private PoolFixture fixture;

    @BeforeEach
    void open() {
        fixture = new PoolFixture(workers, Limits.NONE.withPatience(Duration.ofSeconds(1)), extensions.folder());
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        fixture.close();
    }

    private static int answer(InterpreterPool pool) {
        return pool.call(python -> (Integer) python.eval("6 * 7"));
    }

    @Test
    void afterSoManyUses() {
        InterpreterPool pool = fixture.pool().max(1).recycleAfterUses(3).build();

        for (int i = 0; i < 9; i++) {
            assertThat(answer(pool)).isEqualTo(42);
        }

        assertThat(fixture.recycled(RecycleReason.USES)).containsExactly("pool-1", "pool-1", "pool-1");
        assertThat(fixture.made()).hasSizeBetween(3, 4);
        assertThat(pool.stats().recycled()).containsEntry(RecycleReason.USES, 3L);
        assertThat(pool.stats().recycledCount()).isEqualTo(3);
    }

    @Test
    void afterATimeAlsoWhenIdle() throws Exception {
        InterpreterPool pool = fixture.pool()
                .max(1)
                .minIdle(1)
                .recycleAfterAge(Duration.ofMillis(100))
                .build();

        PoolFixture.await(
                "two are worn out", () -> fixture.recycled(RecycleReason.AGE).size() >= 2);
        assertThat(answer(pool)).isEqualTo(42);
    }

    @Test
    void whenIdleForLongAndOthersAreThere() throws Exception {
        InterpreterPool pool =
                fixture.pool().max(3).minIdle(1).idleTime(Duration.ofMillis(50)).build();
        try (PooledInterpreter one = pool.acquire();
                PooledInterpreter two = pool.acquire()) {
            assertThat(one.eval("1")).isEqualTo(two.eval("1"));
            PoolFixture.await("all are there", () -> pool.stats().size() == 3);
        }

        PoolFixture.await("one is left", () -> pool.stats().size() == 1);

        Thread.sleep(100);
        assertThat(pool.stats().idle()).isEqualTo(1);
        assertThat(fixture.recycled(RecycleReason.IDLE)).hasSize(2);
    }

    @Test
    void afterLeakedHandles() throws Exception {
        fixture.leaks = true;
        extensions.build("leaking", """
                HPyDef_METH(leak, "leak", HPyFunc_O)
                static HPy leak_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_Dup(ctx, arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPyDef *defines[] = {&leak, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(leaking, def)
                """);
        InterpreterPool pool = fixture.pool(
                        python -> python.exec("import leaking\nfor i in range(5): leaking.leak([i])"))
                .max(1)
                .recycleAfterLeakedHandles(2)
                .build();

        for (int i = 0; i < 3; i++) {
            assertThat(fixture.recycled(RecycleReason.HANDLES)).isEmpty();
            pool.call(python -> {
                python.exec("leaking.leak([])");
                return null;
            });
        }

        assertThat(fixture.recycled(RecycleReason.HANDLES)).containsExactly("pool-1");
        assertThat(answer(pool)).isEqualTo(42);
    }

    @Test
    void whenExtensionsHoldMuchNativeMemory() throws Exception {
        fixture.leaks = true;
        extensions.build("holding", """
                HPyDef_METH(hold, "hold", HPyFunc_O)
                static HPy hold_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyListBuilder_New(ctx, HPyLong_AsLong(ctx, arg));
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPyDef *defines[] = {&hold, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(holding, def)
                """);
        InterpreterPool pool = fixture.pool(python -> python.exec("import holding"))
                .max(1)
                .recycleAfterNativeBytes(4_000_000)
                .build();
        for (int size : List.of(10, 1_000_000)) {
            assertThat(fixture.recycled(RecycleReason.NATIVE_MEMORY)).isEmpty();
            pool.call(python -> python.call("holding.hold", size));
        }

        assertThat(fixture.recycled(RecycleReason.NATIVE_MEMORY)).containsExactly("pool-1");
    }

    @Test
    void afterATimeoutOnlyIfThatIsWanted() {
        for (boolean recycle : List.of(true, false)) {
            InterpreterPool pool = fixture.pool()
                    .name(recycle ? "recycling" : "keeping")
                    .max(1)
                    .recycleAfterTimeout(recycle)
                    .build();
            assertThat(answer(pool)).isEqualTo(42);

            assertThatExceptionOfType(TaskTimeout.class)
                    .isThrownBy(() -> pool.call(PoolRecycleTest::lateByItself, Duration.ofMillis(300)));

            assertThat(answer(pool)).isEqualTo(42);
            assertThat(pool.stats().taskTimeouts()).isEqualTo(1);
        }
        assertThat(fixture.recycled(RecycleReason.TIMEOUT)).containsExactly("recycling-1");
        assertThat(fixture.made()).hasSize(3);
    }

    private static Object lateByItself(Interpreter python) {
        long end = System.nanoTime() + Duration.ofMillis(450).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return null;
    }

    @Test
    void whenItsCodeCannotBeStopped() throws Exception {
        InterpreterPool pool = fixture.pool().max(1).build();
        assertThat(answer(pool)).isEqualTo(42);
        AtomicBoolean release = new AtomicBoolean();
        CompletableFuture<Object> stuck = pool.submit(
                python -> {
                    while (!release.get()) {
                        Thread.onSpinWait();
                    }
                    return null;
                },
                Duration.ofMillis(300));

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(stuck::join)
                .withCauseInstanceOf(TaskTimeout.class);
        assertThat(answer(pool)).isEqualTo(42);

        assertThat(fixture.recycled(RecycleReason.STUCK)).containsExactly("pool-1");
        assertThat(pool.stats().abandoned()).isEqualTo(1);
        assertThat(pool.stats().size()).isEqualTo(1);
        release.set(true);
    }

    @Test
    void whenItsUserSaysSo() {
        InterpreterPool pool = fixture.pool().max(1).build();
        try (PooledInterpreter lease = pool.acquire()) {
            lease.exec("import sys; sys.modules.clear()");
            lease.discard();
        }

        assertThat(answer(pool)).isEqualTo(42);
        assertThat(fixture.recycled(RecycleReason.DISCARDED)).containsExactly("pool-1");
    }

    @Test
    void whenSomebodyHasClosedIt() {
        InterpreterPool pool = fixture.pool().max(1).build();
        assertThat(answer(pool)).isEqualTo(42);

        fixture.made().get(0).close();
        assertThat(answer(pool)).isEqualTo(42);
        pool.call(python -> {
            python.close();
            return null;
        });
        assertThat(answer(pool)).isEqualTo(42);

        assertThat(fixture.recycled(RecycleReason.CLOSED)).containsExactly("pool-1", "pool-1");
    }

    @Test
    void whenItFailsItsHealthCheckAfterUse() {
        InterpreterPool pool = fixture.pool(python -> python.exec("healthy = True"))
                .max(1)
                .healthCheck("healthy")
                .build();
        assertThat(answer(pool)).isEqualTo(42);
        for (String spoil : List.of("healthy = False", "del healthy", "healthy = []")) {
            pool.call(python -> {
                python.exec(spoil);
                return null;
            });
        }

        assertThat(answer(pool)).isEqualTo(42);
        assertThat(fixture.recycled(RecycleReason.UNHEALTHY)).hasSize(3);
    }

    @Test
    void whenItFailsItsHealthCheckBeforeUseAndTheCallerGetsAnother() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        InterpreterPool pool = fixture.pool()
                .max(2)
                .minIdle(1)
                .healthCheck(python -> checks.incrementAndGet() != 2)
                .checkWhen(PoolBuilder.When.BEFORE_USE)
                .build();

        for (int i = 0; i < 5; i++) {
            assertThat(answer(pool)).isEqualTo(42);
        }

        assertThat(fixture.recycled(RecycleReason.UNHEALTHY)).hasSize(1);
        assertThat(pool.stats().acquire().count()).isEqualTo(5);
    }

    @Test
    void aHealthCheckThatNeverEndsCountsAsFailed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger checks = new AtomicInteger();
        InterpreterPool pool = fixture.pool()
                .max(1)
                .healthCheck(python -> {
                    if (checks.incrementAndGet() == 1) {
                        PoolFixture.await(release);
                    }
                    return true;
                })
                .checkTime(Duration.ZERO)
                .build();
        assertThat(answer(pool)).isEqualTo(42);

        assertThat(answer(pool)).isEqualTo(42);
        assertThat(pool.stats().recycledCount()).isEqualTo(1);
        release.countDown();
    }

    @Test
    void theWarmUpRunsOnceInEach() throws Exception {
        InterpreterPool pool = fixture.pool(python -> python.exec("runs = globals().get('runs', 0) + 1"))
                .max(2)
                .minIdle(2)
                .build();
        PoolFixture.await("both are ready", () -> pool.stats().idle() == 2);

        try (PooledInterpreter one = pool.acquire();
                PooledInterpreter two = pool.acquire()) {
            assertThat(List.of(one.get("runs"), two.get("runs"))).containsExactly(1, 1);
        }
    }

    @Test
    void theWarmUpMayBeAFile() throws Exception {
        var script = extensions.write("warm.py", "import helper\nready = helper.value\n");
        extensions.write("helper.py", "value = 'from beside'\n");
        InterpreterPool pool = fixture.host().pool().warmUp(script).max(1).build();

        assertThat(pool.<Object>call(python -> python.get("ready"))).isEqualTo("from beside");
    }

    @Test
    void aWarmUpThatFailsIsTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        InterpreterPool pool = fixture.pool(python -> {
                    if (tries.incrementAndGet() < 3) {
                        python.exec("raise ValueError('not yet')");
                    }
                })
                .max(1)
                .build();

        assertThat(answer(pool)).isEqualTo(42);

        assertThat(tries.get()).isEqualTo(3);
        assertThat(fixture.failures())
                .hasSize(2)
                .allSatisfy(failure ->
                        assertThat(failure).isInstanceOf(PythonException.class).hasMessage("ValueError: not yet"));
        assertThat(pool.stats().failedCreations()).isEqualTo(2);
    }

    @Test
    void aWarmUpThatAlwaysFailsIsNotTriedAllTheTimeAndCallersLearnWhy() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        InterpreterPool pool = fixture.pool(python -> {
                    tries.incrementAndGet();
                    python.exec("import no_such_module");
                })
                .max(4)
                .minIdle(1)
                .acquireTimeout(Duration.ofMillis(500))
                .build();
        PoolFixture.await("it has failed", () -> pool.stats().failedCreations() > 0);

        assertThatExceptionOfType(PoolTimeout.class)
                .isThrownBy(pool::acquire)
                .withCauseInstanceOf(PythonException.class)
                .havingCause()
                .withMessage("ImportError: No module named no_such_module");
        assertThat(tries.get()).isBetween(1, 10);
    }

    @Test
    void namesAreUsedAgain() {
        InterpreterPool pool = fixture.pool().max(2).recycleAfterUses(1).build();
        for (int i = 0; i < 10; i++) {
            assertThat(answer(pool)).isEqualTo(42);
        }

        assertThat(fixture.made()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(fixture.made()).extracting(Interpreter::name).isSubsetOf("pool-1", "pool-2");
    }
}
