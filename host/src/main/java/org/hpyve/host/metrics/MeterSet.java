package org.hpyve.host.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;

/** Meters in a registry that go together. For one thread at a time. */
final class MeterSet implements AutoCloseable {

    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();

    MeterSet(MeterRegistry registry) {
        this.registry = registry;
    }

    void add(Gauge.Builder<?> gauge) {
        meters.add(gauge.register(registry));
    }

    void add(FunctionCounter.Builder<?> counter) {
        meters.add(counter.register(registry));
    }

    void add(FunctionTimer.Builder<?> timer) {
        meters.add(timer.register(registry));
    }

    Timer add(Timer.Builder timer) {
        Timer made = timer.register(registry);
        meters.add(made);
        return made;
    }

    /** Removes them. */
    @Override
    public void close() {
        for (Meter meter : meters) {
            // It may be gone already, with a registry that was cleared.
            Meter unused = registry.remove(meter);
        }
        meters.clear();
    }
}
