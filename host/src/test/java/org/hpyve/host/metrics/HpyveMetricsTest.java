package org.hpyve.host.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hpyve.host.ExtensionStats;
import org.hpyve.host.HostFixture;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The meters of interpreters: they are there, right, and gone in time. */
class HpyveMetricsTest {

    /** Adds two numbers, fails, or keeps an object in a global. */
    private static final String WORK = """
            HPyDef_METH(add, "add", HPyFunc_VARARGS)
            static HPy add_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                return HPyLong_FromLong(ctx, HPyLong_AsLong(ctx, args[0]) + HPyLong_AsLong(ctx, args[1]));
            }
            HPyDef_METH(fail, "fail", HPyFunc_NOARGS)
            static HPy fail_impl(HPyContext *ctx, HPy self)
            {
                HPyErr_SetString(ctx, ctx->h_ValueError, "expected");
                return HPy_NULL;
            }
            static HPyGlobal kept;
            HPyDef_METH(keep, "keep", HPyFunc_O)
            static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPyGlobal_Store(ctx, &kept, arg);
                return HPy_Dup(ctx, ctx->h_None);
            }
            static HPyDef *defines[] = {&add, &fail, &keep, NULL};
            static HPyGlobal *globals[] = {&kept, NULL};
            static HPyModuleDef def = {.defines = defines, .globals = globals};
            HPy_MODINIT(work, def)
            """;

    private static final List<String> OF_INTERPRETERS = List.of(
            "hpy.handles.open",
            "hpy.handles.peak",
            "hpy.handles.limit",
            "hpy.handles.opened",
            "hpy.handles.closed",
            "hpy.crossings",
            "hpy.calls",
            "hpy.native.memory",
            "hpy.fields",
            "hpy.globals",
            "interpreter.tasks",
            "interpreter.cpu",
            "interpreter.mailbox.size");

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private InterpreterHost host;
    private HpyveMetrics metrics;

    @BeforeEach
    void bind() throws Exception {
        fixture.build("work", WORK);
        fixture.build("leaking", HostFixture.leakingModule("leaking"));
        host = InterpreterHost.builder()
                .searchPath(fixture.folder())
                .limits(Limits.NONE.withOpenHandles(1000))
                .build();
        metrics = new HpyveMetrics(host, "test");
        metrics.bindTo(registry);
    }

    @AfterEach
    void nothingIsLeft() {
        host.close();
        assertThat(names()).isSubsetOf("hpy.handles.leaked", "interpreter.open");
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    private List<String> names() {
        return registry.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .distinct()
                .toList();
    }

    private RequiredSearch meter(String name, int slot, String... more) {
        return registry.get(name)
                .tag("host", "test")
                .tag("interpreter", Integer.toString(slot))
                .tags(more);
    }

    private double gauge(String name, int slot) {
        return meter(name, slot).gauge().value();
    }

    private double counter(String name, int slot, String... more) {
        return meter(name, slot, more).functionCounter().count();
    }

    @Test
    void allMetersAreThereAndRightAfterKnownWork() {
        Interpreter python = host.newInterpreter();
        python.exec("import work\nfor i in range(10): work.add(i, 2)\nwork.keep([])");
        assertThatThrownBy(() -> python.exec("work.fail()")).hasMessageContaining("expected");
        ExtensionStats stats = python.extensionStats();

        assertThat(names()).containsAll(OF_INTERPRETERS).contains("hpy.handles.leaked", "interpreter.open");
        assertThat(gauge("hpy.handles.open", 0)).isZero();
        assertThat(gauge("hpy.handles.peak", 0)).isEqualTo(stats.handlesPeak()).isPositive();
        assertThat(gauge("hpy.handles.limit", 0)).isEqualTo(1000);
        assertThat(counter("hpy.handles.opened", 0))
                .isEqualTo(stats.handlesOpened())
                .isPositive();
        assertThat(counter("hpy.handles.closed", 0)).isEqualTo(stats.handlesClosed());
        assertThat(counter("hpy.handles.leaked", 0)).isZero();
        assertThat(counter("hpy.calls", 0, "module", "work", "outcome", "returned"))
                .isEqualTo(11);
        assertThat(counter("hpy.calls", 0, "module", "work", "outcome", "raised"))
                .isOne();
        assertThat(counter("hpy.crossings", 0, "class", "native")).isEqualTo(stats.nativeAnswered());
        assertThat(stats.nativeAnswered()).isPositive();
        assertThat(counter("hpy.crossings", 0, "class", "upcall"))
                .isEqualTo(stats.upcalls())
                .isPositive();
        assertThat(counter("hpy.crossings", 0, "class", "deferred")).isEqualTo(stats.deferred());
        assertThat(counter("hpy.crossings", 0, "class", "bulk")).isEqualTo(stats.bulk());
        assertThat(gauge("hpy.native.memory", 0)).isEqualTo(stats.nativeBytes()).isPositive();
        assertThat(gauge("hpy.fields", 0)).isZero();
        assertThat(gauge("hpy.globals", 0)).isOne();
        FunctionTimer returned =
                meter("interpreter.tasks", 0, "outcome", "returned").functionTimer();
        assertThat(returned.count()).isOne();
        assertThat(returned.totalTime(TimeUnit.NANOSECONDS))
                .isCloseTo(python.taskStats().returned().nanos(), within(1.0));
        assertThat(meter("interpreter.tasks", 0, "outcome", "threw")
                        .functionTimer()
                        .count())
                .isOne();
        assertThat(meter("interpreter.tasks", 0, "outcome", "stopped")
                        .functionTimer()
                        .count())
                .isZero();
        assertThat(counter("interpreter.cpu", 0)).isBetween(1e-6, 100.0);
        assertThat(gauge("interpreter.mailbox.size", 0)).isZero();
        assertThat(registry.get("interpreter.open").gauge().value()).isOne();
    }

    @Test
    void unitsAreThoseOfTheNamingConventions() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.bindTo(prometheus);
        Interpreter python = host.newInterpreter();
        python.exec("import work");

        assertThat(registry.getMeters())
                .filteredOn(meter -> meter instanceof Gauge || meter instanceof FunctionCounter)
                .allSatisfy(meter -> assertThat(meter.getId().getBaseUnit())
                        .isEqualTo(
                                switch (meter.getId().getName()) {
                                    case "hpy.native.memory" -> "bytes";
                                    case "interpreter.cpu" -> "seconds";
                                    default -> null;
                                }));
        assertThat(registry.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
        String own = "{host=\"test\",interpreter=\"0\"}";
        assertThat(prometheus.scrape().lines())
                .contains("hpy_handles_open" + own + " 0.0", "hpy_handles_leaked_total" + own + " 0.0")
                .contains("hpy_calls_total{host=\"test\",interpreter=\"0\",module=\"work\",outcome=\"raised\"} 0.0")
                .contains("interpreter_tasks_seconds_count{host=\"test\",interpreter=\"0\",outcome=\"threw\"} 0")
                .contains("interpreter_open{host=\"test\"} 1.0")
                .anyMatch(line -> line.startsWith("hpy_handles_opened_total" + own))
                .anyMatch(line -> line.startsWith("hpy_handles_closed_total" + own))
                .anyMatch(line -> line.startsWith("hpy_handles_peak" + own))
                .anyMatch(line -> line.startsWith("hpy_handles_limit" + own))
                .anyMatch(line -> line.startsWith("hpy_native_memory_bytes" + own))
                .anyMatch(line -> line.startsWith("hpy_crossings_total{class=\"native\",host=\"test\""))
                .anyMatch(line -> line.startsWith("interpreter_tasks_seconds_sum{"))
                .anyMatch(line -> line.startsWith("interpreter_cpu_seconds_total" + own))
                .anyMatch(line -> line.startsWith("interpreter_mailbox_size" + own));

        python.close();
        assertThat(prometheus.scrape()).doesNotContain("hpy_handles_open", "interpreter_cpu", "hpy_calls");
        assertThat(prometheus.scrape()).contains("hpy_handles_leaked_total" + own);
    }

    @Test
    void metersOfAClosedInterpreterAreGoneAndItsSlotIsUsedAgain() {
        Interpreter first = host.newInterpreter();
        Interpreter second = host.newInterpreter();
        first.exec("import work\nwork.add(1, 2)");
        first.close();
        assertThat(registry.find("hpy.calls").meters()).isEmpty();
        assertThat(registry.find("hpy.handles.open").meters()).hasSize(1);
        assertThat(gauge("hpy.handles.open", 1)).isZero();

        Interpreter third = host.newInterpreter();
        third.exec("import work\nwork.add(1, 2)\nwork.add(1, 2)");
        assertThat(third.slot()).isZero();
        assertThat(counter("hpy.calls", 0, "module", "work", "outcome", "returned"))
                .isEqualTo(2);
        assertThat(counter("hpy.handles.opened", 0))
                .isEqualTo(third.extensionStats().handlesOpened());
        second.close();
    }

    @Test
    void interpretersThatAreOpenAlreadyAreBoundWithTheirModules() {
        Interpreter python = host.newInterpreter();
        python.exec("import work\nwork.add(1, 2)");
        SimpleMeterRegistry late = new SimpleMeterRegistry();
        metrics.bindTo(late);
        assertThat(late.get("hpy.calls")
                        .tag("outcome", "returned")
                        .functionCounter()
                        .count())
                .isOne();
        metrics.close();
        assertThat(late.getMeters()).isEmpty();
    }

    @Test
    void leaksOfAllInterpretersAddUpAfterTheirEnd() {
        List<Interpreter> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Interpreter python = host.newInterpreter();
            python.exec("import leaking\nfor i in range(%d): leaking.leak([])".formatted(i));
            assertThat(gauge("hpy.handles.open", i)).isEqualTo(i);
            all.add(python);
        }
        all.parallelStream().forEach(Interpreter::close);
        Interpreter again = host.newInterpreter();
        again.exec("import leaking\nleaking.leak({})");
        again.close();
        assertThat(registry.get("hpy.handles.leaked").functionCounters().stream()
                        .mapToDouble(FunctionCounter::count)
                        .sum())
                .isEqualTo(0 + 1 + 2 + 3 + 4 + 1);
        assertThat(registry.get("hpy.handles.leaked").functionCounters()).hasSize(5);
    }

    @Test
    void whatWasOpenedAndIsNotClosedIsOpenAtAnyQuietMoment() {
        for (int i = 0; i < 4; i++) {
            Interpreter python = host.newInterpreter();
            python.exec("import work, leaking\nfor i in range(100): work.add(i, i); work.keep([])");
            python.exec("for i in range(%d): leaking.leak([])".formatted(i));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(counter("hpy.handles.opened", i) - counter("hpy.handles.closed", i))
                    .isEqualTo(gauge("hpy.handles.open", i))
                    .isEqualTo(i);
        }
    }

    @Test
    void interpretersComeAndGoWhileOthersAreRead() throws Exception {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.bindTo(prometheus);
        PrometheusScrape scrape = new PrometheusScrape(prometheus);
        AtomicBoolean over = new AtomicBoolean();
        // Not in the common pool, where it would be in the way of the others.
        CompletableFuture<Void> scrapes = CompletableFuture.runAsync(
                () -> {
                    while (!over.get()) {
                        assertThat(scrape.apply("text/plain")).contains("interpreter_open");
                        registry.getMeters().forEach(Meter::measure);
                    }
                },
                work -> new Thread(work, "scraper").start());
        List<CompletableFuture<Void>> lives = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            lives.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 10; n++) {
                    try (Interpreter python = host.newInterpreter()) {
                        python.exec("import work\nwork.add(1, 2)");
                        assertThat(counter("hpy.calls", python.slot(), "module", "work", "outcome", "returned"))
                                .isOne();
                    }
                }
            }));
        }
        try {
            CompletableFuture.allOf(lives.toArray(CompletableFuture[]::new)).get(2, TimeUnit.MINUTES);
        } finally {
            over.set(true);
        }
        scrapes.get(1, TimeUnit.MINUTES);
        assertThat(registry.find("hpy.handles.open").meters()).isEmpty();
        assertThat(prometheus.scrape()).doesNotContain("hpy_handles_open");
    }

    @Test
    void aNameIsBoundOncePerRegistry() {
        try (HpyveMetrics same = new HpyveMetrics(host, "test");
                HpyveMetrics other = new HpyveMetrics(host, "other")) {
            assertThatThrownBy(() -> same.bindTo(registry))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'test'");
            other.bindTo(registry);
            assertThat(registry.get("interpreter.open").gauges()).hasSize(2);
        }
        assertThat(registry.get("interpreter.open").gauges()).hasSize(1);
    }
}
