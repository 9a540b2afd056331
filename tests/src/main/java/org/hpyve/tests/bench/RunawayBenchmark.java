package org.hpyve.tests.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.scheduler.TaskTimeout;

/**
 * Scripts that never end, each stopped by its deadline, while other interpreters work: how long after the deadline, and
 * what the others notice.
 */
final class RunawayBenchmark implements Benchmark {

    private static final int NEIGHBOURS = 8;
    private static final int WINDOWS = 6;
    private static final Duration DEADLINE = Duration.ofMillis(200);

    /** Between two tasks of a neighbour that is not busy all the time. */
    private static final long PACE = 10_000_000;

    private static final String WORK = """
            def work():
                table = {}
                for i in xrange(2000):
                    table[i % 97] = table.get(i % 97, 0) + i
                return len(table)
            """;

    /** What takes as long as a script that is stopped, and ends by itself. */
    private static final String ENDS = "import time\nend = time.time() + 0.2\nwhile time.time() < end: pass";

    private static final Map<String, String> SCRIPTS = new LinkedHashMap<>();

    static {
        SCRIPTS.put("while True: pass", "while True: pass");
        SCRIPTS.put("that catches everything", "while True:\n    try:\n        while True: pass\n    except: pass");
        SCRIPTS.put("in finally", "try:\n    while True: pass\nfinally:\n    while True: pass");
        SCRIPTS.put("in a generator", "def g():\n    while True: yield 1\nfor x in g(): pass");
        SCRIPTS.put("in a sort's key", "def key(x):\n    while True: pass\nsorted([2, 1], key=key)");
        SCRIPTS.put(
                "in __getattr__", "class C(object):\n    def __getattr__(self, n):\n        while True: pass\nC().x");
        SCRIPTS.put("recursion", "def f(): return f()\nwhile True:\n    try: f()\n    except RuntimeError: pass");
        SCRIPTS.put("sum(itertools.count())", "import itertools\nsum(itertools.count())");
        SCRIPTS.put("a regular expression", "import re\nre.match('(a+)+$', 'a' * 40 + 'b')");
        SCRIPTS.put("time.sleep(1000)", "import time\ntime.sleep(1000)");
    }

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        Map<String, List<Double>> late = new LinkedHashMap<>();
        List<List<Object>> throughput = new ArrayList<>();
        try (InterpreterHost host = InterpreterHost.create()) {
            List<Interpreter> neighbours = new ArrayList<>();
            for (int i = 0; i < NEIGHBOURS; i++) {
                Interpreter each = host.newInterpreter();
                each.exec(WORK);
                neighbours.add(each);
            }
            Interpreter victim = host.newInterpreter();
            late(victim, new LinkedHashMap<>());
            throughput.add(compare("busy all the time", neighbours, 0, victim, late));
            throughput.add(compare("one task each 10 ms", neighbours, PACE, victim, late));
        }
        List<List<Object>> stopped = new ArrayList<>();
        late.forEach((name, times) -> {
            double[] sorted =
                    times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            stopped.add(List.of(name, sorted.length, sorted[sorted.length / 2], sorted[sorted.length - 1]));
        });
        return List.of(
                new Figures(
                        "Scripts that never end, until who has called them has its TaskTimeout; ms after the deadline",
                        List.of("script", "runs", "median", "longest"),
                        stopped),
                new Figures(
                        "%d other interpreters meanwhile, in alternating windows; tasks a second, medians"
                                .formatted(NEIGHBOURS),
                        List.of("they are", "beside scripts that end", "beside scripts that are stopped", "ratio"),
                        throughput));
    }

    private static List<Object> compare(
            String what, List<Interpreter> neighbours, long pace, Interpreter victim, Map<String, List<Double>> late)
            throws Exception {
        double[] calm = new double[WINDOWS];
        double[] stormy = new double[WINDOWS];
        for (int window = -1; window < WINDOWS; window++) {
            double first = perSecond(neighbours, pace, () -> SCRIPTS.forEach((name, script) -> victim.exec(ENDS)));
            double second = perSecond(neighbours, pace, () -> late(victim, late));
            if (window >= 0) {
                calm[window] = first;
                stormy[window] = second;
            }
        }
        Arrays.sort(calm);
        Arrays.sort(stormy);
        return List.of(
                what,
                Math.round(calm[WINDOWS / 2]),
                Math.round(stormy[WINDOWS / 2]),
                stormy[WINDOWS / 2] / calm[WINDOWS / 2]);
    }

    /** Tasks a second of all neighbours while something else goes on. */
    private static double perSecond(List<Interpreter> neighbours, long pace, Runnable meanwhile) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong done = new AtomicLong();
        List<Thread> clients = new ArrayList<>();
        for (Interpreter each : neighbours) {
            Thread client = new Thread(() -> {
                while (!over.get()) {
                    CompletableFuture<Object> task = each.submit(python -> python.call("work"));
                    if (pace > 0) {
                        LockSupport.parkNanos(pace);
                    }
                    task.join();
                    done.incrementAndGet();
                }
            });
            clients.add(client);
            client.start();
        }
        long begin = System.nanoTime();
        meanwhile.run();
        double perSecond = done.get() / ((System.nanoTime() - begin) / 1e9);
        over.set(true);
        for (Thread client : clients) {
            client.join();
        }
        return perSecond;
    }

    private static void late(Interpreter victim, Map<String, List<Double>> late) {
        SCRIPTS.forEach((name, script) -> {
            long begin = System.nanoTime();
            try {
                victim.within(DEADLINE).exec(script);
            } catch (TaskTimeout stopped) {
                double millis = (System.nanoTime() - begin - DEADLINE.toNanos()) / 1e6;
                late.computeIfAbsent(name, key -> new ArrayList<>()).add(millis);
                return;
            }
            throw new IllegalStateException("not stopped: " + name);
        });
    }
}
