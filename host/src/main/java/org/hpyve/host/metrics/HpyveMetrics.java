package org.hpyve.host.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterPool;

/**
 * Meters of a host for Micrometer: for each interpreter its handles, calls, crossings, memory, tasks and CPU time, for each
 * pool its interpreters and who waits. The reference page of metrics has all of them.
 *
 * <p>To read a meter takes no lock, and no interpreter notices. The tag {@code interpreter} is the interpreter's {@link
 * org.hpyve.host.Interpreter#slot slot}, so that there are never more names than interpreters at once. Meters of an
 * interpreter are gone when it is closed; what it has leaked is then part of {@code hpy.handles.leaked} of its slot, which
 * stays.
 *
 * <p>Any thread may use it. One may be bound to several registries.
 */
public final class HpyveMetrics implements MeterBinder, AutoCloseable {

    /** The tag {@code host} where none is given. */
    public static final String DEFAULT_NAME = "hpyve";

    private final InterpreterHost host;
    private final String name;

    /** Guarded by this. */
    private final List<Binding> bindings = new ArrayList<>();

    /** Guarded by this. */
    private final List<InterpreterPool> pools = new ArrayList<>();

    private boolean closed;

    /** Metrics of the only host in the process, or the only one that has metrics. */
    public HpyveMetrics(InterpreterHost host) {
        this(host, DEFAULT_NAME);
    }

    /**
     * Metrics of one of several hosts.
     *
     * @param name the tag {@code host} of all meters
     */
    public HpyveMetrics(InterpreterHost host, String name) {
        this.host = Objects.requireNonNull(host, "host");
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * Registers the meters, and from then on those of each new interpreter. Where interpreters share threads, these measure
     * CPU time from now on: see {@link InterpreterHost#meterCpuTime}.
     *
     * @throws IllegalStateException if the registry has meters of a host with this name already, or this is closed
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        checkOpen();
        Binding binding = new Binding(host, name, registry);
        bindings.add(binding);
        host.meterCpuTime(true);
        binding.open();
        pools.forEach(binding::add);
    }

    /**
     * Adds the meters of a pool, until it is closed. Its timers begin with what happens from now on.
     *
     * @return this
     */
    public synchronized HpyveMetrics pool(InterpreterPool pool) {
        checkOpen();
        pools.removeIf(InterpreterPool::isClosed);
        pools.add(Objects.requireNonNull(pool, "pool"));
        bindings.forEach(binding -> binding.add(pool));
        return this;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("these metrics are closed");
        }
    }

    /** Removes all meters from all registries. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            bindings.forEach(Binding::close);
            if (!bindings.isEmpty()) {
                host.meterCpuTime(false);
            }
            bindings.clear();
            pools.clear();
        }
    }
}
