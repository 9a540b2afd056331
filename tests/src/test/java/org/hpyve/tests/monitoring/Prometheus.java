package org.hpyve.tests.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A Prometheus that scrapes one address several times a second, until it is closed. */
final class Prometheus implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path log;
    private final URI url;
    private final Process process;

    /**
     * Starts it.
     *
     * @param folder for its files
     * @param target whose {@code /metrics} is scraped
     * @param rules to be evaluated
     */
    Prometheus(Tool tool, Path folder, URI target, Path rules) throws IOException, InterruptedException {
        int port = freePort();
        url = URI.create("http://127.0.0.1:" + port);
        log = folder.resolve("prometheus.log");
        Path settings = Files.writeString(folder.resolve("prometheus.yml"), """
                global:
                  scrape_interval: 250ms
                  evaluation_interval: 250ms
                rule_files: ['%s']
                scrape_configs:
                  - job_name: hpyve
                    static_configs:
                      - targets: ['%s']
                """.formatted(
                        rules.toAbsolutePath().normalize(), target.getAuthority()));
        process = new ProcessBuilder(tool.command(
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ready = false;
        try {
            until("it is ready", () -> get("/-/ready").statusCode() == 200);
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void until(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new AssertionError("waited in vain until " + what + "; " + Files.readString(log));
            }
            Thread.sleep(50);
        }
    }

    private static boolean holds(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What its HTTP API answers. */
    JsonNode api(String path) throws IOException, InterruptedException {
        JsonNode answer = new ObjectMapper().readTree(get("/api/v1/" + path).body());
        if (!answer.path("status").asText().equals("success")) {
            throw new IOException(path + ": " + answer);
        }
        return answer.path("data");
    }

    /** The value of an expression for each value of a label, as of now. */
    TreeMap<String, Double> query(String expression, String label) throws IOException, InterruptedException {
        TreeMap<String, Double> values = new TreeMap<>();
        String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        for (JsonNode sample : api("query?query=" + encoded).path("result")) {
            values.put(
                    sample.path("metric").path(label).asText(),
                    sample.path("value").path(1).asDouble());
        }
        return values;
    }

    /** Waits until it knows values that are as they should be. */
    void await(String expression, String label, Predicate<TreeMap<String, Double>> wanted)
            throws IOException, InterruptedException {
        until(expression + " is as it should be", () -> wanted.test(query(expression, label)));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(null, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
    }
}
