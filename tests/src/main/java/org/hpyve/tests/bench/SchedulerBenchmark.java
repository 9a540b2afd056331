package org.hpyve.tests.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterQueue;

/** What it takes to have an interpreter do something: from a thread that is not its own, and back. */
final class SchedulerBenchmark implements Benchmark {

    private static final int WARM = 20_000;
    private static final int TRIPS = 20_000;

    /** Trips with a pause before each. */
    private static final int LATE_TRIPS = 200;

    private static final long PAUSE = 5_000_000;

    /** Tasks that are on their way at the same time where the number of tasks is what counts. */
    private static final int FLIGHT = 1_000;

    private static final int BATCHES = 200;

    private static final int QUEUED = 200_000;
    private static final int QUEUE_ROUNDS = 9;

    /** What an interpreter is asked to do. */
    private record Work(String name, Function<Interpreter, Object> task) {}

    private static final List<Work> WORKS = List.of(
            new Work("nothing, in Java", python -> null),
            new Work("nothing(), in Python", python -> python.call("nothing")),
            new Work("exec(\"pass\")", python -> {
                python.exec("pass");
                return null;
            }));

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        List<List<Object>> trips = new ArrayList<>();
        List<List<Object>> throughput = new ArrayList<>();
        List<List<Object>> queues = new ArrayList<>();
        for (String mode : List.of("a thread each", "2 shared threads")) {
            InterpreterHost.Builder builder = InterpreterHost.builder();
            if (mode.startsWith("2")) {
                builder.workers(2);
            }
            try (InterpreterHost host = builder.build()) {
                Interpreter python = host.newInterpreter();
                python.exec("def nothing():\n    pass");
                for (Work work : WORKS) {
                    times(python, work, WARM, 0);
                    trips.add(row("Hpyve, " + mode, work.name, times(python, work, TRIPS, 0), TRIPS, "no"));
                    trips.add(row(
                            "Hpyve, " + mode, work.name, times(python, work, LATE_TRIPS, PAUSE), LATE_TRIPS, "5 ms"));
                }
                throughput.add(List.of(mode, 1, perSecond(List.of(python))));
                List<Interpreter> eight = new ArrayList<>(List.of(python));
                while (eight.size() < 8) {
                    eight.add(host.newInterpreter());
                }
                throughput.add(List.of(mode, 8, perSecond(eight)));
                queues.add(throughQueue(mode, host));
            }
        }
        peer(trips);
        return List.of(
                new Figures(
                        "A task in an idle interpreter, from submit() until its result is there; us",
                        List.of("host", "task", "pause before", "trips", "median", "99th percentile"),
                        trips),
                new Figures(
                        "Empty tasks from one thread, %d on their way at a time".formatted(FLIGHT),
                        List.of("mode", "interpreters", "tasks a second"),
                        throughput),
                new Figures(
                        "Values through a queue, put by one interpreter and got by another; %d rounds of %d"
                                .formatted(QUEUE_ROUNDS, QUEUED),
                        List.of("mode", "values a second, median", "slowest round", "fastest round"),
                        queues));
    }

    /** From before the first value is put until the last one was got. */
    private static List<Object> throughQueue(String mode, InterpreterHost host) throws Exception {
        Interpreter one = host.newInterpreter();
        Interpreter other = host.newInterpreter();
        InterpreterQueue queue = host.newQueue();
        for (Interpreter each : List.of(one, other)) {
            each.set("q", queue);
            each.exec("def put(n):\n    for i in xrange(n): q.put(i)\ndef get(n):\n    for i in xrange(n): q.get()");
        }
        double[] perSecond = new double[QUEUE_ROUNDS];
        // The first rounds warm up.
        for (int round = -QUEUE_ROUNDS; round < QUEUE_ROUNDS; round++) {
            long begin = System.nanoTime();
            CompletableFuture<Object> puts = one.submit(python -> python.call("put", QUEUED));
            other.submit(python -> python.call("get", QUEUED)).get();
            if (round >= 0) {
                perSecond[round] = QUEUED / ((System.nanoTime() - begin) / 1e9);
            }
            puts.get();
        }
        return List.of(
                mode,
                Math.round(quantile(perSecond, 0.5)),
                Math.round(quantile(perSecond, 0)),
                Math.round(quantile(perSecond, 1)));
    }

    private static List<Object> row(String host, String task, double[] micros, int trips, String pause) {
        return List.of(host, task, pause, trips, quantile(micros, 0.5), quantile(micros, 0.99));
    }

    private static double[] times(Interpreter python, Work work, int trips, long pause) throws Exception {
        double[] micros = new double[trips];
        for (int i = 0; i < trips; i++) {
            if (pause > 0) {
                LockSupport.parkNanos(pause);
            }
            long begin = System.nanoTime();
            CompletableFuture<Object> future = python.submit(work.task);
            future.get();
            micros[i] = (System.nanoTime() - begin) / 1e3;
        }
        return micros;
    }

    private static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
    }

    private static long perSecond(List<Interpreter> pythons) throws Exception {
        long begin = 0;
        List<CompletableFuture<Object>> flight = new ArrayList<>();
        // The first half only warms up.
        for (int batch = 0; batch < 2 * BATCHES; batch++) {
            if (batch == BATCHES) {
                begin = System.nanoTime();
            }
            flight.clear();
            for (int i = 0; i < FLIGHT; i++) {
                flight.add(pythons.get(i % pythons.size()).submit(python -> null));
            }
            for (CompletableFuture<Object> each : flight) {
                each.get();
            }
        }
        return Math.round(BATCHES * FLIGHT / ((System.nanoTime() - begin) / 1e9));
    }

    /** The same with the subinterpreters of CPython, if one that has them is there. */
    private static void peer(List<List<Object>> rows) throws IOException, InterruptedException {
        String peer = System.getenv().getOrDefault(SuiteHosts.PEER, "python3").strip();
        List<String> command = new ArrayList<>(List.of(peer.split("\\s+")));
        byte[] program;
        try (var stream = SchedulerBenchmark.class.getResourceAsStream("subinterpreters.py")) {
            program = stream.readAllBytes();
        }
        command.addAll(List.of("-", Long.toString(PAUSE), Integer.toString(LATE_TRIPS)));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            System.err.println("no peer: " + e.getMessage());
            return;
        }
        try (var in = process.getOutputStream()) {
            in.write(program);
        }
        byte[] out = process.getInputStream().readAllBytes();
        if (process.waitFor() == 0) {
            rows.addAll(new ObjectMapper().readValue(out, new TypeReference<List<List<Object>>>() {}));
        }
    }
}
