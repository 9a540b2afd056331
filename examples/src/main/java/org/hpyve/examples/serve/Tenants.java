package org.hpyve.examples.serve;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.PooledInterpreter;

/**
 * Who has which interpreter of the pool. A tenant gets one with its first request and keeps it until it is forgotten, or
 * until nobody was away for longer when another tenant comes. Any thread.
 */
final class Tenants {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final InterpreterPool pool;
    private final int most;
    private final String leaking;

    /** The one that was away for longest is the first; guarded by this. */
    private final Map<String, PooledInterpreter> leases = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param most how many interpreters the pool has
     * @param leaking the tenant whose interpreter leaks handles; null for none
     */
    Tenants(InterpreterPool pool, int most, String leaking) {
        this.pool = pool;
        this.most = most;
        this.leaking = leaking;
    }

    /** Has the tenant's interpreter do something; requests of a tenant are done in the order of coming. */
    <T> CompletableFuture<T> submit(String tenant, Function<Interpreter, T> task) {
        return interpreter(tenant).submit(task, DEADLINE);
    }

    private synchronized Interpreter interpreter(String tenant) {
        PooledInterpreter lease = leases.get(tenant);
        if (lease != null && lease.interpreter().isClosed()) {
            // An operator has recycled it.
            forget(tenant);
            lease = null;
        }
        if (lease == null) {
            if (leases.size() >= most) {
                forget(leases.keySet().iterator().next());
            }
            lease = pool.acquire();
            try {
                lease.exec("store = tenant.Store(%s)".formatted(tenant.equals(leaking) ? "leaks=True" : ""));
            } catch (RuntimeException e) {
                lease.close();
                throw e;
            }
            leases.put(tenant, lease);
        }
        return lease.interpreter();
    }

    /** Gives the tenant's interpreter back; false if it has none. */
    synchronized boolean forget(String tenant) {
        PooledInterpreter lease = leases.remove(tenant);
        if (lease == null) {
            return false;
        }
        lease.close();
        return true;
    }

    synchronized void forgetAll() {
        leases.values().forEach(PooledInterpreter::close);
        leases.clear();
    }
}
