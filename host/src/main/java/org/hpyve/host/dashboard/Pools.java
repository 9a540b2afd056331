package org.hpyve.host.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.PoolStats;

/** The pools that the page shows, until they are closed. Any thread. */
final class Pools implements AutoCloseable {

    /** One pool at one moment: how many interpreters it has, and how many callers wait. */
    record Numbers(String name, int max, int active, int idle, int starting, int closing, int pending) {}

    private final Chronicle chronicle;

    /** Guarded by this. */
    private final Map<InterpreterPool, PoolEvents> pools = new LinkedHashMap<>();

    Pools(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    synchronized void add(InterpreterPool pool) {
        PoolEvents events = new PoolEvents(chronicle, () -> remove(pool));
        if (pools.putIfAbsent(pool, events) == null) {
            pool.addListener(events);
            if (pool.isClosed()) {
                remove(pool);
            }
        }
    }

    private synchronized void remove(InterpreterPool pool) {
        PoolEvents events = pools.remove(pool);
        if (events != null) {
            pool.removeListener(events);
        }
    }

    synchronized List<Numbers> numbers() {
        return pools.keySet().stream()
                .map(pool -> {
                    PoolStats stats = pool.stats();
                    return new Numbers(
                            pool.name(),
                            stats.max(),
                            stats.active(),
                            stats.idle(),
                            stats.creating(),
                            stats.closing(),
                            stats.pending());
                })
                .toList();
    }

    @Override
    public synchronized void close() {
        pools.forEach(InterpreterPool::removeListener);
        pools.clear();
    }
}
