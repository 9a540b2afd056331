package org.hpyve.host.dashboard;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.PathTemplateMatch;
import io.undertow.util.StatusCodes;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.hpyve.host.dashboard.Inspector.Busy;

/** What is answered in JSON, and the endpoint for Prometheus. Any thread. */
final class Api {

    /** Everything that a page needs to begin with. */
    private record Snapshot(
            long time,
            boolean actions,
            List<Pools.Numbers> pools,
            List<Row> interpreters,
            Map<Integer, Float[]> recentlyOpen,
            List<Happening> events) {}

    /** What follows each second. */
    private record Tick(long time, List<Pools.Numbers> pools, List<Row> interpreters) {}

    private record Detail(
            Row interpreter,
            Map<String, Float[]> history,
            Map<String, Long> calls,
            long fields,
            long globals,
            boolean actions) {}

    private record Problem(String error) {}

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final Sampler sampler;
    private final Chronicle chronicle;
    private final Pools pools;
    private final Inspector inspector;
    private final Operator operator;
    private final UnaryOperator<String> metrics;
    private final String token;

    /** @param token null if nobody may do anything */
    Api(
            Sampler sampler,
            Chronicle chronicle,
            Pools pools,
            Inspector inspector,
            Operator operator,
            UnaryOperator<String> metrics,
            String token) {
        this.sampler = sampler;
        this.chronicle = chronicle;
        this.pools = pools;
        this.inspector = inspector;
        this.operator = operator;
        this.metrics = metrics;
        this.token = token;
    }

    static String tick(List<Track> tracks, List<Pools.Numbers> pools) {
        return Json.of(new Tick(System.currentTimeMillis(), pools, rows(tracks)));
    }

    private static List<Row> rows(List<Track> tracks) {
        return tracks.stream().map(Track::row).toList();
    }

    void interpreters(HttpServerExchange exchange) {
        List<Track> tracks = sampler.tracks();
        Map<Integer, Float[]> recent = new TreeMap<>();
        tracks.forEach(track -> recent.put(track.slot(), track.recentlyOpen()));
        send(
                exchange,
                new Snapshot(
                        System.currentTimeMillis(),
                        token != null,
                        pools.numbers(),
                        rows(tracks),
                        recent,
                        chronicle.last()));
    }

    void interpreter(HttpServerExchange exchange) {
        Track track = track(exchange);
        if (track != null) {
            Reading last = track.last();
            send(
                    exchange,
                    new Detail(
                            track.row(),
                            track.history(),
                            track.callsByModule(),
                            last.fields(),
                            last.globals(),
                            token != null));
        }
    }

    /** Waits for a moment of the interpreter's, so not on a thread that serves connections. */
    void handles(HttpServerExchange exchange) {
        Track track = track(exchange);
        if (track != null) {
            answer(exchange, StatusCodes.OK, () -> inspector.handles(track.interpreter()));
        }
    }

    void metrics(HttpServerExchange exchange) {
        if (metrics == null) {
            problem(exchange, StatusCodes.NOT_FOUND, "no metrics are bound to this dashboard");
            return;
        }
        String accepted = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        String type = accepted != null && accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
        String text = metrics.apply(type);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type).put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseSender().send(text);
    }

    void trace(HttpServerExchange exchange) {
        Deque<String> on = exchange.getQueryParameters().get("on");
        if (on == null || !List.of("true", "false").contains(on.getFirst())) {
            act(exchange, track -> {
                throw new IllegalArgumentException("say ?on=true or ?on=false");
            });
        } else {
            act(exchange, track -> operator.trace(track.interpreter(), Boolean.parseBoolean(on.getFirst())));
        }
    }

    void recycle(HttpServerExchange exchange) {
        act(exchange, track -> operator.recycle(track.interpreter()));
    }

    private interface Action {
        void on(Track track);
    }

    /** Who may not act learns nothing else. */
    private void act(HttpServerExchange exchange, Action action) {
        if (token == null) {
            problem(exchange, StatusCodes.FORBIDDEN, "this dashboard was started without a token: it only shows");
        } else if (!Guard.allows(token, exchange)) {
            problem(exchange, StatusCodes.FORBIDDEN, "the token is missing or wrong");
        } else {
            Track track = track(exchange);
            if (track != null && isMeant(track, exchange)) {
                answer(exchange, StatusCodes.ACCEPTED, () -> {
                    action.on(track);
                    return Map.of("interpreter", track.interpreter().name());
                });
            }
        }
    }

    /** Whether the slot is still that of the interpreter whose id was given, if one was; else it has been answered. */
    private static boolean isMeant(Track track, HttpServerExchange exchange) {
        Deque<String> id = exchange.getQueryParameters().get("id");
        boolean meant = id == null
                || id.getFirst().equals(Long.toString(track.interpreter().id()));
        if (!meant) {
            problem(exchange, StatusCodes.CONFLICT, "slot " + track.slot() + " is another interpreter's now");
        }
        return meant;
    }

    private static void answer(HttpServerExchange exchange, int status, Supplier<Object> work) {
        Object answer;
        try {
            answer = work.get();
        } catch (IllegalArgumentException e) {
            problem(exchange, StatusCodes.BAD_REQUEST, e.getMessage());
            return;
        } catch (Busy | RejectedExecutionException e) {
            problem(exchange, StatusCodes.SERVICE_UNAVAILABLE, e.getMessage());
            return;
        }
        exchange.setStatusCode(status);
        send(exchange, answer);
    }

    /** Null if it has been answered that there is none. */
    private Track track(HttpServerExchange exchange) {
        String slot = exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY)
                .getParameters()
                .get("slot");
        Track track = slot.matches("\\d{1,9}") ? sampler.track(Integer.parseInt(slot)) : null;
        if (track == null) {
            problem(exchange, StatusCodes.NOT_FOUND, "no interpreter has slot " + slot);
        }
        return track;
    }

    private static void problem(HttpServerExchange exchange, int status, String text) {
        exchange.setStatusCode(status);
        send(exchange, new Problem(text));
    }

    private static void send(HttpServerExchange exchange, Object answer) {
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "application/json; charset=utf-8")
                .put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseSender().send(Json.of(answer));
    }
}
