package org.hpyve.host.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterPool;

/**
 * A page with one row for each interpreter of a host, which shows live what they do and which of them leak handles; with
 * the same as JSON, and an endpoint for Prometheus. It is there from {@link Builder#build} until it is closed, and is to be
 * closed before its host.
 *
 * <p>Unless told otherwise it listens on this machine only, and changes nothing. Any thread may use it.
 */
public final class Dashboard implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final Feed feed = new Feed();
    private final Chronicle chronicle = new Chronicle(happening -> feed.send("happening", Json.of(happening)));
    private final Pools pools = new Pools(chronicle);
    private final InterpreterEvents events = new InterpreterEvents(chronicle);
    private final InterpreterHost host;
    private final ExecutorService threads;
    private final Sampler sampler;
    private final Server server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Dashboard(Builder described) throws IOException {
        host = described.host;
        threads = Executors.newCachedThreadPool(work -> {
            Thread made = new Thread(work, "hpyve-dashboard-work");
            made.setDaemon(true);
            return made;
        });
        sampler = new Sampler(host, "hpyve-dashboard-sampler", this::publish);
        Api api = new Api(
                sampler,
                chronicle,
                pools,
                new Inspector(threads),
                new Operator(chronicle, threads, described.recycler),
                described.metrics,
                described.token);
        try {
            server = new Server(described.address, described.port, api, feed);
        } catch (IOException | RuntimeException e) {
            sampler.close();
            threads.shutdownNow();
            throw e;
        }
        host.addListener(events);
        host.meterCpuTime(true);
        sampler.start(described.periodMillis);
    }

    private void publish(List<Track> tracks) {
        if (!feed.isEmpty()) {
            feed.send("tick", Api.tick(tracks, pools.numbers()));
        }
    }

    /** Begins the description of a dashboard of a host. */
    public static Builder builder(InterpreterHost host) {
        return new Builder(host);
    }

    /** Where the page is, such as {@code http://localhost:8081/}. */
    public URI url() {
        return server.url();
    }

    /** Has the page show how many interpreters of a pool are in use, and why it closes some; until the pool is closed. */
    public void pool(InterpreterPool pool) {
        pools.add(Objects.requireNonNull(pool, "pool"));
    }

    /**
     * Ends connections and threads, and waits for them; for an interpreter that is just being recycled, only a few seconds.
     * Does nothing when called again.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            host.removeListener(events);
            host.meterCpuTime(false);
            pools.close();
            feed.dropAll();
            server.close();
            sampler.close();
            threads.shutdownNow();
            try {
                var unused = threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Describes a dashboard. Not for use by several threads. */
    public static final class Builder {

        private final InterpreterHost host;
        private InetAddress address = InetAddress.getLoopbackAddress();
        private int port;
        private String token;
        private UnaryOperator<String> metrics;
        private Consumer<Interpreter> recycler = Interpreter::close;
        private long periodMillis = 1000;

        private Builder(InterpreterHost host) {
            this.host = Objects.requireNonNull(host, "host");
        }

        /** Where to listen; on the loopback address if not called. Then requests in the name of other hosts are refused. */
        public Builder address(InetAddress value) {
            address = Objects.requireNonNull(value, "address");
            return this;
        }

        /** The TCP port; a free one if not called, or if it is 0. */
        public Builder port(int value) {
            if (value < 0 || value > 65535) {
                throw new IllegalArgumentException("no port: " + value);
            }
            port = value;
            return this;
        }

        /** Lets who knows the token have leaks traced and interpreters recycled. Without it nobody may. */
        public Builder token(String value) {
            if (value.isBlank()) {
                throw new IllegalArgumentException("the token is empty");
            }
            token = value;
            return this;
        }

        /**
         * What Prometheus gets at {@code /metrics}; nothing if not called.
         *
         * @param scrape gives all metrics in the format of a content type, such as a {@link
         *     org.hpyve.host.metrics.PrometheusScrape}
         */
        public Builder metrics(UnaryOperator<String> scrape) {
            metrics = Objects.requireNonNull(scrape, "scrape");
            return this;
        }

        /**
         * How an interpreter is recycled; if not called, it is closed, and a pool then makes another one.
         *
         * @param work may take its time; called by a thread of the dashboard
         */
        public Builder recycler(Consumer<Interpreter> work) {
            recycler = Objects.requireNonNull(work, "work");
            return this;
        }

        /** How often interpreters are looked at, for tests. */
        Builder period(long millis) {
            periodMillis = millis;
            return this;
        }

        /**
         * Opens the dashboard.
         *
         * @throws UncheckedIOException if the port is in use, or cannot be had
         */
        public Dashboard build() {
            try {
                return new Dashboard(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
