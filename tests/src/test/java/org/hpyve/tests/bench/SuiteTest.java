package org.hpyve.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.hpyve.host.Interpreter;
import org.hpyve.tests.HostExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The suite of benchmarks runs, without its being measured here. */
class SuiteTest {

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    @Test
    void everyWorkloadRunsAndLeavesNoHandle() throws Exception {
        SuiteFiles.make(hosts.folder(), 20, 5);
        Interpreter python = hosts.newInterpreter();
        python.set("folder", hosts.folder().toString());
        python.exec("""
                import itertools, suite
                suite.FLOATS = 1000
                suite.LOOPS[:] = [loop[:4] + (2,) + loop[5:] for loop in suite.LOOPS]
                def results():
                    for workload in itertools.chain(suite.loops(folder), suite.json_lines(folder)):
                        workload.run = workload.prepare()
                        result = workload.measure()
                        yield workload.group, result['name'], float(result['value']), float(result['crossings'])
                """);

        List<?> results = (List<?>) python.eval("list(results())");

        assertThat(results).hasSizeGreaterThan(60).allSatisfy(result -> {
            List<?> row = (List<?>) result;
            assertThat(BenchCommand.GROUPS.split(", ")).contains((String) row.get(0));
            assertThat((Double) row.get(2)).isPositive();
            assertThat((Double) row.get(3)).isNotNegative();
        });
        assertThat(results.stream().map(result -> ((List<?>) result).get(1))).doesNotHaveDuplicates();
        assertThat(python.stats().handlesOpen()).isZero();
    }

    @Test
    void hostsTakeTurnsAndAreComparedInOneTable() throws Exception {
        SuiteFiles.make(hosts.folder(), 20, 5);
        List<String> ours = SuiteHosts.ours(Map.of(), List.of()).get(0);

        Figures table = new Suite(hosts.folder(), new Suite.Effort(1, 0))
                .measure(List.of(ours), ours, workload -> workload.name().equals("obj[0]"));

        String name = table.columns().get(3);
        assertThat(name).startsWith("Java " + Runtime.version().feature());
        assertThat(table.columns()).containsExactly("group", "what", "unit", name, name, name + " : peer", "crossings");
        assertThat(table.rows()).singleElement().satisfies(row -> {
            assertThat(row).startsWith("calls", "obj[0]", "ns");
            assertThat((Double) row.get(5)).isEqualTo((Double) row.get(3) / (Double) row.get(4));
        });
    }

    @Test
    void aPeerWithoutHpyIsRefusedByName() {
        assertThatThrownBy(() -> SuiteHosts.peer(Map.of(SuiteHosts.PEER, "sh -c false")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("HPYVE_PEER=\"sh -c false\" cannot import hpy.universal");
    }

    @Test
    void aHomeWithoutJavaIsRefusedByName() throws Exception {
        Path home = Files.createDirectory(hosts.folder().resolve("nothing"));

        assertThatThrownBy(() -> SuiteHosts.ours(Map.of(SuiteHosts.JAVAS, home.toString()), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no Java: " + home);
    }
}
