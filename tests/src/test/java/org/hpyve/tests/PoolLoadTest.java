package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.PoolStats;
import org.hpyve.host.PooledInterpreter;
import org.hpyve.host.PythonException;
import org.hpyve.host.RecycleReason;
import org.hpyve.scheduler.TaskTimeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool under the load of many clients, some of whose requests fail and some of which would run for ever. */
@Tag("stress")
@ParameterizedClass
@ValueSource(ints = {0, 3})
class PoolLoadTest {

    private static final int REQUESTS = 10_000;
    private static final int CLIENTS = 32;
    private static final int INTERPRETERS = 8;
    private static final Duration DEADLINE = Duration.ofMillis(150);

    /** 0 for a thread for each interpreter. */
    @Parameter
    int workers;

    private final List<Interpreter> made = new CopyOnWriteArrayList<>();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

    /** Tasks that would never end, and have begun: one whose time passes while it waits does not. */
    private final LongAdder runaways = new LongAdder();

    private Set<String> threadsBefore;
    private InterpreterHost host;

    @BeforeEach
    void open() {
        threadsBefore = HostExtension.threads();
        InterpreterHost.Builder builder = InterpreterHost.builder();
        if (workers > 0) {
            builder.workers(workers);
        }
        host = builder.build();
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        host.close();
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!threadsBefore.containsAll(HostExtension.threads()) && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertThat(threadsBefore).as("threads left").containsAll(HostExtension.threads());
        assertThat(made)
                .allSatisfy(interpreter ->
                        assertThat(interpreter.closeReport().clean()).isTrue());
    }

    private InterpreterPool pool(boolean recycleAfterTimeout) {
        return host.pool()
                .name("load")
                .max(INTERPRETERS)
                .minIdle(2)
                .recycleAfterUses(1_000)
                .recycleAfterTimeout(recycleAfterTimeout)
                .acquireTimeout(Duration.ofMinutes(5))
                .warmUp(python -> {
                    made.add(python);
                    python.exec("""
                            def square_sum(n):
                                return sum(i * i for i in xrange(n))
                            def fail(n):
                                raise ValueError(n)
                            def run_away(n):
                                while True:
                                    pass
                            """);
                })
                .build();
    }

    /** What is asked of an interpreter: one in a hundred fails, and one never ends. */
    private static String function(int request) {
        return switch (request % 100) {
            case 17 -> "fail";
            case 53 -> "run_away";
            default -> "square_sum";
        };
    }

    private void client(InterpreterPool pool, AtomicInteger next) {
        for (int request = next.getAndIncrement(); request < REQUESTS; request = next.getAndIncrement()) {
            String function = function(request);
            int size = request % 50;
            String answer;
            try {
                Object result = request % 3 == 0 ? byLease(pool, function, size) : byTask(pool, function, size);
                answer = result.equals(size * (size - 1) * (2 * size - 1) / 6) ? "right" : "wrong";
            } catch (PythonException e) {
                answer = e.getMessage();
                if (answer.equals("ValueError: " + size)) {
                    answer = "failed";
                }
            } catch (TaskTimeout e) {
                answer = "timeout";
            }
            answers.computeIfAbsent(answer, key -> new LongAdder()).increment();
        }
    }

    private Function<Interpreter, Object> task(String function, int size) {
        return python -> {
            if (deadline(function) != null) {
                runaways.increment();
            }
            return python.call(function, size);
        };
    }

    /** Only what never ends has one; null for the rest. */
    private static Duration deadline(String function) {
        return function.equals("run_away") ? DEADLINE : null;
    }

    private Object byTask(InterpreterPool pool, String function, int size) {
        return pool.call(task(function, size), deadline(function));
    }

    private Object byLease(InterpreterPool pool, String function, int size) {
        try (PooledInterpreter lease = pool.acquire()) {
            return lease.interpreter()
                    .submit(task(function, size), deadline(function))
                    .join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    @Test
    void everyRequestIsAnsweredAndInterpretersAreKept() throws Exception {
        everyRequestIsAnswered(false);
    }

    @Test
    void everyRequestIsAnsweredAndInterpretersAreRecycledAfterTimeouts() throws Exception {
        everyRequestIsAnswered(true);
    }

    private void everyRequestIsAnswered(boolean recycleAfterTimeout) throws Exception {
        InterpreterPool pool = pool(recycleAfterTimeout);
        AtomicInteger next = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Thread(() -> client(pool, next)));
        }
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(answers.keySet()).containsExactlyInAnyOrder("right", "failed", "timeout");
        assertThat(answers.get("right").sum()).isEqualTo(REQUESTS / 100 * 98);
        assertThat(answers.get("failed").sum()).isEqualTo(REQUESTS / 100);
        assertThat(answers.get("timeout").sum()).isEqualTo(REQUESTS / 100);
        PoolStats stats = atRest(pool);
        assertThat(stats.active() + stats.pending()).isZero();
        assertThat(stats.idle()).isBetween(1, INTERPRETERS);
        assertThat(stats.acquire().count() + stats.acquireTimeouts()).isEqualTo(REQUESTS);
        assertThat(stats.usage().count()).isEqualTo(stats.acquire().count());
        assertThat(stats.taskTimeouts()).isEqualTo(runaways.sum()).isGreaterThan(REQUESTS / 1000);
        assertThat(stats.abandoned() + stats.rejected()).isZero();
        assertThat(stats.creation().count()).isEqualTo(stats.idle() + stats.recycledCount());
        assertThat(stats.recycled().get(RecycleReason.TIMEOUT)).isEqualTo(recycleAfterTimeout ? runaways.sum() : 0);
        assertThat(made).extracting(Interpreter::name).allMatch(name -> name.matches("load-[1-8]"));
    }

    /** When it has nothing to do any more. */
    private static PoolStats atRest(InterpreterPool pool) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        PoolStats stats = pool.stats();
        while (stats.idle() != stats.size() && System.nanoTime() < end) {
            Thread.sleep(1);
            stats = pool.stats();
        }
        return stats;
    }

    @Test
    void closingDuringLoadDrains() throws Exception {
        InterpreterPool pool = pool(false);
        List<CompletableFuture<Object>> requests = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String function = function(i);
            int size = i % 50;
            requests.add(pool.submit(task(function, size), deadline(function)));
        }
        requests.get(300).handle((result, failure) -> result).join();

        pool.close(Duration.ofSeconds(60));

        int answered = 0;
        int refused = 0;
        for (CompletableFuture<Object> request : requests) {
            assertThat(request).isDone();
            Throwable failure = failure(request);
            if (failure instanceof RejectedExecutionException) {
                assertThat(failure).hasMessage("pool 'load' is closed");
                refused++;
            } else {
                assertThat(failure)
                        .satisfiesAnyOf(
                                none -> assertThat(none).isNull(),
                                raised -> assertThat(raised).isInstanceOf(PythonException.class),
                                late -> assertThat(late).isInstanceOf(TaskTimeout.class));
                answered++;
            }
        }
        assertThat(answered).isGreaterThanOrEqualTo(300);
        assertThat(answered + refused).isEqualTo(2_000);
        assertThat(pool.stats().size()).isZero();
        assertThat(made).allMatch(Interpreter::isClosed);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            Object unused = future.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }
}
