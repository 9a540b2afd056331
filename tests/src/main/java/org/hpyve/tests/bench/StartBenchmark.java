package org.hpyve.tests.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.Isolation;

/** What it takes to make an interpreter, in time and in memory. */
final class StartBenchmark implements Benchmark {

    private static final String IMPORTS = "import sys, os, json, re, collections";

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        return List.of(
                new Figures(
                        "An interpreter from newInterpreter() until it has run its first code; close; median ms",
                        List.of("isolation", "first code", "runs", "until then", "close"),
                        List.of(
                                time(Isolation.SHARED_RUNTIME, "pass", 200, 100),
                                time(Isolation.SHARED_RUNTIME, IMPORTS, 200, 100),
                                time(Isolation.OWN_RUNTIME, "pass", 3, 7),
                                time(Isolation.OWN_RUNTIME, IMPORTS, 3, 7))),
                new Figures(
                        "What each further interpreter holds while it is open, KB",
                        List.of("isolation", "first code", "interpreters", "heap", "metaspace"),
                        List.of(
                                space(Isolation.SHARED_RUNTIME, "pass", 100),
                                space(Isolation.SHARED_RUNTIME, IMPORTS, 100),
                                space(Isolation.OWN_RUNTIME, "pass", 5),
                                space(Isolation.OWN_RUNTIME, IMPORTS, 5))));
    }

    private static List<Object> time(Isolation level, String code, int warm, int runs) {
        double[] starts = new double[runs];
        double[] ends = new double[runs];
        try (InterpreterHost host = InterpreterHost.builder().isolation(level).build()) {
            for (int i = -warm; i < runs; i++) {
                long begin = System.nanoTime();
                Interpreter python = host.newInterpreter();
                python.exec(code);
                long ready = System.nanoTime();
                python.close();
                if (i >= 0) {
                    starts[i] = (ready - begin) / 1e6;
                    ends[i] = (System.nanoTime() - ready) / 1e6;
                }
            }
        }
        return List.of(level.name(), code, runs, median(starts), median(ends));
    }

    private static List<Object> space(Isolation level, String code, int count) throws Exception {
        try (InterpreterHost host = InterpreterHost.builder().isolation(level).build()) {
            host.newInterpreter().exec(code);
            Levels before = Levels.now();
            List<Interpreter> open = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                open.add(host.newInterpreter());
                open.get(i).exec(code);
            }
            Levels after = Levels.now();
            return List.of(
                    level.name(),
                    code,
                    open.size(),
                    (after.heap() - before.heap()) / 1e3 / count,
                    (after.metaspace() - before.metaspace()) / 1e3 / count);
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
