package org.hpyve.tests.bench;

import java.util.ArrayList;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;

/** Whole lives of interpreters, one after the other: does anything stay behind? */
final class CycleBenchmark implements Benchmark {

    /** After so many the levels are those that later ones are compared with. */
    private static final int WARM = 100;

    private static final int ROWS = 5;

    /** A heap whose size does not change, so that the rest of the process can be told from it. */
    @Override
    public List<String> jvmOptions() {
        return List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");
    }

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        try (InterpreterHost host =
                InterpreterHost.builder().searchPath(setup.extensions()).build()) {
            live(host, 0, WARM);
            Levels first = Levels.now();
            rows.add(row(Integer.toString(WARM), first));
            Levels last = first;
            for (int i = 1; i <= ROWS; i++) {
                int from = WARM + (setup.cycles() - WARM) * (i - 1) / ROWS;
                int to = WARM + (setup.cycles() - WARM) * i / ROWS;
                live(host, from, to);
                last = Levels.now();
                rows.add(row(Integer.toString(to), last));
            }
            rows.add(List.of(
                    "last : first",
                    ratio(last.heap(), first.heap()),
                    ratio(last.metaspace(), first.metaspace()),
                    ratio(last.other(), first.other()),
                    ratio(last.files(), first.files()),
                    ratio(last.images(), first.images()),
                    ratio(last.threads(), first.threads())));
        }
        return List.of(new Figures(
                "Create an interpreter, import an extension, use it, close: what the process holds after so many",
                List.of(
                        "interpreters",
                        "heap MB",
                        "metaspace MB",
                        "other memory MB",
                        "open files",
                        "images",
                        "threads"),
                rows));
    }

    private static void live(InterpreterHost host, int from, int to) {
        for (int i = from; i < to; i++) {
            Interpreter python = host.newInterpreter();
            python.exec("import cycle\ncycle.keep([%d])\nthings = [cycle.Thing() for i in range(10)]".formatted(i));
            if (!python.eval("cycle.calls(), cycle.kept()").equals(List.of(1, List.of(i)))) {
                throw new IllegalStateException("interpreter " + i + " sees another one's state");
            }
            python.close();
            if (!python.closeReport().clean()) {
                throw new IllegalStateException("interpreter " + i + " left " + python.closeReport());
            }
        }
    }

    private static List<Object> row(String count, Levels levels) {
        return List.of(
                count,
                megabytes(levels.heap()),
                megabytes(levels.metaspace()),
                megabytes(levels.other()),
                levels.files(),
                levels.images(),
                levels.threads());
    }

    private static double megabytes(long bytes) {
        return bytes / 1e6;
    }

    private static double ratio(long last, long first) {
        return (double) last / first;
    }
}
