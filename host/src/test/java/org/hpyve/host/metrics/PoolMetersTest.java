package org.hpyve.host.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.hpyve.host.HostFixture;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.PoolListener;
import org.hpyve.host.PoolTimeout;
import org.hpyve.host.PooledInterpreter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The meters of pools. */
class PoolMetersTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void nothingIsLeft() {
        assertThat(registry.getMeters()).isEmpty();
    }

    private double gauge(String name) {
        return registry.get(name).tag("host", "hpyve").tag("pool", "p").gauge().value();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(1);
        }
    }

    private Timer timer(String name) {
        return registry.get(name).tag("pool", "p").timer();
    }

    @Test
    void aPoolThatTakesTheNameOfAClosedOneIsMeasured() throws Exception {
        try (HpyveMetrics metrics = new HpyveMetrics(fixture.host())) {
            metrics.bindTo(registry);
            InterpreterPool first = fixture.host().pool().name("p").max(1).build();
            CountDownLatch told = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            first.addListener(new PoolListener() {
                @Override
                public void closed() {
                    told.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            metrics.pool(first);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(first::close);
            told.await();
            assertThatThrownBy(() -> fixture.host().pool().name("p").max(2).build())
                    .isInstanceOf(IllegalStateException.class);
            assertThat(gauge("interpreter.pool.max")).isOne();
            goOn.countDown();
            closing.join();

            await(() -> registry.find("interpreter.pool.max").meters().isEmpty());
            InterpreterPool[] second = new InterpreterPool[1];
            await(() -> {
                try {
                    second[0] = fixture.host().pool().name("p").max(2).build();
                    return true;
                } catch (IllegalStateException e) {
                    return false;
                }
            });
            metrics.pool(second[0]);
            assertThat(gauge("interpreter.pool.max")).isEqualTo(2);
        }
    }

    @Test
    void aPoolIsMeasuredUntilItIsClosed() throws Exception {
        try (HpyveMetrics metrics = new HpyveMetrics(fixture.host())) {
            metrics.bindTo(registry);
            InterpreterPool pool = fixture.host()
                    .pool()
                    .name("p")
                    .max(1)
                    .acquireTimeout(Duration.ofMillis(20))
                    .build();
            metrics.pool(pool);
            assertThat(gauge("interpreter.pool.max")).isOne();
            try (PooledInterpreter python = pool.acquire(Duration.ofMinutes(1))) {
                assertThat(gauge("interpreter.pool.active")).isOne();
                assertThat(gauge("interpreter.pool.idle")).isZero();
                assertThat(gauge("interpreter.pool.pending")).isZero();
                assertThatThrownBy(pool::acquire).isInstanceOf(PoolTimeout.class);
                python.discard();
            }
            assertThat(registry.get("interpreter.pool.timeout")
                            .functionCounter()
                            .count())
                    .isOne();
            await(() -> timer("interpreter.pool.usage").count() == 1);
            assertThat(timer("interpreter.pool.acquire").count()).isOne();
            assertThat(timer("interpreter.pool.usage").totalTime(TimeUnit.MILLISECONDS))
                    .isGreaterThanOrEqualTo(20);
            assertThat(timer("interpreter.pool.creation").count()).isBetween(0L, 2L);
            await(() -> registry.get("interpreter.recycled")
                            .tag("reason", "discarded")
                            .functionCounter()
                            .count()
                    == 1);
            pool.close();
            await(() -> registry.find("interpreter.pool.max").meters().isEmpty());
            assertThat(registry.find("interpreter.pool.usage").meters()).isEmpty();
            assertThat(registry.find("interpreter.recycled").meters()).isEmpty();
        }
    }
}
