package org.hpyve.tests.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/** Runs tests in workers. Used by one thread. */
final class SuiteRun implements AutoCloseable {

    private static final Duration COLLECT = Duration.ofMinutes(3);

    private final Kit kit;
    private final Path suite;
    private final String mode;
    private final int parallel;
    private final Duration timeout;

    /** Runs {@link #parallel} tests at once; null before it is needed and after its end. */
    private WorkerProcess shared;

    /**
     * @param suite the folder with the tests, a Python package
     * @param parallel how many tests run at once
     * @param timeout how long one test may take
     */
    SuiteRun(Kit kit, Path suite, String mode, int parallel, Duration timeout) {
        this.kit = kit;
        this.suite = suite;
        this.mode = mode;
        this.parallel = parallel;
        this.timeout = timeout;
    }

    /** All test files with their tests. */
    List<TestFile> collect() throws IOException, InterruptedException {
        try {
            WorkerProcess worker = shared();
            worker.send(new Messages.Request(null));
            return worker.next(COLLECT)
                    .orElseThrow(() -> new IOException("the tests could not be listed within " + COLLECT))
                    .files();
        } catch (WorkerProcess.Ended e) {
            throw new IOException("the tests cannot be listed: " + e.getMessage(), e);
        }
    }

    /**
     * Runs tests; each result is handed over as soon as it is there.
     *
     * @return how JVMs ended where none of the tests that were running does it again, alone: a test before may have left
     *     the cause
     */
    List<String> run(List<String> nodes, Consumer<Row> done) throws IOException, InterruptedException {
        Queue<String> waiting = new ArrayDeque<>(nodes);
        List<EarlyEnd> ends = new ArrayList<>();
        while (!waiting.isEmpty()) {
            run(shared(), parallel, waiting, done).ifPresent(end -> {
                close();
                ends.add(end);
            });
        }
        List<String> unexplained = new ArrayList<>();
        for (EarlyEnd end : ends) {
            boolean explained = end.explained();
            for (String suspect : end.inFlight()) {
                explained |= runAlone(suspect, done);
            }
            if (!explained) {
                unexplained.add(end.reason() + "; running: " + String.join(", ", end.inFlight()));
            }
        }
        return unexplained;
    }

    /** Does it end its JVM? */
    private boolean runAlone(String node, Consumer<Row> done) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (WorkerProcess worker = start(1)) {
            Optional<EarlyEnd> end = run(worker, 1, new ArrayDeque<>(List.of(node)), done);
            end.filter(early -> !early.explained())
                    .ifPresent(
                            early -> done.accept(Row.crashed(node, early.reason(), (System.nanoTime() - begin) / 1e9)));
            return end.isPresent();
        }
    }

    private WorkerProcess shared() throws IOException, InterruptedException {
        if (shared == null) {
            shared = start(parallel);
        }
        return shared;
    }

    private WorkerProcess start(int slots) throws IOException, InterruptedException {
        try {
            return new WorkerProcess(kit, suite, mode, slots);
        } catch (WorkerProcess.Ended e) {
            throw new IOException("a worker cannot be started: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (shared != null) {
            shared.close();
            shared = null;
        }
    }

    /**
     * How a worker ended before its time.
     *
     * @param inFlight the tests that it was running and that have no result
     * @param explained is the cause known? If not, any of them may be
     */
    private record EarlyEnd(List<String> inFlight, String reason, boolean explained) {}

    /** Takes tests from the queue until it is empty, or the worker has ended or had to be killed. */
    private Optional<EarlyEnd> run(WorkerProcess worker, int slots, Queue<String> waiting, Consumer<Row> done)
            throws InterruptedException {
        // With the time of their start; the oldest first.
        Map<String, Long> inFlight = new LinkedHashMap<>();
        try {
            while (!waiting.isEmpty() || !inFlight.isEmpty()) {
                while (inFlight.size() < slots && !waiting.isEmpty()) {
                    String node = waiting.remove();
                    inFlight.put(node, System.nanoTime());
                    worker.send(new Messages.Request(node));
                }
                Map.Entry<String, Long> oldest = inFlight.entrySet().iterator().next();
                Duration age = Duration.ofNanos(System.nanoTime() - oldest.getValue());
                Optional<Messages.Reply> reply = worker.next(timeout.minus(age));
                if (reply.isEmpty()) {
                    inFlight.remove(oldest.getKey());
                    String reason = "no result after " + timeout.toSeconds() + " s";
                    done.accept(Row.crashed(oldest.getKey(), reason, timeout.toMillis() / 1e3));
                    return Optional.of(new EarlyEnd(List.copyOf(inFlight.keySet()), reason, true));
                }
                Row row = reply.get().row();
                inFlight.remove(row.node());
                done.accept(row);
            }
            return Optional.empty();
        } catch (WorkerProcess.Ended e) {
            return Optional.of(new EarlyEnd(List.copyOf(inFlight.keySet()), e.getMessage(), false));
        }
    }
}
