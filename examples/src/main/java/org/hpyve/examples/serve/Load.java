package org.hpyve.examples.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients of the service's own, who send it documents of all its tenants, until it is closed. */
final class Load implements AutoCloseable {

    private static final int CLIENTS = 3;

    private final List<Thread> threads = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final int tenants;
    private final long pauseMillis;

    /** @param rate requests a second, all together; roughly */
    Load(int port, int tenants, double rate) {
        url = "http://localhost:" + port + "/tenants/";
        this.tenants = tenants;
        pauseMillis = Math.max(1, Math.round(1000 * CLIENTS / rate));
        for (int i = 0; i < CLIENTS; i++) {
            int seed = i;
            Thread thread = new Thread(() -> run(new SplittableRandom(seed), seed), "hpyve-serve-load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(SplittableRandom random, int first) {
        int next = first;
        try {
            while (!Thread.interrupted()) {
                // All come round, some of them more often.
                int tenant = random.nextInt(3) == 0 ? 1 + next++ % tenants : 1 + random.nextInt(1 + tenants / 3);
                HttpRequest request = HttpRequest.newBuilder(URI.create(url + "tenant-" + tenant + "/documents"))
                        .POST(BodyPublishers.ofString(document(random)))
                        .build();
                try {
                    var unused = http.send(request, BodyHandlers.discarding());
                } catch (IOException e) {
                    // The service is being closed, or has recycled the interpreter meanwhile.
                    Thread.sleep(pauseMillis);
                }
                Thread.sleep(random.nextLong(2 * pauseMillis));
            }
        } catch (InterruptedException e) {
            // The end.
        }
    }

    private static String document(SplittableRandom random) {
        StringBuilder text = new StringBuilder("{\"kind\": \"order\", \"lines\": [");
        int lines = 1 + random.nextInt(40);
        for (int i = 0; i < lines; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append("{\"article\": \"A")
                    .append(random.nextInt(10_000))
                    .append("\", \"count\": ")
                    .append(1 + random.nextInt(9))
                    .append(", \"price\": ")
                    .append(random.nextInt(100_000) / 100.0)
                    .append('}');
        }
        return text.append("]}").toString();
    }

    /** Ends the clients and waits for them. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(5000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
