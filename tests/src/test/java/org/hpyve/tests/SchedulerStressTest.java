package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.PythonException;
import org.hpyve.scheduler.TaskTimeout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many tasks in 64 interpreters with an extension: some raise, some are cancelled, some come too late, some run away and are
 * stopped, and now and then an interpreter is closed and another takes its place. {@code -Dhpyve.stress.tasks} says how
 * many, and has the counts printed.
 */
@Tag("stress")
class SchedulerStressTest {

    private static final String PROPERTY = "hpyve.stress.tasks";
    private static final int TASKS = Integer.getInteger(PROPERTY, 4_000);
    private static final int INTERPRETERS = 64;

    /** Adds to a C static: a race of two threads in one image would lose some. */
    private static final String PROGRAM = """
            import counting
            inside = [0]
            done = [0]
            def work():
                inside[0] += 1
                assert inside[0] == 1
                counting.bump()
                done[0] += 1
                inside[0] -= 1
                return 'done'
            def fail():
                raise ValueError('expected')
            def run_away():
                while True:
                    pass
            """;

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicInteger ends = new AtomicInteger();

    /** Tasks that have not ended. */
    private final Semaphore places = new Semaphore(5_000);

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void everyTaskEndsExactlyOnceAndNothingIsLeft(int workers) throws Exception {
        hosts.buildCounting();
        InterpreterHost.Builder builder = InterpreterHost.builder().searchPath(hosts.folder());
        if (workers > 0) {
            builder.workers(workers);
        }
        List<Interpreter> closed = new ArrayList<>();
        long begin = System.nanoTime();
        try (InterpreterHost host = builder.build()) {
            Interpreter[] open = new Interpreter[INTERPRETERS];
            for (int i = 0; i < INTERPRETERS; i++) {
                open[i] = started(host);
            }
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(23);
            for (int task = 0; task < TASKS; task++) {
                int at = random.nextInt(INTERPRETERS);
                places.acquire();
                submit(open[at], random);
                if (random.nextInt(1_000) == 0) {
                    Interpreter old = open[at];
                    open[at] = started(host);
                    old.close(Duration.ofSeconds(5));
                    closed.add(old);
                }
            }
            for (Interpreter python : open) {
                assertThat(python.eval("done[0]")).isEqualTo(python.eval("counting.bump() - 1"));
                python.close();
                closed.add(python);
            }
        }
        assertThat(ends).hasValue(TASKS);
        assertThat(counts.keySet()).isSubsetOf("result", "exception", "cancelled", "timeout", "rejected");
        for (Interpreter python : closed) {
            assertThat(python.closeReport().clean())
                    .as("%s", python.closeReport())
                    .isTrue();
            assertThat(python.stats().handlesOpen()).isZero();
            assertThat(python.stats().nativeBytes()).isZero();
        }
        if (System.getProperty(PROPERTY) != null) {
            System.out.printf(
                    "%d workers: %d tasks, %d interpreters, %.1f s: %s%n",
                    workers, TASKS, closed.size(), (System.nanoTime() - begin) / 1e9, new TreeMap<>(counts));
        }
    }

    private static Interpreter started(InterpreterHost host) {
        Interpreter python = host.newInterpreter();
        python.exec(PROGRAM);
        return python;
    }

    private void submit(Interpreter python, RandomGenerator random) {
        int kind = random.nextInt(10_000);
        CompletableFuture<Object> future;
        if (kind < 1_500) {
            future = python.submit(interpreter -> interpreter.call("fail"));
        } else if (kind < 2_000) {
            future = python.submit(
                    interpreter -> interpreter.call("counting.bump") == null ? null : "done", Duration.ZERO);
        } else if (kind < 2_010) {
            future = python.submit(interpreter -> interpreter.call("run_away"), Duration.ofMillis(5));
        } else {
            future = python.submit(interpreter -> interpreter.call("work"));
        }
        CompletableFuture<Object> unused = future.whenComplete((value, thrown) -> {
            ends.incrementAndGet();
            places.release();
            counts.computeIfAbsent(outcome(value, thrown), name -> new LongAdder())
                    .increment();
        });
        // Only such as do not run: to stop a task in the middle of its count would prove nothing.
        if (kind % 12 == 0 && kind >= 2_010) {
            future.cancel(false);
        }
    }

    private static String outcome(Object value, Throwable thrown) {
        if (value != null) {
            return "result";
        } else if (thrown instanceof CancellationException) {
            return "cancelled";
        } else if (thrown instanceof TaskTimeout) {
            return "timeout";
        } else if (thrown instanceof RejectedExecutionException) {
            return "rejected";
        }
        return thrown instanceof PythonException ? "exception" : "wrong: " + thrown;
    }
}
