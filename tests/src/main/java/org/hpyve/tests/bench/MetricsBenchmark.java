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
import java.util.concurrent.Callable;
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
 * and without take turns, each pair in the other order than the one before. What is done in a second of CPU time of this
 * process does not depend on what else the machine does; as the interpreters keep all processors busy, what a scrape takes
 * is missing there.
 */
final class MetricsBenchmark implements Benchmark {

    private static final int COUNT = 500;
    private static final int READINGS = 101;
    private static final int PAIRS = 60;
    private static final int WARM_PAIRS = 10;

    private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);
    /** A scrape falls into the middle of a window. */
    private static final long SCRAPE_AFTER = WINDOW / 2;

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

    /** Two windows, one after the other. */
    private record Pair(Rate without, Rate with) {

        double ratio() {
            return with.perSecond / without.perSecond;
        }

        double cpuRatio() {
            return with.perCpuSecond / without.perCpuSecond;
        }
    }

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
            List<Pair> pairs = pairs(all, registry);
            if (read == 0) {
                throw new IllegalStateException("nothing was read");
            }
            return List.of(new Figures(
                    COUNT + " interpreters with " + meters.size() + " meters, on "
                            + Runtime.getRuntime().availableProcessors() + " threads: medians of " + READINGS
                            + " readings, and of " + PAIRS + " pairs of windows of work with and without a scrape",
                    List.of("what", "figure"),
                    List.of(
                            List.of("all meters read once, ms", reading.millis()),
                            List.of("CPU time of that, ms", reading.cpuMillis()),
                            List.of("a scrape by Prometheus, ms", scrape.millis()),
                            List.of("CPU time of that, ms", scrape.cpuMillis()),
                            List.of("size of its answer, KB", registry.scrape().length() / 1e3),
                            List.of("tasks a second without scrapes", median(pairs, pair -> pair.without.perSecond)),
                            List.of(
                                    "tasks a second with one scrape a second",
                                    median(pairs, pair -> pair.with.perSecond)),
                            List.of("these : those, of each pair", median(pairs, Pair::ratio)),
                            List.of("and of CPU time", median(pairs, Pair::cpuRatio)),
                            List.of("half of the pairs are between", quartile(pairs, 1)),
                            List.of("and", quartile(pairs, 3)))));
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

    private static double median(List<Pair> pairs, ToDoubleFunction<Pair> of) {
        return Suite.median(pairs.stream().mapToDouble(of).boxed().toList());
    }

    /** The first or third quartile of the ratios by the clock. */
    private static double quartile(List<Pair> pairs, int which) {
        return pairs.stream().mapToDouble(Pair::ratio).sorted().toArray()[pairs.size() * which / 4];
    }

    private static List<Pair> pairs(List<Interpreter> all, PrometheusMeterRegistry registry) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
        Callable<Rate> without = () -> window(all);
        Callable<Rate> with = () -> {
            var scrape = scraper.schedule(() -> registry.scrape(), SCRAPE_AFTER, TimeUnit.NANOSECONDS);
            Rate rate = window(all);
            scrape.get();
            return rate;
        };
        try {
            for (int i = 0; i < WARM_PAIRS + PAIRS; i++) {
                boolean scrapeFirst = i % 2 == 0;
                Rate first = (scrapeFirst ? with : without).call();
                Rate second = (scrapeFirst ? without : with).call();
                if (i >= WARM_PAIRS) {
                    pairs.add(scrapeFirst ? new Pair(second, first) : new Pair(first, second));
                }
            }
        } finally {
            scraper.shutdownNow();
        }
        return pairs;
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
