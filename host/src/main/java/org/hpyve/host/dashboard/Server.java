package org.hpyve.host.dashboard;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** The HTTP server with its threads, from its making until it is closed. */
final class Server implements AutoCloseable {

    private static final int CONNECTION_THREADS = 2;
    private static final int WORK_THREADS = 4;
    private static final long MOST_REQUEST_BYTES = 64 << 10;

    private final XnioWorker worker;
    private final Undertow undertow;
    private final URI url;

    /** @throws IOException if the port cannot be had */
    Server(InetAddress address, int port, Api api, Feed feed) throws IOException {
        HttpHandler handler = new Guard(address, routes(api, feed));
        worker = Xnio.getInstance(Server.class.getClassLoader())
                .createWorker(OptionMap.builder()
                        .set(Options.WORKER_NAME, "hpyve-dashboard")
                        .set(Options.WORKER_IO_THREADS, CONNECTION_THREADS)
                        .set(Options.WORKER_TASK_CORE_THREADS, 1)
                        .set(Options.WORKER_TASK_MAX_THREADS, WORK_THREADS)
                        .set(Options.THREAD_DAEMON, true)
                        .getMap());
        undertow = Undertow.builder()
                .setWorker(worker)
                .addHttpListener(port, address.getHostAddress())
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MOST_REQUEST_BYTES)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, (int) TimeUnit.MINUTES.toMillis(1))
                .setHandler(handler)
                .build();
        try {
            undertow.start();
            url = url(address);
        } catch (RuntimeException e) {
            close();
            if (e.getCause() instanceof BindException) {
                throw new BindException("port %d of %s cannot be had: %s"
                        .formatted(port, address.getHostAddress(), e.getCause().getMessage()));
            }
            throw e;
        }
    }

    private URI url(InetAddress address) {
        int given = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        // An address that stands for all is none to connect to, but this machine's own name may not be known to itself.
        String host = address.isAnyLocalAddress() || address.equals(InetAddress.getLoopbackAddress())
                ? "localhost"
                : address.getHostAddress().replace("%", "%25");
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + given + "/");
    }

    private static HttpHandler routes(Api api, Feed feed) {
        Assets assets = new Assets();
        return Handlers.routing()
                .get("/metrics", new BlockingHandler(api::metrics))
                .get("/api/interpreters", new BlockingHandler(api::interpreters))
                .get("/api/interpreters/{slot}", new BlockingHandler(api::interpreter))
                .get("/api/interpreters/{slot}/handles", new BlockingHandler(api::handles))
                .post("/api/interpreters/{slot}/trace", new BlockingHandler(api::trace))
                .post("/api/interpreters/{slot}/recycle", new BlockingHandler(api::recycle))
                .get("/api/events", feed)
                .get("/", assets)
                .get("/{file}", assets);
    }

    URI url() {
        return url;
    }

    /** Ends all connections and threads, and waits for them. */
    @Override
    public void close() {
        undertow.stop();
        worker.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (worker.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
