package org.hpyve.tests.bench;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.metrics.HpyveMetrics;

/**
 * What it takes to read the meters of many interpreters, and what they notice: windows of work with one scrape a second
 * and without take turns.
 */
final class MetricsBenchmark implements Benchmark {

    private static final int COUNT = 500;
    private static final int READINGS = 101;
    private static final int WINDOWS = 15;
    private static final int WARM_WINDOWS = 3;

    /** Two scrapes fall into each. */
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(2);

    /** About a millisecond. */
    private static final String TASK = "for i in xrange(20000): calls()";

    /** So that nobody can leave out what is read. */
    private double read;

    @Override
    public List<String> jvmOptions() {
        return List.of("-Xmx2g");
    }

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (InterpreterHost host = InterpreterHost.builder()
                        .searchPath(setup.extensions())
                        .workers(Runtime.getRuntime().availableProcessors())
                        .build();
                HpyveMetrics metrics = new HpyveMetrics(host)) {
            metrics.bindTo(registry);
            List<Interpreter> all = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                Interpreter python = host.newInterpreter();
                python.exec("from cycle import calls");
                all.add(python);
            }
            List<Meter> meters = registry.getMeters();
            double reading = millis(() -> readAll(meters));
            double scrape = millis(() -> registry.scrape().length());
            List<List<Double>> throughput = windows(all, registry);
            double without = Suite.median(throughput.get(0));
            double with = Suite.median(throughput.get(1));
            return List.of(new Figures(
                    COUNT + " interpreters with " + meters.size() + " meters, on "
                            + Runtime.getRuntime().availableProcessors() + " threads: medians of " + READINGS
                            + " readings, and of " + WINDOWS + " windows of work with and without scrapes, in turns",
                    List.of("what", "figure"),
                    List.of(
                            List.of("all meters read once, ms", reading),
                            List.of("a scrape by Prometheus, ms", scrape),
                            List.of("size of its answer, KB", registry.scrape().length() / 1e3),
                            List.of("tasks a second without scrapes", without),
                            List.of("tasks a second with one scrape a second", with),
                            List.of("these : those", with / without),
                            List.of("median of the ratios of neighbours", Suite.median(ratios(throughput))))));
        }
    }

    private long readAll(List<Meter> meters) {
        double sum = 0;
        for (Meter meter : meters) {
            for (Measurement measurement : meter.measure()) {
                sum += measurement.getValue();
            }
        }
        read += sum;
        return meters.size();
    }

    /** The median time, after as many readings to warm up. */
    private double millis(LongSupplier reading) {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 2 * READINGS; i++) {
            long begin = System.nanoTime();
            read += reading.getAsLong();
            if (i >= READINGS) {
                times.add((System.nanoTime() - begin) / 1e6);
            }
        }
        return Suite.median(times);
    }

    /** Tasks a second in each window: without scrapes, and with them. */
    private static List<List<Double>> windows(List<Interpreter> all, PrometheusMeterRegistry registry) {
        List<List<Double>> throughput = List.of(new ArrayList<>(), new ArrayList<>());
        ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < WARM_WINDOWS + WINDOWS; i++) {
                for (int scraped = 0; scraped < 2; scraped++) {
                    var scrapes = scraped == 0
                            ? null
                            : scraper.scheduleAtFixedRate(registry::scrape, 500, 1000, TimeUnit.MILLISECONDS);
                    double rate = window(all);
                    if (scrapes != null) {
                        scrapes.cancel(false);
                    }
                    if (i >= WARM_WINDOWS) {
                        throughput.get(scraped).add(rate);
                    }
                }
            }
        } finally {
            scraper.shutdownNow();
        }
        return throughput;
    }

    /** Each interpreter does one task after the other until the window is over. */
    private static double window(List<Interpreter> all) {
        LongAdder done = new LongAdder();
        long begin = System.nanoTime();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Interpreter python : all) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            next(python, begin + WINDOW, done, end);
        }
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
        return done.sum() / ((System.nanoTime() - begin) / 1e9);
    }

    private static void next(Interpreter python, long until, LongAdder done, CompletableFuture<Void> end) {
        CompletableFuture<Void> task = python.submit(self -> {
            self.exec(TASK);
            done.increment();
            return null;
        });
        CompletableFuture<Void> unused = task.whenComplete((nothing, failure) -> {
            if (failure != null) {
                end.completeExceptionally(failure);
            } else if (System.nanoTime() >= until) {
                end.complete(null);
            } else {
                next(python, until, done, end);
            }
        });
    }

    private static List<Double> ratios(List<List<Double>> throughput) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < throughput.get(0).size(); i++) {
            ratios.add(throughput.get(1).get(i) / throughput.get(0).get(i));
        }
        return ratios;
    }
}
