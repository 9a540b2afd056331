package org.hpyve.host.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.function.Predicate;

/** A dashboard as clients see it. */
record Site(URI url) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).POST(BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode json(String path) throws Exception {
        return JSON.readTree(get(path).body());
    }

    /** The row of the interpreter of a name; a missing node if there is none. */
    JsonNode row(String name) throws Exception {
        for (JsonNode row : json("api/interpreters").get("interpreters")) {
            if (row.get("name").asText().equals(name)) {
                return row;
            }
        }
        return JSON.missingNode();
    }

    /** Looks at a row until it is as it should be, and returns it. */
    JsonNode await(String name, Predicate<JsonNode> right) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        JsonNode row = row(name);
        while (!right.test(row)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(name + " stays " + row);
            }
            Thread.sleep(10);
            row = row(name);
        }
        return row;
    }

    /** The data of the next event of a kind. */
    static JsonNode next(Iterator<String> lines, String kind) throws IOException {
        String data = null;
        String event = null;
        while (true) {
            String line = lines.next();
            if (line.startsWith("data:")) {
                data = line.substring(5);
            } else if (line.startsWith("event:")) {
                event = line.substring(6).strip();
            } else if (line.isEmpty()) {
                if (kind.equals(event)) {
                    return JSON.readTree(data);
                }
                event = null;
            }
        }
    }

    HttpResponse<java.util.stream.Stream<String>> events() throws Exception {
        return HTTP.send(HttpRequest.newBuilder(url.resolve("api/events")).build(), BodyHandlers.ofLines());
    }
}
