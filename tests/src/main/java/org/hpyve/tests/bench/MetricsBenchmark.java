package org.hpyve.tests.bench;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.metrics.HpyveMetrics;

/**
 * What it takes to read the meters of many interpreters, and what they notice: windows of work with one scrape a second
 * and without take turns. What is done in a second of CPU time of this process does not depend on what else the machine
 * does; as the interpreters keep all processors busy, what a scrape takes is missing there.
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

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /**
     * What was done in a window.
     *
     * @param perSecond tasks in a second
     * @param perCpuSecond tasks in a second of CPU time of the whole process
     */
    private record Rate(double perSecond, double perCpuSecond) {}

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** How long something took, and how much CPU time of its thread, in milliseconds. */
    private record Taken(double millis, double cpuMillis) {}

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
            Taken reading = time(() -> readAll(meters));
            Taken scrape = time(() -> registry.scrape().length());
            List<List<Rate>> rates = windows(all, registry);
            if (read == 0) {
                throw new IllegalStateException("nothing was read");
            }
            double without = median(rates.get(0), Rate::perSecond);
            double with = median(rates.get(1), Rate::perSecond);
            double cpuWithout = median(rates.get(0), Rate::perCpuSecond);
            double cpuWith = median(rates.get(1), Rate::perCpuSecond);
            return List.of(new Figures(
                    COUNT + " interpreters with " + meters.size() + " meters, on "
                            + Runtime.getRuntime().availableProcessors() + " threads: medians of " + READINGS
                            + " readings, and of " + WINDOWS + " windows of work with and without scrapes, in turns",
                    List.of("what", "figure"),
                    List.of(
                            List.of("all meters read once, ms", reading.millis()),
                            List.of("CPU time of that, ms", reading.cpuMillis()),
                            List.of("a scrape by Prometheus, ms", scrape.millis()),
                            List.of("CPU time of that, ms", scrape.cpuMillis()),
                            List.of("size of its answer, KB", registry.scrape().length() / 1e3),
                            List.of("tasks a second without scrapes", without),
                            List.of("tasks a second with one scrape a second", with),
                            List.of("these : those", with / without),
                            List.of("tasks a second of CPU time without scrapes", cpuWithout),
                            List.of("tasks a second of CPU time with one scrape a second", cpuWith),
                            List.of("these : those", cpuWith / cpuWithout))));
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

    /** The median times, after as many readings to warm up. */
    private Taken time(LongSupplier reading) {
        List<Double> times = new ArrayList<>();
        List<Double> cpuTimes = new ArrayList<>();
        for (int i = 0; i < 2 * READINGS; i++) {
            long cpu = THREADS.getCurrentThreadCpuTime();
            long begin = System.nanoTime();
            read += (double) reading.getAsLong();
            if (i >= READINGS) {
                times.add((System.nanoTime() - begin) / 1e6);
                cpuTimes.add((THREADS.getCurrentThreadCpuTime() - cpu) / 1e6);
            }
        }
        return new Taken(Suite.median(times), Suite.median(cpuTimes));
    }

    private static double median(List<Rate> rates, ToDoubleFunction<Rate> of) {
        return Suite.median(rates.stream().mapToDouble(of).boxed().toList());
    }

    /** Of each window: without scrapes, and with them. */
    private static List<List<Rate>> windows(List<Interpreter> all, PrometheusMeterRegistry registry) {
        List<List<Rate>> rates = List.of(new ArrayList<>(), new ArrayList<>());
        ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < WARM_WINDOWS + WINDOWS; i++) {
                for (int scraped = 0; scraped < 2; scraped++) {
                    var scrapes = scraped == 0
                            ? null
                            : scraper.scheduleAtFixedRate(registry::scrape, 500, 1000, TimeUnit.MILLISECONDS);
                    Rate rate = window(all);
                    if (scrapes != null) {
                        scrapes.cancel(false);
                    }
                    if (i >= WARM_WINDOWS) {
                        rates.get(scraped).add(rate);
                    }
                }
            }
        } finally {
            scraper.shutdownNow();
        }
        return rates;
    }

    /** Each interpreter does one task after the other until the window is over. */
    private static Rate window(List<Interpreter> all) {
        LongAdder done = new LongAdder();
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (Interpreter python : all) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            next(python, begin + WINDOW, done, end);
        }
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpuSeconds = (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
        return new Rate(done.doubleValue() / seconds, done.doubleValue() / cpuSeconds);
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
}
