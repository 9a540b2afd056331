package org.hpyve.tests.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JVM for one benchmark, and what runs in it. */
final class BenchmarkProcess {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Options of this JVM that its children need, too. */
    private static final Set<String> INHERITED = Set.of(
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Dfile.encoding=UTF-8");

    private BenchmarkProcess() {}

    static List<Figures> run(Class<? extends Benchmark> benchmark, Benchmark.Setup setup)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(INHERITED::contains)
                .forEach(command::add);
        command.addAll(instance(benchmark.getName()).jvmOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchmarkProcess.class.getName()));
        command.addAll(List.of(benchmark.getName(), setup.extensions().toString(), Integer.toString(setup.cycles())));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // One arena, so that what threads gave back to the C library can be told from what they lost.
        builder.environment().putAll(Map.of("MALLOC_ARENA_MAX", "1"));
        Process process = builder.start();
        try {
            byte[] out = process.getInputStream().readAllBytes();
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(benchmark.getSimpleName() + " ended with exit code " + code);
            }
            return JSON.readValue(out, new TypeReference<>() {});
        } finally {
            process.destroyForcibly();
        }
    }

    private static Benchmark instance(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(Benchmark.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In the new JVM. Whatever else is printed there must not get into the result. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        Benchmark.Setup setup = new Benchmark.Setup(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        List<Figures> figures = instance(arguments[0]).measure(setup);
        out.println(JSON.writeValueAsString(figures));
        out.flush();
        System.exit(0);
    }
}
