package org.hpyve.examples.serve;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.PathTemplateMatch;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.hpyve.host.PoolTimeout;
import org.hpyve.host.PythonException;
import org.hpyve.scheduler.TaskTimeout;
import org.xnio.XnioWorker;

/** The service's HTTP side: documents of tenants. */
final class Service implements AutoCloseable {

    private static final long MOST_BYTES = 1 << 20;
    private static final int THREADS = 16;
    private static final String JSON = "application/json; charset=utf-8";

    private final Tenants tenants;
    private final Undertow undertow;

    /** @throws IOException if the port cannot be had */
    Service(int port, Tenants tenants) throws IOException {
        this.tenants = tenants;
        undertow = Undertow.builder()
                .addHttpListener(port, "localhost")
                .setIoThreads(2)
                .setWorkerThreads(THREADS)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MOST_BYTES)
                .setHandler(Handlers.routing()
                        .post("/tenants/{name}/documents", handler(this::add))
                        .get("/tenants/{name}/documents/{number}", handler(this::get))
                        .get("/tenants/{name}", handler(this::about))
                        .delete("/tenants/{name}", handler(this::forget)))
                .build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof BindException) {
                throw new BindException("port %d of localhost cannot be had: %s"
                        .formatted(port, e.getCause().getMessage()));
            }
            throw e;
        }
    }

    int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    private interface Work {
        void on(HttpServerExchange exchange, String tenant) throws IOException;
    }

    /** Errors of the caller are answered as such; others become status 500. */
    private static HttpHandler handler(Work work) {
        return new BlockingHandler(exchange -> {
            try {
                work.on(exchange, parameter(exchange, "name"));
            } catch (CompletionException e) {
                problem(exchange, e.getCause());
            } catch (RequestTooBigException e) {
                String what = "more than %d bytes".formatted(MOST_BYTES);
                answer(exchange, StatusCodes.REQUEST_ENTITY_TOO_LARGE, "text/plain; charset=utf-8", what);
            } catch (PoolTimeout | RejectedExecutionException | CancellationException e) {
                problem(exchange, e);
            }
        });
    }

    private static void problem(HttpServerExchange exchange, Throwable problem) {
        if (problem instanceof PythonException python && python.getMessage().startsWith("ValueError")) {
            answer(exchange, StatusCodes.BAD_REQUEST, "text/plain; charset=utf-8", problem.getMessage());
        } else if (problem instanceof TaskTimeout
                || problem instanceof PoolTimeout
                || problem instanceof RejectedExecutionException
                || problem instanceof CancellationException) {
            answer(exchange, StatusCodes.SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", problem.getMessage());
        } else {
            answer(exchange, StatusCodes.INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", problem.getMessage());
        }
    }

    private void add(HttpServerExchange exchange, String tenant) throws IOException {
        String document = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Number number = (Number) tenants.submit(tenant, python -> python.call("store.add", document))
                .join();
        answer(exchange, StatusCodes.CREATED, JSON, "{\"number\": " + number + "}");
    }

    private void get(HttpServerExchange exchange, String tenant) {
        String number = parameter(exchange, "number");
        Object document = !number.matches("\\d{1,9}")
                ? null
                : tenants.submit(tenant, python -> python.call("store.get", Integer.parseInt(number)))
                        .join();
        if (document == null) {
            exchange.setStatusCode(StatusCodes.NOT_FOUND).endExchange();
        } else {
            answer(exchange, StatusCodes.OK, JSON, (String) document);
        }
    }

    private void about(HttpServerExchange exchange, String tenant) {
        Object about =
                tenants.submit(tenant, python -> python.call("store.about")).join();
        answer(exchange, StatusCodes.OK, JSON, (String) about);
    }

    private void forget(HttpServerExchange exchange, String tenant) {
        exchange.setStatusCode(tenants.forget(tenant) ? StatusCodes.NO_CONTENT : StatusCodes.NOT_FOUND)
                .endExchange();
    }

    private static String parameter(HttpServerExchange exchange, String name) {
        return exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY)
                .getParameters()
                .get(name);
    }

    private static void answer(HttpServerExchange exchange, int status, String type, String text) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(text);
    }

    /** Takes no more requests, and ends the threads that serve them. */
    @Override
    public void close() {
        XnioWorker threads = undertow.getWorker();
        undertow.stop();
        try {
            var unused = threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
