package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool as an executor service keeps the promises of one. */
@ParameterizedClass
@ValueSource(ints = {0, 2})
class PoolExecutorTest {

    @Parameter
    int workers;

    private PoolFixture fixture;
    private InterpreterPool pool;
    private ExecutorService executor;

    @BeforeEach
    void open() {
        fixture = new PoolFixture(workers, Limits.NONE);
        pool = fixture.pool().max(2).acquireTimeout(Duration.ofMillis(1)).build();
        executor = pool.asExecutorService();
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        fixture.close();
    }

    private static Callable<Object> evaluating(String expression) {
        return () -> Interpreter.current().eval(expression);
    }

    /** Occupies both interpreters until the latch is open. */
    private List<Future<?>> occupied(CountDownLatch release) {
        CountDownLatch begun = new CountDownLatch(2);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            running.add(executor.submit(() -> {
                begun.countDown();
                PoolFixture.await(release);
            }));
        }
        PoolFixture.await(begun);
        return running;
    }

    @Test
    void tasksRunInInterpreters() throws Exception {
        assertThat(executor.submit(evaluating("6 * 7")).get()).isEqualTo(42);
        assertThat(executor.submit(() -> {}, "given").get()).isEqualTo("given");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(executor.submit(evaluating("1 / 0"))::get)
                .withCauseInstanceOf(PythonException.class);
        CountDownLatch ran = new CountDownLatch(1);
        executor.execute(ran::countDown);
        PoolFixture.await(ran);
    }

    @Test
    void allOfThemAreRun() throws Exception {
        List<Future<Object>> results =
                executor.invokeAll(List.of(evaluating("1"), evaluating("2"), evaluating("3"), evaluating("1 / 0")));

        assertThat(results).allMatch(Future::isDone);
        assertThat(results.subList(0, 3)).extracting(result -> result.get()).containsExactly(1, 2, 3);
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(results.get(3)::get);
    }

    @Test
    void whatIsNotRunInTimeIsCancelled() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<Future<?>> running = occupied(release);

        List<Future<Object>> results = executor.invokeAll(List.of(evaluating("1")), 20, TimeUnit.MILLISECONDS);

        assertThat(results.get(0).isCancelled()).isTrue();
        assertThat(pool.stats().pending()).isZero();
        release.countDown();
        for (Future<?> each : running) {
            assertThat(each.get()).isNull();
        }
    }

    @Test
    void oneThatSucceedsIsEnough() throws Exception {
        assertThat(executor.<Object>invokeAny(List.of(evaluating("1 / 0"), evaluating("5"))))
                .isEqualTo(5);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(evaluating("1 / 0"), evaluating("{}[1]"))))
                .withCauseInstanceOf(PythonException.class);
        CountDownLatch release = new CountDownLatch(1);
        List<Future<?>> running = occupied(release);
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> executor.invokeAny(List.of(evaluating("1")), 20, TimeUnit.MILLISECONDS));
        assertThat(pool.stats().pending()).isZero();
        release.countDown();
        for (Future<?> each : running) {
            assertThat(each.get()).isNull();
        }
    }

    @Test
    void shutdownRunsWhatWasSubmitted() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<Future<?>> running = occupied(release);
        Future<Object> waiting = executor.submit(evaluating("'ran'"));

        executor.shutdown();

        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(10, TimeUnit.MILLISECONDS)).isFalse();
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.submit(evaluating("1")));
        release.countDown();
        assertThat(waiting.get()).isEqualTo("ran");
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(running).allMatch(Future::isDone);
        assertThat(executor.isTerminated()).isTrue();
        assertThat(pool.isClosed()).isFalse();
        assertThat(pool.asExecutorService().submit(evaluating("1")).get()).isEqualTo(1);
    }

    @Test
    void shutdownNowReturnsWhatHasNotBegun() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        occupied(release);
        AtomicInteger ran = new AtomicInteger();
        Runnable plain = ran::incrementAndGet;
        executor.execute(plain);
        Future<Integer> waiting = executor.submit(ran::incrementAndGet);

        List<Runnable> never = executor.shutdownNow();

        assertThat(never).hasSize(2).first().isSameAs(plain);
        assertThat(never.get(1)).isSameAs(waiting);
        assertThat(waiting.isDone()).isFalse();
        assertThat(pool.stats().pending()).isZero();
        release.countDown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasValue(0);
    }

    @Test
    void aCancelledFutureDoesNotRun() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        occupied(release);
        AtomicInteger ran = new AtomicInteger();
        Future<Integer> waiting = executor.submit(ran::incrementAndGet);

        assertThat(waiting.cancel(true)).isTrue();

        assertThatExceptionOfType(CancellationException.class).isThrownBy(waiting::get);
        assertThat(pool.stats().pending()).isZero();
        release.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).hasValue(0);
    }

    @Test
    void whatWaitsWhenThePoolIsClosedFails() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        occupied(release);
        Future<Object> waiting = executor.submit(evaluating("1"));
        ExecutorCompletionService<Object> completion = new ExecutorCompletionService<>(executor);
        Future<Object> wrapped = completion.submit(evaluating("2"));

        Thread closer = new Thread(pool::close);
        closer.start();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(waiting::get)
                .withCauseInstanceOf(RejectedExecutionException.class);
        assertThat(completion.take()).isSameAs(wrapped);
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(wrapped::get);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.execute(() -> {}));
        assertThat(executor.isShutdown()).isTrue();
        release.countDown();
        closer.join();
        assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
