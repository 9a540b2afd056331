package org.hpyve.host.dashboard;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.xnio.IoUtils;

/**
 * Those who listen to server-sent events. Any thread sends, and never waits: a message is queued for each listener, and a
 * listener that has fallen behind is dropped. A browser then connects again by itself.
 */
final class Feed implements HttpHandler {

    private static final int MOST_LISTENERS = 100;

    /** What a second's message weighs in events: these come in bursts, such as when a host is closed. */
    private static final int WEIGHT = 200;

    /** How late somebody may be: five seconds. */
    private static final int MOST_BEHIND = 5 * WEIGHT;

    private static int weight(String name) {
        return name.equals("happening") ? 1 : WEIGHT;
    }

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** A browser, and the weight of the messages that it has not taken yet. */
    private final class Listener implements ServerSentEventConnection.EventCallback {

        private final ServerSentEventConnection events;
        private final ServerConnection connection;
        private final AtomicInteger behind = new AtomicInteger();

        Listener(ServerSentEventConnection events, ServerConnection connection) {
            this.events = events;
            this.connection = connection;
        }

        void send(String name, String data) {
            if (behind.addAndGet(weight(name)) > MOST_BEHIND) {
                drop();
            } else {
                events.send(data, name, null, this);
            }
        }

        void drop() {
            if (listeners.remove(this)) {
                // A connection belongs to its thread.
                connection.getIoThread().execute(() -> IoUtils.safeClose(connection));
            }
        }

        @Override
        public void done(ServerSentEventConnection from, String data, String event, String id) {
            var unused = behind.addAndGet(-weight(event));
        }

        @Override
        public void failed(ServerSentEventConnection from, String data, String event, String id, IOException why) {
            drop();
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (listeners.size() >= MOST_LISTENERS) {
            exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE).endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        new ServerSentEventHandler((events, lastEventId) -> {
                    Listener listener = new Listener(events, exchange.getConnection());
                    listeners.add(listener);
                    events.addCloseTask(closed -> listener.drop());
                })
                .handleRequest(exchange);
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    int size() {
        return listeners.size();
    }

    void send(String name, String data) {
        listeners.forEach(listener -> listener.send(name, data));
    }

    void dropAll() {
        listeners.forEach(Listener::drop);
    }
}
