package org.hpyve.tests.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.Limits;
import org.hpyve.host.dashboard.Dashboard;
import org.hpyve.host.metrics.HpyveMetrics;
import org.hpyve.host.metrics.PrometheusScrape;
import org.hpyve.tests.HostExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a host tells Prometheus: the names that dashboard and rules ask for, and values by way of a real one. */
class PrometheusTest {

    private static final String LEAKING = """
            HPyDef_METH(leak, "leak", HPyFunc_O)
            static HPy leak_impl(HPyContext *ctx, HPy self, HPy count)
            {
                for (long left = HPyLong_AsLong(ctx, count); left > 0; left--)
                    HPyList_New(ctx, 0);
                return HPy_Dup(ctx, ctx->h_None);
            }
            static HPyDef *defines[] = {&leak, NULL};
            static HPyModuleDef def = {.defines = defines};
            HPy_MODINIT(leaking, def)
            """;

    @RegisterExtension
    final HostExtension fixture = new HostExtension();

    /** Not the fixture's, of which nobody may leak. */
    private InterpreterHost host;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private HpyveMetrics metrics;

    @BeforeEach
    void open() throws Exception {
        fixture.build("leaking", LEAKING);
        host = InterpreterHost.builder()
                .searchPath(fixture.folder())
                .limits(Limits.NONE.withOpenHandles(1000))
                .build();
        metrics = new HpyveMetrics(host);
        metrics.bindTo(registry);
    }

    @AfterEach
    void close() {
        metrics.close();
        registry.close();
        host.close();
    }

    private Interpreter leaky(int handles) {
        Interpreter python = host.newInterpreter();
        python.exec("import leaking\nleaking.leak(" + handles + ")");
        return python;
    }

    @Test
    void allThatDashboardAndRulesAskForIsThere() throws Exception {
        try (InterpreterPool pool = host.pool().name("some").max(1).build()) {
            metrics.pool(pool);
            pool.acquire().close();
            leaky(1);

            String scraped = registry.scrape();

            assertThat(found(scraped, "(?m)^([a-z_]+)[{ ]")).containsAll(MonitoringFilesTest.metrics());
            assertThat(found(scraped, "([a-z]+)=\"")).containsAll(MonitoringFilesTest.labels());
        }
    }

    private static Set<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void aRealPrometheusKnowsWhatIsOpenAndWhatWasLeaked(@TempDir Path folder) throws Exception {
        Tool tool = Tool.required("prometheus");
        Interpreter clean = leaky(0);
        Interpreter full = leaky(900);
        Interpreter leaky = leaky(7);
        try (Dashboard dashboard = Dashboard.builder(host)
                        .metrics(new PrometheusScrape(registry))
                        .build();
                Prometheus prometheus = new Prometheus(tool, folder, dashboard.url(), MonitoringFilesTest.ALERTS)) {
            Map<String, Double> open = Map.of(slot(clean), 0.0, slot(full), 900.0, slot(leaky), 7.0);
            prometheus.await("hpy_handles_open", "interpreter", open::equals);
            assertThat(prometheus.query("hpy_handles_opened_total - hpy_handles_closed_total", "interpreter"))
                    .isEqualTo(open);
            assertThat(prometheus.query("hpy_calls_total{module='leaking', outcome='returned'}", "interpreter"))
                    .isEqualTo(Map.of(slot(clean), 1.0, slot(full), 1.0, slot(leaky), 1.0));
            assertThat(prometheus.query("hpy_handles_open / (hpy_handles_limit > 0) > 0.8", "interpreter"))
                    .containsOnlyKeys(slot(full));

            clean.close();
            leaky.close();

            prometheus.await("hpy_handles_open", "interpreter", Map.of(slot(full), 900.0)::equals);
            prometheus.await(
                    "hpy_handles_leaked_total",
                    "interpreter",
                    Map.of(slot(clean), 0.0, slot(full), 0.0, slot(leaky), 7.0)::equals);
            prometheus.await(
                    "ALERTS{alertname='HpyHandlesLeakedAtClose', alertstate='firing'}",
                    "interpreter",
                    Map.of(slot(leaky), 1.0)::equals);
            prometheus.await(
                    "ALERTS{alertname='HpyHandlesNearLimit', alertstate='pending'}",
                    "interpreter",
                    Map.of(slot(full), 1.0)::equals);
        }
    }

    private static String slot(Interpreter interpreter) {
        return Integer.toString(interpreter.slot());
    }
}
