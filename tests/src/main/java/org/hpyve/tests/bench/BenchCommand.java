package org.hpyve.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.hpyve.include.ExtensionCompiler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hpyve bench}. */
@Command(
        name = "bench",
        description = {
            "Measures, and prints tables.",
            "lifecycle: what an interpreter costs, a thousand at once, and whether many lives leave anything behind.",
            "locks: which locks two busy interpreters wait for.",
            "metrics: what it takes to read the meters of many interpreters, and what these notice.",
            "jmh: what is inside Java.",
            "scheduler: how long a task's way to an interpreter and back is, and how fast values cross queues.",
            "runaways: how soon scripts that never end are stopped, and what other interpreters notice.",
            "scaling: what several interpreters do at the same time, compared with one.",
            "suite: the same extensions here and on other hosts; or one of its groups: " + BenchCommand.GROUPS + "."
        })
final class BenchCommand implements Callable<Integer> {

    /** The groups of {@code suite.py}, in its order. */
    static final String GROUPS = "calls, callbacks, items, objects, attributes, array, json";

    private static final String SUITE = "suite";

    /** The parts of each benchmark, in the order in which they run. */
    private static final Map<String, List<Class<? extends Benchmark>>> BENCHMARKS = new LinkedHashMap<>();

    static {
        BENCHMARKS.put("lifecycle", List.of(StartBenchmark.class, ThousandBenchmark.class, CycleBenchmark.class));
        BENCHMARKS.put("locks", List.of(LockBenchmark.class));
        BENCHMARKS.put("scheduler", List.of(SchedulerBenchmark.class));
        BENCHMARKS.put("runaways", List.of(RunawayBenchmark.class));
        BENCHMARKS.put("scaling", List.of(ScalingBenchmark.class));
        BENCHMARKS.put("metrics", List.of(MetricsBenchmark.class));
        BENCHMARKS.put("jmh", List.of(JmhBenchmark.class));
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "One of the above; all if not given.")
    private String name;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the tables here, too.")
    private Path json;

    @Option(
            names = "--cycles",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many interpreters live and end in 'lifecycle' (default: ${DEFAULT-VALUE}).")
    private int cycles;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Rounds of each workload of the suite; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--warm",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long a workload of the suite runs before it is measured (default: ${DEFAULT-VALUE}).")
    private double warmSeconds;

    @Option(names = "-k", paramLabel = "TEXT", description = "Only workloads of the suite with this in their name.")
    private String part = "";

    @Option(
            names = "--bridge",
            paramLabel = "BRIDGE",
            description = "As for 'run'; if repeated, the suite compares them.")
    private List<String> bridges = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> groups = List.of(GROUPS.split(", "));
        boolean suite = name == null || name.equals(SUITE) || groups.contains(name);
        if (!suite && !BENCHMARKS.containsKey(name)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "no benchmark '%s'; there are %s, %s and its groups %s"
                            .formatted(name, String.join(", ", BENCHMARKS.keySet()), SUITE, GROUPS));
        }
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds must be at least 1");
        }
        if (cycles < 200) {
            throw new ParameterException(spec.commandLine(), "--cycles must be at least 200");
        }
        if (json != null && !Files.isDirectory(json.toAbsolutePath().getParent())) {
            throw new ParameterException(spec.commandLine(), "no such folder for --json: " + json);
        }
        List<Figures> tables = new ArrayList<>();
        Path folder = Files.createTempDirectory("hpyve-bench-");
        // Also when the command is interrupted.
        Thread atEnd = new Thread(() -> delete(folder), "end of bench");
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            build(folder);
            for (var benchmark : BENCHMARKS.entrySet()) {
                if (name == null || name.equals(benchmark.getKey())) {
                    for (Class<? extends Benchmark> each : benchmark.getValue()) {
                        List<Figures> made = BenchmarkProcess.run(each, new Benchmark.Setup(folder, cycles));
                        print(made);
                        tables.addAll(made);
                    }
                }
            }
            if (suite) {
                Figures made = runSuite(Files.createDirectory(folder.resolve(SUITE)), groups);
                print(List.of(made));
                tables.add(made);
            }
        } finally {
            Runtime.getRuntime().removeShutdownHook(atEnd);
            delete(folder);
        }
        if (json != null) {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), tables);
        }
        return 0;
    }

    private Figures runSuite(Path own, List<String> groups) throws IOException, InterruptedException {
        // First of all, because it may be wrong.
        List<List<String>> ours = SuiteHosts.ours(System.getenv(), bridges);
        List<String> peer = SuiteHosts.peer(System.getenv());
        SuiteFiles.make(own, SuiteFiles.EVENTS, SuiteFiles.ARTICLES);
        return new Suite(own, new Suite.Effort(rounds, warmSeconds))
                .measure(
                        ours,
                        peer,
                        workload -> (!groups.contains(name) || workload.group().equals(name))
                                && workload.name().contains(part));
    }

    private void print(List<Figures> tables) {
        spec.commandLine().getOut().println(Figures.text(tables));
        spec.commandLine().getOut().flush();
    }

    /** Compiles the extension of the benchmarks into a folder. */
    static void build(Path folder) throws IOException, InterruptedException {
        Path source = SuiteFiles.unpack("cycle.c", folder);
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            compiler.compile("cycle", List.of(source), folder, List.of());
        }
    }

    private static void delete(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
