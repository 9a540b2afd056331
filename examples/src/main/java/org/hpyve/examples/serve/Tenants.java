package org.hpyve.examples.serve;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** A tenant and its interpreter, guarded by its own lock: nobody else waits while one is waited for. */
    private final class Tenant {

        private final String name;
        private PooledInterpreter lease;
        private boolean gone;

        Tenant(String name) {
            this.name = name;
        }

        /**
         * Null if the tenant has been forgotten. What is submitted is cancelled if that happens before it is done: with the
         * lock, nothing of this tenant comes to the interpreter when it is somebody else's.
         */
        synchronized <T> CompletableFuture<T> submit(Function<Interpreter, T> task) {
            return gone ? null : interpreter().submit(task, DEADLINE);
        }

        private Interpreter interpreter() {
            if (lease != null && lease.interpreter().isClosed()) {
                // An operator has recycled it.
                lease.close();
                lease = null;
            }
            if (lease == null) {
                PooledInterpreter got = pool.acquire();
                try {
                    got.exec("store = tenant.Store(%s)".formatted(name.equals(leaking) ? "leaks=True" : ""));
                } catch (RuntimeException e) {
                    got.close();
                    throw e;
                }
                lease = got;
            }
            return lease.interpreter();
        }

        synchronized void forget() {
            gone = true;
            if (lease != null) {
                lease.close();
            }
        }
    }

    /** The one that was away for longest is the first; guarded by this. */
    private final Map<String, Tenant> tenants = new LinkedHashMap<>(16, 0.75f, true);

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
        while (true) {
            CompletableFuture<T> result = tenant(tenant).submit(task);
            if (result != null) {
                return result;
            }
        }
    }

    private Tenant tenant(String name) {
        Tenant tenant;
        Tenant leaving = null;
        synchronized (this) {
            tenant = tenants.get(name);
            if (tenant == null) {
                if (tenants.size() >= most) {
                    leaving = tenants.remove(tenants.keySet().iterator().next());
                }
                tenant = new Tenant(name);
                tenants.put(name, tenant);
            }
        }
        if (leaving != null) {
            leaving.forget();
        }
        return tenant;
    }

    /** Gives the tenant's interpreter back; false if it has none. */
    boolean forget(String name) {
        Tenant tenant;
        synchronized (this) {
            tenant = tenants.remove(name);
        }
        if (tenant == null) {
            return false;
        }
        tenant.forget();
        return true;
    }

    void forgetAll() {
        List<Tenant> all;
        synchronized (this) {
            all = List.copyOf(tenants.values());
            tenants.clear();
        }
        all.forEach(Tenant::forget);
    }
}
