package org.hpyve.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
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
            "locks: which locks two busy interpreters wait for."
        })
final class BenchCommand implements Callable<Integer> {

    /** The parts of each benchmark, in the order in which they run. */
    private static final Map<String, List<Class<? extends Benchmark>>> BENCHMARKS = new LinkedHashMap<>();

    static {
        BENCHMARKS.put("lifecycle", List.of(StartBenchmark.class, ThousandBenchmark.class, CycleBenchmark.class));
        BENCHMARKS.put("locks", List.of(LockBenchmark.class));
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

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (name != null && !BENCHMARKS.containsKey(name)) {
            throw new ParameterException(
                    spec.commandLine(), "no benchmark '" + name + "'; there are " + BENCHMARKS.keySet());
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
                    for (Class<? extends Benchmark> part : benchmark.getValue()) {
                        List<Figures> made = BenchmarkProcess.run(part, new Benchmark.Setup(folder, cycles));
                        spec.commandLine().getOut().println(Figures.text(made));
                        spec.commandLine().getOut().flush();
                        tables.addAll(made);
                    }
                }
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

    /** Compiles the extension of the benchmarks into a folder. */
    static void build(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve("cycle.c");
        try (InputStream resource = BenchCommand.class.getResourceAsStream("cycle.c");
                ExtensionCompiler compiler = new ExtensionCompiler()) {
            Files.copy(resource, source);
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
