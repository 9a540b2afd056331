package org.hpyve.tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;

/** A thousand interpreters open at once, each with a private image of an extension. */
final class ThousandBenchmark implements Benchmark {

    private static final int COUNT = 1000;
    private static final int CALLS = 1000;

    @Override
    public List<String> jvmOptions() {
        return List.of("-Xmx2g");
    }

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        try (InterpreterHost host =
                InterpreterHost.builder().searchPath(setup.extensions()).build()) {
            // What the first one brings is not the others'.
            open(host);
            Levels before = Levels.now();
            long begin = System.nanoTime();
            List<Interpreter> all = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                all.add(open(host));
            }
            long opened = System.nanoTime();
            List<CompletableFuture<Object>> answers = new ArrayList<>();
            for (Interpreter python : all) {
                answers.add(python.submit(self -> {
                    self.exec("for i in xrange(%d): cycle.calls()".formatted(CALLS));
                    return self.eval("cycle.calls()");
                }));
            }
            long right = answers.stream()
                    .filter(answer -> answer.join().equals(CALLS + 2))
                    .count();
            long called = System.nanoTime();
            Levels after = Levels.now();
            begin = opened - begin;
            return List.of(new Figures(
                    COUNT + " interpreters open at once, -Xmx2g, each with a private image of an extension",
                    List.of("what", "figure"),
                    List.of(
                            List.of("opened and extension imported, ms each", begin / 1e6 / COUNT),
                            List.of("counted " + CALLS + " calls in their own C static", right),
                            List.of("these calls in all, ms", (called - opened) / 1e6),
                            List.of("heap, KB each", (after.heap() - before.heap()) / 1e3 / COUNT),
                            List.of("metaspace, KB each", (after.metaspace() - before.metaspace()) / 1e3 / COUNT),
                            List.of("images more", after.images() - before.images()),
                            List.of("threads more", after.threads() - before.threads()))));
        }
    }

    private static Interpreter open(InterpreterHost host) {
        Interpreter python = host.newInterpreter();
        python.exec("import cycle\ncycle.calls()");
        return python;
    }
}
