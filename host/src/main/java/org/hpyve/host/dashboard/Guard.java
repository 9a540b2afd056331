package org.hpyve.host.dashboard;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What every answer says to browsers, and who is not answered: a page of somebody else whose name was made to mean this
 * machine. Any thread.
 */
final class Guard implements HttpHandler {

    private static final Map<String, String> ANSWER = new TreeMap<>(Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin"));

    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int MISDIRECTED = 421;
    private static final String BEARER = "Bearer ";

    private final HttpHandler next;
    /** Null for all. */
    private final Set<String> accepted;

    /** @param address where the server listens; for a loopback address only that and the usual names are accepted */
    Guard(InetAddress address, HttpHandler next) {
        this.next = next;
        if (address.isLoopbackAddress()) {
            accepted = new HashSet<>(LOCAL);
            accepted.add(address.getHostAddress());
        } else {
            accepted = null;
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        ANSWER.forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (accepted != null && !accepted.contains(hostName(exchange))) {
            exchange.setStatusCode(MISDIRECTED);
            exchange.endExchange();
            return;
        }
        next.handleRequest(exchange);
    }

    private static String hostName(HttpServerExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
        return host == null ? "" : host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a request carries the token. How long this takes tells nothing of it.
     *
     * @param token null if nobody is allowed
     */
    static boolean allows(String token, HttpServerExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        return token != null
                && given != null
                && given.startsWith(BEARER)
                && MessageDigest.isEqual(
                        given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
    }
}
