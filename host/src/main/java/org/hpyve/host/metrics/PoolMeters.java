package org.hpyve.host.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.PoolListener;
import org.hpyve.host.PoolStats;
import org.hpyve.host.RecycleReason;

/** The meters of one pool: numbers that are read, and timers that are told of each event. */
final class PoolMeters implements PoolListener, AutoCloseable {

    private final MeterSet meters;
    private final Tags tags;
    private final Runnable whenClosed;
    private final Timer acquire;
    private final Timer usage;
    private final Timer creation;

    /**
     * Registers them.
     *
     * @param whenClosed run when the pool is closed
     */
    PoolMeters(MeterRegistry registry, Tags host, InterpreterPool pool, Runnable whenClosed) {
        this.meters = new MeterSet(registry);
        this.tags = host.and("pool", pool.name());
        this.whenClosed = whenClosed;
        gauge(pool, "max", "The most interpreters that the pool may have", PoolStats::max);
        gauge(pool, "active", "Interpreters that are in use", PoolStats::active);
        gauge(pool, "idle", "Interpreters that are ready", PoolStats::idle);
        gauge(pool, "pending", "Callers that wait for an interpreter", PoolStats::pending);
        acquire = timer("acquire", "How long callers that got an interpreter had waited");
        usage = timer("usage", "How long interpreters were in use");
        creation = timer("creation", "How long it took to make an interpreter and warm it up");
        meters.add(FunctionCounter.builder(
                        "interpreter.pool.timeout", pool, each -> each.stats().acquireTimeouts())
                .description("Callers that waited as long as they wanted, and got no interpreter")
                .tags(tags));
        for (RecycleReason reason : RecycleReason.values()) {
            meters.add(FunctionCounter.builder(
                            "interpreter.recycled",
                            pool,
                            each -> each.stats().recycled().get(reason))
                    .description("Interpreters that the pool has closed, by the reason")
                    .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT))));
        }
    }

    private void gauge(InterpreterPool pool, String name, String what, ToDoubleFunction<PoolStats> value) {
        meters.add(Gauge.builder("interpreter.pool." + name, pool, each -> value.applyAsDouble(each.stats()))
                .description(what)
                .tags(tags));
    }

    private Timer timer(String name, String what) {
        return meters.add(
                Timer.builder("interpreter.pool." + name).description(what).tags(tags));
    }

    @Override
    public void acquired(Duration waited) {
        acquire.record(waited);
    }

    @Override
    public void returned(Duration used) {
        usage.record(used);
    }

    @Override
    public void created(String interpreter, Duration took) {
        creation.record(took);
    }

    @Override
    public void closed() {
        whenClosed.run();
    }

    /** Removes them. */
    @Override
    public void close() {
        meters.close();
    }
}
