package org.hpyve.host.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.hpyve.host.CloseReport;
import org.hpyve.host.HostListener;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterPool;
import org.hpyve.scheduler.Stuck;

/** The meters of one host in one registry, as interpreters and pools come and go. Any thread; each method has the lock. */
final class Binding implements HostListener {

    private static final String OPEN = "interpreter.open";

    private final InterpreterHost host;
    private final MeterRegistry registry;
    private final Tags tags;
    private final MeterSet own;
    private final Map<Interpreter, InterpreterMeters> interpreters = new HashMap<>();
    private final Map<InterpreterPool, PoolMeters> pools = new HashMap<>();

    /** Handles that closed interpreters have left open, by slot. */
    private final Map<Integer, LongAdder> leaked = new HashMap<>();

    private boolean closed;

    /** @throws IllegalStateException if the registry has meters of a host with this name */
    Binding(InterpreterHost host, String name, MeterRegistry registry) {
        this.host = host;
        this.registry = registry;
        tags = Tags.of("host", name);
        if (registry.find(OPEN).tags(tags).gauge() != null) {
            throw new IllegalStateException("the registry has meters of a host named '" + name + "' already");
        }
        own = new MeterSet(registry);
        own.add(Gauge.builder(OPEN, host, each -> each.interpreters().size())
                .description("Interpreters that are open")
                .tags(tags));
    }

    /** Registers the interpreters that are open, and those to come. */
    synchronized void open() {
        host.addListener(this);
        // One that is closed meanwhile is in this list only if its end has still to be told, which waits for the lock.
        host.interpreters().forEach(this::created);
    }

    @Override
    public synchronized void created(Interpreter interpreter) {
        if (closed || interpreters.containsKey(interpreter)) {
            return;
        }
        leaked(interpreter.slot());
        interpreters.put(interpreter, new InterpreterMeters(registry, tags, interpreter));
    }

    @Override
    public synchronized void extensionLoading(Interpreter interpreter, String module) {
        InterpreterMeters meters = interpreters.get(interpreter);
        if (meters != null) {
            meters.addModule(module);
        }
    }

    @Override
    public synchronized void leaked(Interpreter interpreter, long handles) {
        if (!closed) {
            leaked(interpreter.slot()).add(handles);
        }
    }

    /** The sum for a slot, whose meter stays. */
    private LongAdder leaked(int slot) {
        return leaked.computeIfAbsent(slot, number -> {
            LongAdder sum = new LongAdder();
            own.add(FunctionCounter.builder("hpy.handles.leaked", sum, LongAdder::doubleValue)
                    .description("Handles that extensions had left open when interpreters of this slot were closed")
                    .tags(tags.and("interpreter", Integer.toString(number))));
            return sum;
        });
    }

    @Override
    public void closed(Interpreter interpreter, CloseReport report) {
        remove(interpreter);
    }

    @Override
    public void abandoned(Interpreter interpreter, Stuck reason) {
        remove(interpreter);
    }

    private synchronized void remove(Interpreter interpreter) {
        InterpreterMeters meters = interpreters.remove(interpreter);
        if (meters != null) {
            meters.close();
        }
    }

    synchronized void add(InterpreterPool pool) {
        if (!closed && !pools.containsKey(pool)) {
            pools.put(pool, new PoolMeters(registry, tags, pool, () -> remove(pool)));
            pool.addListener(pools.get(pool));
            if (pool.isClosed()) {
                remove(pool);
            }
        }
    }

    private synchronized void remove(InterpreterPool pool) {
        PoolMeters meters = pools.remove(pool);
        if (meters != null) {
            pool.removeListener(meters);
            meters.close();
        }
    }

    /** Removes all meters. */
    synchronized void close() {
        closed = true;
        host.removeListener(this);
        interpreters.values().forEach(InterpreterMeters::close);
        interpreters.clear();
        pools.forEach((pool, meters) -> {
            pool.removeListener(meters);
            meters.close();
        });
        pools.clear();
        own.close();
    }
}
