package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.hpyve.scheduler.TaskTimeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets which interpreter of a pool, and when; with a thread for each interpreter, and with two for all. */
@ParameterizedClass
@ValueSource(ints = {0, 2})
class InterpreterPoolTest {

    @Parameter
    int workers;

    private PoolFixture fixture;

    @BeforeEach
    void open() {
        fixture = new PoolFixture(workers, Limits.NONE);
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        fixture.close();
    }

    @Test
    void aTaskRunsInAnInterpreterOfThePool() {
        InterpreterPool pool = fixture.pool().name("web").max(2).build();

        assertThat(pool.<Object>call(python -> python.eval("6 * 7"))).isEqualTo(42);
        assertThat(pool.call(Interpreter::name)).isEqualTo("web-1");
        assertThat(pool.submit(python -> Interpreter.current() == python).join())
                .isTrue();
        assertThat(Interpreter.current()).isNull();
        assertThat(fixture.made()).hasSize(1);
    }

    @Test
    void whatATaskThrowsReachesItsCallerAndTheInterpreterGoesOn() {
        InterpreterPool pool = fixture.pool().max(1).build();

        PythonException raised =
                catchThrowableOfType(PythonException.class, () -> pool.call(python -> python.eval("{}['no']")));

        assertThat(raised.typeName()).isEqualTo("KeyError");
        assertThat(raised.getStackTrace()).isNotEmpty();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(pool.submit(python -> python.eval("1 / 0"))::join)
                .withCauseInstanceOf(PythonException.class);
        assertThat(pool.call(Interpreter::name)).isEqualTo("pool-1");
        assertThat(fixture.made()).hasSize(1);
    }

    @Test
    void thereAreNeverMoreInterpretersThanTheMost() {
        InterpreterPool pool = fixture.pool().max(2).build();
        AtomicInteger active = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Object>> results = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            results.add(pool.submit(python -> {
                most.accumulateAndGet(active.incrementAndGet(), Math::max);
                Object value = python.eval("7");
                active.decrementAndGet();
                return value;
            }));
        }

        assertThat(results).allMatch(result -> result.join().equals(7));
        assertThat(most.get()).isBetween(1, 2);
        assertThat(fixture.made()).extracting(Interpreter::name).isSubsetOf("pool-1", "pool-2");
        assertThat(pool.stats().acquire().count()).isEqualTo(100);
        assertThat(pool.stats().usage().count()).isEqualTo(100);
    }

    @Test
    void interpretersAreMadeAhead() throws Exception {
        InterpreterPool pool = fixture.pool().max(3).minIdle(2).build();
        PoolFixture.await("two are idle", () -> pool.stats().idle() == 2);

        try (PooledInterpreter one = pool.acquire();
                PooledInterpreter two = pool.acquire()) {
            assertThat(one.eval("1")).isEqualTo(1);
            assertThat(two.interpreter()).isNotSameAs(one.interpreter());
            PoolFixture.await("the third is idle", () -> pool.stats().idle() == 1);
            assertThat(pool.stats().active()).isEqualTo(2);
        }
        PoolFixture.await("all are idle", () -> pool.stats().idle() == 3);
        assertThat(pool.stats().creation().count()).isEqualTo(3);
        assertThat(pool.stats().creation().max()).isPositive();
    }

    @Test
    void callersAreServedInTheOrderOfComing() throws Exception {
        InterpreterPool pool = fixture.pool().max(1).build();
        ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Boolean>> results = new ArrayList<>();

        try (PooledInterpreter lease = pool.acquire()) {
            PoolFixture.areLeased(lease);
            for (int i = 0; i < 20; i++) {
                int number = i;
                results.add(pool.submit(python -> order.add(number)));
            }
            assertThat(pool.stats().pending()).isEqualTo(20);
        }

        results.forEach(CompletableFuture::join);
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    }

    @Test
    void aThreadThatWaitsGetsWhatAnotherReturns() throws Exception {
        InterpreterPool pool = fixture.pool().max(1).build();
        CompletableFuture<String> got = new CompletableFuture<>();
        Thread second;
        try (PooledInterpreter lease = pool.acquire()) {
            PoolFixture.areLeased(lease);
            second = new Thread(() -> {
                try (PooledInterpreter mine = pool.acquire()) {
                    got.complete(mine.interpreter().name());
                }
            });
            second.start();
            PoolFixture.await("the second waits", () -> pool.stats().pending() == 1);
        }

        assertThat(got.join()).isEqualTo("pool-1");
        second.join();
    }

    @Test
    void whoWaitsTooLongGetsATimeout() {
        InterpreterPool pool =
                fixture.pool().max(1).acquireTimeout(Duration.ofMillis(30)).build();
        try (PooledInterpreter lease = pool.acquire(PoolFixture.SOON)) {
            PoolFixture.areLeased(lease);
            assertThatExceptionOfType(PoolTimeout.class)
                    .isThrownBy(pool::acquire)
                    .withMessageMatching("no interpreter of pool 'pool' within [0-9]+ ms: 1 of 1 are in use, "
                            + "0 being made, 1 callers wait");
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(pool.submit(python -> 1)::join)
                    .withCauseInstanceOf(PoolTimeout.class);
            PoolTimeout timeout = catchThrowableOfType(PoolTimeout.class, () -> pool.call(python -> 1));
            assertThat(timeout.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().contains("InterpreterPoolTest"));
            assertThat(pool.stats().pending()).isZero();
            assertThat(pool.stats().acquireTimeouts()).isEqualTo(3);
        }
        assertThat(pool.<Object>call(python -> python.eval("1"))).isEqualTo(1);
    }

    @Test
    void noMoreMayWaitThanAreAllowed() {
        InterpreterPool pool = fixture.pool().max(1).maxPending(2).build();
        List<CompletableFuture<Integer>> waiting;
        try (PooledInterpreter lease = pool.acquire()) {
            PoolFixture.areLeased(lease);
            waiting = List.of(pool.submit(python -> 1), pool.submit(python -> 2));

            assertThatExceptionOfType(PoolFull.class)
                    .isThrownBy(pool::acquire)
                    .withMessage("pool 'pool' has 2 callers waiting, as many as it may have");
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(pool.submit(python -> 3)::join)
                    .withCauseInstanceOf(PoolFull.class);
        }
        assertThat(waiting).extracting(CompletableFuture::join).containsExactly(1, 2);
        assertThat(pool.stats().rejected()).isEqualTo(2);
    }

    @Test
    void whereNobodyMayWaitInterpretersAreStillMade() {
        InterpreterPool pool = fixture.pool().max(2).maxPending(0).build();

        try (PooledInterpreter one = pool.acquire();
                PooledInterpreter two = pool.acquire()) {
            PoolFixture.areLeased(one, two);
            assertThatExceptionOfType(PoolFull.class).isThrownBy(pool::acquire);
        }
    }

    @Test
    void theDeadlineOfATaskIncludesTheWait() {
        InterpreterPool pool = fixture.pool().max(1).build();
        AtomicBoolean begun = new AtomicBoolean();
        try (PooledInterpreter lease = pool.acquire()) {
            PoolFixture.areLeased(lease);
            assertThatExceptionOfType(TaskTimeout.class)
                    .isThrownBy(() -> pool.call(python -> begun.getAndSet(true), Duration.ofMillis(30)))
                    .withMessage("a task of pool 'pool' did not begin before its deadline");
        }
        assertThat(pool.<Integer>call(python -> 1)).isEqualTo(1);
        assertThat(begun).isFalse();
    }

    @Test
    void aCancelledTaskLeavesTheLine() {
        InterpreterPool pool = fixture.pool().max(1).build();
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<Boolean> cancelled;
        try (PooledInterpreter lease = pool.acquire()) {
            PoolFixture.areLeased(lease);
            cancelled = pool.submit(python -> begun.getAndSet(true));
            assertThat(pool.stats().pending()).isEqualTo(1);
            assertThat(cancelled.cancel(false)).isTrue();
            assertThat(pool.stats().pending()).isZero();
        }
        assertThat(pool.<Integer>call(python -> 1)).isEqualTo(1);
        assertThatExceptionOfType(CancellationException.class).isThrownBy(cancelled::join);
        assertThat(begun).isFalse();
    }

    @Test
    void anInterruptedCallerGetsNothingAndKeepsItsInterrupt() {
        InterpreterPool pool = fixture.pool().max(1).build();
        try (PooledInterpreter lease = pool.acquire()) {
            PoolFixture.areLeased(lease);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CancellationException.class).isThrownBy(pool::acquire);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(pool.stats().pending()).isZero();
        }
        assertThat(pool.<Integer>call(python -> 1)).isEqualTo(1);
    }

    @Test
    void aReturnedInterpreterIsNotItsUsersAnyMore() {
        InterpreterPool pool = fixture.pool().max(1).build();
        PooledInterpreter lease = pool.acquire();
        lease.exec("x = 1");
        assertThat(lease.get("x")).isEqualTo(1);

        lease.close();
        lease.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> lease.eval("x"))
                .withMessage("interpreter 'pool-1' was returned to its pool");
        assertThatIllegalStateException().isThrownBy(lease::interpreter);
        try (PooledInterpreter other = pool.acquire();
                PooledInterpreter none = catching(pool)) {
            assertThat(other.eval("x")).isEqualTo(1);
            assertThat(none).isNull();
        }
    }

    /** What it gets at once; null if it gets nothing. */
    private static PooledInterpreter catching(InterpreterPool pool) {
        try {
            return pool.acquire(Duration.ofMillis(1));
        } catch (PoolTimeout e) {
            return null;
        }
    }

    @Test
    void tasksThatWaitInAReturnedInterpreterAreCancelled() {
        InterpreterPool pool = fixture.pool().max(1).build();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Integer> waiting;
        try (PooledInterpreter lease = pool.acquire()) {
            PoolFixture.areLeased(lease);
            CompletableFuture<Void> unused = lease.interpreter().submit(python -> {
                begun.countDown();
                PoolFixture.await(release);
                return null;
            });
            waiting = lease.interpreter().submit(python -> 1);
            PoolFixture.await(begun);
        }
        assertThatExceptionOfType(CancellationException.class).isThrownBy(waiting::join);
        release.countDown();
        assertThat(pool.<Integer>call(python -> 2)).isEqualTo(2);
    }

    @Test
    void variablesStayUnlessTheyAreToBeFresh() {
        InterpreterPool keeping = fixture.pool().name("keeping").max(1).build();
        InterpreterPool fresh = fixture.pool(python -> python.exec("base = 1\nother = 2"))
                .name("fresh")
                .max(1)
                .freshGlobals(true)
                .build();
        for (InterpreterPool pool : List.of(keeping, fresh)) {
            pool.call(python -> {
                python.exec("base = 'changed'; added = 3\nif 'other' in globals(): del other");
                return null;
            });
        }

        assertThat(keeping.<Object>call(python -> python.eval("(base, added)"))).isEqualTo(List.of("changed", 3));
        assertThat(fresh.<Object>call(python -> python.eval("(base, other, 'added' in globals(), __name__)")))
                .isEqualTo(List.of(1, 2, false, "__main__"));
    }

    @Test
    void aHostHasNoTwoPoolsOfAName() {
        InterpreterPool pool = fixture.pool().name("same").build();

        assertThatIllegalStateException()
                .isThrownBy(() -> fixture.pool().name("same").build())
                .withMessage("a pool named 'same' is open");
        pool.close();
        assertThat(fixture.pool().name("same").build().<Integer>call(python -> 1))
                .isEqualTo(1);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.pool().max(0));
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.pool().minIdle(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.pool().name(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.pool().acquireTimeout(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.pool().max(1).minIdle(2).build())
                .withMessage("2 idle interpreters in a pool of 1");
    }
}
