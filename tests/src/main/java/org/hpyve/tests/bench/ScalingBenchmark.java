package org.hpyve.tests.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;

/**
 * How much more several interpreters decode than one, beside what as many threads of plain computing reach on this
 * machine in the same run. Each interpreter always does the same work, so a perfect machine takes the same time.
 */
final class ScalingBenchmark implements Benchmark {

    private static final int ROUNDS = 15;
    private static final int WARM_ROUNDS = 8;

    /** Turns of a loop in C: some hundred milliseconds. */
    private static final long COMPUTE = 200_000_000;

    private static final String PREPARE = """
            import hpyjson, workloads
            lines = [line.rstrip(b'\\n').decode('utf-8') for line in open(folder + '/records.jsonl', 'rb')]
            def decode(loads=hpyjson.loads):
                for line in lines:
                    loads(line)
            """;

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        Path folder = java.nio.file.Files.createDirectory(setup.extensions().resolve("scaling"));
        SuiteFiles.make(folder, SuiteFiles.EVENTS, 0);
        int most = Runtime.getRuntime().availableProcessors();
        try (InterpreterHost host = InterpreterHost.builder().searchPath(folder).build()) {
            List<Interpreter> all = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                Interpreter python = host.newInterpreter("scaling-" + i);
                python.set("folder", folder.toString());
                python.exec(PREPARE);
                all.add(python);
            }
            IntToDoubleFunction decode = n -> seconds(all.subList(0, n), "decode()");
            IntToDoubleFunction compute = n -> seconds(all.subList(0, n), "workloads.compute(%d)".formatted(COMPUTE));
            measure(WARM_ROUNDS, List.of(most), decode, compute);
            return List.of(table(counts(most), decode, compute));
        }
    }

    /** 1, 2, 4 and so on, and the number of processors. */
    private static List<Integer> counts(int most) {
        List<Integer> counts = new ArrayList<>();
        for (int n = 1; n < most; n *= 2) {
            counts.add(n);
        }
        counts.add(most);
        return counts;
    }

    private static Figures table(List<Integer> counts, IntToDoubleFunction decode, IntToDoubleFunction compute) {
        double[][] seconds = measure(ROUNDS, counts, decode, compute);
        List<List<Object>> rows = IntStream.range(0, counts.size())
                .<List<Object>>mapToObj(i -> {
                    int n = counts.get(i);
                    double decoded = n * seconds[0][0] / seconds[i][0];
                    double computed = n * seconds[0][1] / seconds[i][1];
                    return List.of(
                            n, 1000 * seconds[i][0], decoded, 1000 * seconds[i][1], computed, decoded / computed);
                })
                .toList();
        return new Figures(
                "N interpreters, each of which decodes 10 MB of JSON lines, and as many that only compute in C:"
                        + " medians of %d rounds".formatted(ROUNDS),
                List.of(
                        "N",
                        "decoding, ms",
                        "throughput, of one's",
                        "computing, ms",
                        "throughput, of one's",
                        "decoding : computing"),
                rows);
    }

    /** The median times of each kind of work, for each number of interpreters; all take turns. */
    private static double[][] measure(int rounds, List<Integer> counts, IntToDoubleFunction... works) {
        List<List<List<Double>>> times = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < counts.size(); i++) {
                for (int j = 0; j < works.length; j++) {
                    if (round == 0 && j == 0) {
                        times.add(Stream.of(works)
                                .map(work -> (List<Double>) new ArrayList<Double>())
                                .toList());
                    }
                    times.get(i).get(j).add(works[j].applyAsDouble(counts.get(i)));
                }
            }
        }
        return times.stream()
                .map(ofCount -> ofCount.stream().mapToDouble(Suite::median).toArray())
                .toArray(double[][]::new);
    }

    /** Until all of them are through. */
    private static double seconds(List<Interpreter> interpreters, String statement) {
        long begin = System.nanoTime();
        CompletableFuture.allOf(interpreters.stream()
                        .map(python -> python.submit(self -> {
                            self.exec(statement);
                            return null;
                        }))
                        .toArray(CompletableFuture[]::new))
                .join();
        return (System.nanoTime() - begin) / 1e9;
    }
}
