package org.hpyve.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.Isolation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole lives of interpreters, in JVMs of their own. */
class LifecycleTest {

    @TempDir
    private Path folder;

    @Test
    void manyLivesLeaveNothingBehind() throws Exception {
        BenchCommand.build(folder);

        Figures figures = BenchmarkProcess.run(CycleBenchmark.class, new Benchmark.Setup(folder, 1000))
                .get(0);

        List<Object> first = figures.rows().get(0);
        List<Object> last = figures.rows().get(figures.rows().size() - 2);
        assertThat(first.get(0)).isEqualTo("100");
        assertThat(last.get(0)).isEqualTo("1000");
        for (String column : List.of("heap MB", "metaspace MB", "native MB", "open files", "images", "threads")) {
            int index = figures.columns().indexOf(column);
            double before = ((Number) first.get(index)).doubleValue();
            double after = ((Number) last.get(index)).doubleValue();
            // One file, image or thread for each life would be 900 more.
            assertThat(after).as(column).isLessThan(before * 1.1 + 2);
        }
    }

    /** In the other JVM. */
    public static final class Forgetful {

        public static void main(String[] arguments) {
            Interpreter python = InterpreterHost.builder()
                    .isolation(Isolation.valueOf(arguments[0]))
                    .build()
                    .newInterpreter();
            python.set("path", arguments[1]);
            python.exec("f = open(path, 'w')\nf.write('kept')");
            System.exit(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenIsInTheFileThoughNobodyClosedTheInterpreter(Isolation level)
            throws IOException, InterruptedException {
        Path file = folder.resolve("written.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Forgetful.class.getName(),
                        level.name(),
                        file.toString())
                .inheritIO()
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readString(file)).isEqualTo("kept");
    }
}
