package org.hpyve.tests.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard for Grafana and the alert rules for Prometheus in {@code docs/monitoring}. */
class MonitoringFilesTest {

    static final Path FOLDER = Path.of("../docs/monitoring");
    static final Path ALERTS = FOLDER.resolve("alerts.yml");

    private final JsonNode dashboard;

    MonitoringFilesTest() throws IOException {
        dashboard = new ObjectMapper()
                .readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
    }

    @Test
    void prometheusTakesTheRules() throws Exception {
        Tool.required("promtool").succeeds("check", "rules", ALERTS.toString());
    }

    @Test
    void theRulesFireForALeakAndNotForAHealthyInterpreter() throws Exception {
        Tool.required("promtool")
                .succeeds("test", "rules", FOLDER.resolve("alerts-test.yml").toString());
    }

    @Test
    void prometheusTakesWhatTheDashboardAsks(@TempDir Path folder) throws Exception {
        Tool promtool = Tool.required("promtool");
        String rules = expressions().stream()
                .map(expression -> "      - record: asked\n        expr: '" + expression + "'\n")
                .collect(Collectors.joining("", "groups:\n  - name: dashboard\n    rules:\n", ""))
                .replace("$__rate_interval", "1m");

        promtool.succeeds(
                "check",
                "rules",
                "--lint=none",
                Files.writeString(folder.resolve("dashboard.yml"), rules).toString());
    }

    @Test
    void eachPanelOfTheDashboardAsksSomethingAndHasAPlaceOfItsOwn() {
        Set<String> places = new TreeSet<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            String title = panel.path("title").asText();
            JsonNode place = panel.path("gridPos");
            assertThat(places.add(place.path("x") + "," + place.path("y")))
                    .as(title)
                    .isTrue();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            if (!panel.path("type").asText().equals("row")) {
                assertThat(panel.path("targets")).as(title).isNotEmpty();
                assertThat(panel.path("datasource").path("uid").asText())
                        .as(title)
                        .isEqualTo("${datasource}");
            }
        }
        assertThat(places).hasSizeGreaterThan(15);
        assertThat(dashboard.path("templating").findValuesAsText("name"))
                .containsExactly("datasource", "host", "interpreter", "pool");
    }

    /** All expressions of the dashboard. */
    private List<String> expressions() {
        return dashboard.findValuesAsText("expr");
    }

    /** The names of all metrics that the dashboard and the rules ask for. */
    static Set<String> metrics() throws IOException {
        Set<String> names = new TreeSet<>();
        Pattern.compile("\\b(?:hpy|interpreter)_[a-z_]+")
                .matcher(asked())
                .results()
                .forEach(found -> names.add(found.group()));
        return names;
    }

    /** The names of all labels that they group or choose by. */
    static Set<String> labels() throws IOException {
        Set<String> names = new TreeSet<>();
        Pattern.compile("by \\(([^)]*)\\)|([a-z]+)=~")
                .matcher(asked())
                .results()
                .forEach(found ->
                        names.addAll(List.of((found.group(1) == null ? found.group(2) : found.group(1)).split(", "))));
        return names;
    }

    private static String asked() throws IOException {
        return Files.readString(ALERTS) + Files.readString(FOLDER.resolve("grafana-dashboard.json"));
    }
}
