package org.hpyve.examples.serve;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.hpyve.examples.Unpacked;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterPool;
import org.hpyve.host.Limits;
import org.hpyve.host.dashboard.Dashboard;
import org.hpyve.host.metrics.HpyveMetrics;
import org.hpyve.host.metrics.PrometheusScrape;

/** The example server: a pool of interpreters, the service of tenants, and the dashboard; from its making until it is closed. */
public final class TenantServer implements AutoCloseable {

    /**
     * What to serve.
     *
     * @param port of the service; 0 for a free one
     * @param dashboardPort 0 for a free one
     * @param token lets operators do something on the dashboard; null if nobody may
     * @param interpreters how many tenants may be there at once
     * @param leak whether the last tenant leaks a handle with each document
     * @param load requests a second by clients of its own; 0 for none
     */
    public record Options(int port, int dashboardPort, String token, int interpreters, boolean leak, double load) {}

    private static final long MOST_HANDLES = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The first interpreters of a process take longer than others. */
    private static final Duration START = Duration.ofSeconds(30);

    /** The last one is closed first; guarded by this. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private final URI service;
    private final URI dashboard;

    /** @throws IOException if a port cannot be had */
    public TenantServer(Options options) throws IOException {
        try {
            Unpacked files =
                    part(new Unpacked("server", "json/hpyjson.hpy0.so", "serve/leaky.hpy0.so", "serve/tenant.py"));
            InterpreterHost host = part(InterpreterHost.builder()
                    .searchPath(files.folder())
                    .limits(Limits.NONE.withOpenHandles(MOST_HANDLES))
                    .drain(PATIENCE)
                    .build());
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            parts.push(registry::close);
            HpyveMetrics metrics = part(new HpyveMetrics(host));
            metrics.bindTo(registry);
            Dashboard.Builder described =
                    Dashboard.builder(host).port(options.dashboardPort()).metrics(new PrometheusScrape(registry));
            if (options.token() != null) {
                described.token(options.token());
            }
            Dashboard board = part(described.build());
            dashboard = board.url();
            InterpreterPool pool = part(host.pool()
                    .name("tenant")
                    .max(options.interpreters())
                    .minIdle(options.interpreters())
                    .acquireTimeout(START)
                    .freshGlobals(true)
                    .warmUp("import tenant")
                    .recycleAfterLeakedHandles(100)
                    .build());
            board.pool(pool);
            metrics.pool(pool);
            Tenants tenants = new Tenants(
                    pool, options.interpreters(), options.leak() ? "tenant-" + options.interpreters() : null);
            parts.push(tenants::forgetAll);
            Service served = part(new Service(options.port(), tenants));
            service = URI.create("http://localhost:" + served.port() + "/");
            if (options.load() > 0) {
                part(new Load(served.port(), options.interpreters(), options.load()));
            }
        } catch (IOException | RuntimeException e) {
            close();
            if (e instanceof UncheckedIOException unchecked) {
                throw unchecked.getCause();
            }
            throw e;
        }
    }

    private <T extends AutoCloseable> T part(T made) {
        parts.push(made);
        return made;
    }

    /** Where the service is. */
    public URI service() {
        return service;
    }

    /** Where the dashboard is. */
    public URI dashboard() {
        return dashboard;
    }

    /** Ends the service, closes all interpreters, and waits for that. Does nothing when called again. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.getLogger(TenantServer.class.getName()).log(System.Logger.Level.WARNING, "while closing", e);
            }
        }
    }
}
