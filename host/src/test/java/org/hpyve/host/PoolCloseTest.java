package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a pool: whatever it is doing, and whoever asks for it. */
@ParameterizedClass
@ValueSource(ints = {0, 2})
class PoolCloseTest {

    @Parameter
    int workers;

    private PoolFixture fixture;

    @BeforeEach
    void open() {
        fixture = new PoolFixture(workers, Limits.NONE.withPatience(Duration.ofMillis(200)));
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        fixture.close();
    }

    private static void isEnded(InterpreterPool pool) {
        assertThat(pool.isClosed()).isTrue();
        assertThat(pool.stats().size()).isZero();
        assertThat(pool.stats().pending()).isZero();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(pool::acquire)
                .withMessage("pool 'pool' is closed");
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(pool.submit(python -> 1)::join)
                .withCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void anUnusedPoolCloses() {
        InterpreterPool pool = fixture.pool().max(2).minIdle(2).build();

        pool.close();
        pool.close();

        isEnded(pool);
        assertThat(fixture.made()).allMatch(Interpreter::isClosed);
    }

    @Test
    void whatRunsMayEndAndWhoWaitsGetsNothing() throws Exception {
        InterpreterPool pool = fixture.pool().max(1).build();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Object> running = pool.submit(python -> {
            begun.countDown();
            PoolFixture.await(release);
            return python.eval("'ended'");
        });
        PoolFixture.await(begun);
        CompletableFuture<Integer> waiting = pool.submit(python -> 1);

        Thread closer = new Thread(pool::close);
        closer.start();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(waiting::join)
                .withCauseInstanceOf(RejectedExecutionException.class)
                .withMessageContaining("pool 'pool' is closed");
        assertThat(running).isNotDone();
        release.countDown();
        assertThat(running.join()).isEqualTo("ended");
        closer.join();
        isEnded(pool);
    }

    @Test
    void aThreadThatWaitsIsTold() throws Exception {
        InterpreterPool pool = fixture.pool().max(1).build();
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        try (PooledInterpreter lease = pool.acquire()) {
            Thread waiting = new Thread(() -> {
                try (PooledInterpreter none = pool.acquire()) {
                    told.complete(new AssertionError(none + " was given out"));
                } catch (RejectedExecutionException e) {
                    told.complete(e);
                }
            });
            waiting.start();
            PoolFixture.await("it waits", () -> pool.stats().pending() == 1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(pool::close);
            assertThat(told.join()).hasMessage("pool 'pool' is closed");
            assertThat(lease.eval("2")).isEqualTo(2);
            assertThat(closing).isNotDone();
            waiting.join();
        }
        pool.close();
        isEnded(pool);
    }

    @Test
    void whenTheTimeIsOverALeaseEnds() {
        InterpreterPool pool = fixture.pool().max(1).build();
        try (PooledInterpreter lease = pool.acquire()) {
            pool.close(Duration.ofMillis(50));

            isEnded(pool);
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> lease.eval("1"));
        }
        assertThat(pool.stats().size()).isZero();
    }

    @Test
    void codeThatCannotBeStoppedIsGivenUp() {
        InterpreterPool pool = fixture.pool().max(1).build();
        AtomicBoolean release = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Object> stuck = pool.submit(python -> {
            begun.countDown();
            while (!release.get()) {
                Thread.onSpinWait();
            }
            return null;
        });
        PoolFixture.await(begun);

        pool.close(Duration.ofMillis(20));

        isEnded(pool);
        assertThat(pool.stats().abandoned()).isEqualTo(1);
        assertThat(stuck).isCompletedExceptionally();
        assertThat(fixture.made().get(0).closeReport().stuck()).isNotNull();
        release.set(true);
    }

    @Test
    void aTaskMayCloseItsPool() throws Exception {
        InterpreterPool pool = fixture.pool().max(2).build();

        assertThat(pool.<Object>call(python -> {
                    pool.close();
                    return python.eval("'still here'");
                }))
                .isEqualTo("still here");

        pool.close();
        isEnded(pool);
    }

    @Test
    void aStageOfATaskMayCloseThePool() {
        InterpreterPool pool = fixture.pool().max(1).build();

        pool.submit(python -> python.eval("1")).thenRun(pool::close).join();

        pool.close();
        isEnded(pool);
    }

    @Test
    void manyThreadsMayCloseIt() {
        InterpreterPool pool = fixture.pool().max(2).minIdle(2).build();
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closing.add(CompletableFuture.runAsync(pool::close));
        }

        closing.forEach(CompletableFuture::join);
        isEnded(pool);
    }

    @Test
    void aPoolIsClosedWithItsHost() {
        InterpreterPool pool = fixture.pool().max(2).minIdle(1).build();
        assertThat(pool.<Object>call(python -> python.eval("1"))).isEqualTo(1);

        fixture.host().close();

        isEnded(pool);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> fixture.pool().build())
                .withMessage("the host is closed");
    }

    @Test
    void aPoolMayCloseWhileItMakesInterpreters() throws Exception {
        CountDownLatch warming = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        InterpreterPool pool = fixture.pool(python -> {
                    warming.countDown();
                    PoolFixture.await(release);
                })
                .max(2)
                .minIdle(2)
                .build();
        PoolFixture.await(warming);

        Thread closer = new Thread(pool::close);
        closer.start();
        PoolFixture.await("it is closed", pool::isClosed);
        release.countDown();
        closer.join();

        isEnded(pool);
    }

    @Test
    void aPoolMayCloseWhileItsWarmUpFails() throws Exception {
        InterpreterPool pool =
                fixture.pool(python -> python.exec("1 / 0")).max(2).minIdle(1).build();
        PoolFixture.await("it has failed", () -> pool.stats().failedCreations() > 0);

        pool.close();

        isEnded(pool);
    }

    @Test
    void everyTaskIsAnsweredWhenAPoolClosesDuringLoad() {
        InterpreterPool pool = fixture.pool().max(2).recycleAfterUses(20).build();
        List<CompletableFuture<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            tasks.add(pool.submit(python -> python.eval("sum(range(500))")));
            if (i == 200) {
                tasks.get(50).join();
                CompletableFuture<Void> unused = CompletableFuture.runAsync(pool::close);
            }
        }

        pool.close();

        int answered = 0;
        for (CompletableFuture<Object> task : tasks) {
            assertThat(task).isDone();
            if (task.isCompletedExceptionally()) {
                assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(task::join)
                        .withCauseInstanceOf(RejectedExecutionException.class);
            } else {
                assertThat(task.join()).isEqualTo(124750);
                answered++;
            }
        }
        assertThat(answered).isBetween(51, 400);
        isEnded(pool);
    }
}
