package org.hpyve.tests.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.hpyve.host.cli.HpyOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hpyve conformance}: HPy's own tests. */
@Command(
        name = "conformance",
        description = {
            "Runs HPy's own test files, unchanged, each test in an interpreter of its own.",
            "The exit code is 0 if every test passed or was skipped."
        })
final class ConformanceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "A checkout of HPy.")
    private Path checkout;

    @Mixin
    private HpyOptions hpy;

    @Option(
            names = "-k",
            paramLabel = "EXPR",
            description = "Only tests whose name has this part; may have and, or, not and parentheses.")
    private String expression;

    @Option(names = "--json", paramLabel = "FILE", description = "Write one row for each test, and the totals, here.")
    private Path json;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "How many tests run at once (default: one for each processor).")
    private int parallel = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long one test may take (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print the tracebacks of failed tests, and what they wrote.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path suite = check();
        Predicate<String> wanted = filter();
        long begin = System.nanoTime();
        try (Kit kit = new Kit(hpy.bridge());
                SuiteRun run = new SuiteRun(kit, suite, hpy.hpyMode(), parallel, Duration.ofSeconds(timeout))) {
            List<TestFile> files = run.collect();
            List<String> nodes = files.stream()
                    .flatMap(file -> file.nodes().stream())
                    .filter(wanted)
                    .toList();
            // The report tells of files that cannot be imported.
            if (nodes.isEmpty() && files.stream().noneMatch(TestFile::broken)) {
                throw new ParameterException(spec.commandLine(), "no test of " + suite + " matches");
            }
            List<Row> rows = new ArrayList<>();
            List<String> unexplained;
            try (ProgressBar bar = progressBar(nodes.size())) {
                unexplained = run.run(nodes, row -> {
                    rows.add(row);
                    if (bar != null) {
                        bar.step();
                    }
                });
            }
            rows.sort(Comparator.comparing(row -> nodes.indexOf(row.node())));
            Report report = new Report(files, rows, unexplained, (System.nanoTime() - begin) / 1e9);
            report.print(spec.commandLine().getOut(), verbose);
            if (json != null) {
                report.writeJson(json, suite, hpy.hpyMode(), hpy.bridge().toString());
            }
            return report.good() ? 0 : 1;
        }
    }

    /** The folder with the tests. */
    private Path check() throws IOException {
        hpy.check();
        if (parallel < 1) {
            throw wrong("--parallel must be at least 1");
        }
        if (timeout < 1) {
            throw wrong("--timeout must be at least 1");
        }
        if (json != null && !canBeWritten(json.toAbsolutePath())) {
            throw wrong("--json " + json + " cannot be written");
        }
        Path suite = checkout.toAbsolutePath().normalize().resolve("test");
        if (!Files.isRegularFile(suite.resolve("__init__.py")) || !hasTests(suite)) {
            throw wrong("no checkout of HPy: there is no test/__init__.py with test/test_*.py in " + checkout);
        }
        return suite.toRealPath();
    }

    private static boolean canBeWritten(Path file) {
        return Files.exists(file)
                ? !Files.isDirectory(file) && Files.isWritable(file)
                : Files.isDirectory(file.getParent()) && Files.isWritable(file.getParent());
    }

    private static boolean hasTests(Path suite) throws IOException {
        try (Stream<Path> files = Files.list(suite)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("test_.*\\.py"));
        }
    }

    private Predicate<String> filter() {
        if (expression == null) {
            return node -> true;
        }
        try {
            return NodeFilter.parse(expression);
        } catch (IllegalArgumentException e) {
            throw wrong("-k '" + expression + "': " + e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Null where nobody would see it move. */
    private static ProgressBar progressBar(int total) {
        if (!onTerminal()) {
            return null;
        }
        return new ProgressBarBuilder()
                .setTaskName("testing")
                .setInitialMax(total)
                .setUnit(" tests", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }

    /** Standard error; the JVM tells it of standard output at best. */
    private static boolean onTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString().matches("/dev/(pts/|tty|console).*");
        } catch (IOException e) {
            return false;
        }
    }
}
