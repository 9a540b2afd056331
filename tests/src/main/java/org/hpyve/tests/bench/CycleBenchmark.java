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

    /**
     * What the JVM itself gathers is kept out of the figures as far as it can be: compiled code without profiles, and
     * monitors that nobody uses given back at once instead of when there are thousands.
     */
    @Override
    public List<String> jvmOptions() {
        return List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:GuaranteedAsyncDeflationInterval=500",
                NativeHeap.JVM_OPTION);
    }

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        try (InterpreterHost host =
                InterpreterHost.builder().searchPath(setup.extensions()).build()) {
            Interpreter observer = host.newInterpreter("observer");
            observer.exec("import cycle");
            // What measuring itself brings.
            figures(observer);
            live(host, 0, WARM);
            List<Number> first = figures(observer);
            rows.add(row(Integer.toString(WARM), first));
            List<Number> last = first;
            for (int i = 1; i <= ROWS; i++) {
                int from = WARM + (setup.cycles() - WARM) * (i - 1) / ROWS;
                int to = WARM + (setup.cycles() - WARM) * i / ROWS;
                live(host, from, to);
                last = figures(observer);
                rows.add(row(Integer.toString(to), last));
            }
            List<Number> ratios = new ArrayList<>();
            for (int i = 0; i < first.size(); i++) {
                ratios.add(Math.round(
                                1000 * last.get(i).doubleValue() / first.get(i).doubleValue())
                        / 1000.0);
            }
            rows.add(row("last : first", ratios));
        }
        return List.of(new Figures(
                "Create an interpreter, import an extension, use it, close: what the process holds after so many",
                List.of("interpreters", "heap MB", "metaspace MB", "native MB", "open files", "images", "threads"),
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

    private static List<Number> figures(Interpreter observer) throws Exception {
        Levels levels = Levels.now();
        return List.of(
                levels.heap() / 1e6,
                levels.metaspace() / 1e6,
                NativeHeap.bytes(observer) / 1e6,
                levels.files(),
                levels.images(),
                levels.threads());
    }

    private static List<Object> row(String name, List<Number> figures) {
        List<Object> row = new ArrayList<>();
        row.add(name);
        row.addAll(figures);
        return row;
    }
}
