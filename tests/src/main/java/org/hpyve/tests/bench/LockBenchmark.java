package org.hpyve.tests.bench;

import java.time.Duration;
import java.util.List;

/** Which locks two busy interpreters wait for, and what one alone would have done. */
final class LockBenchmark implements Benchmark {

    private static final Duration TIME = Duration.ofSeconds(10);

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        // The first is for the JIT compiler.
        LockProfile.record(2, setup.extensions(), MixedWork::prepare, MixedWork.PROGRAM, TIME);
        var one = LockProfile.record(1, setup.extensions(), MixedWork::prepare, MixedWork.PROGRAM, TIME);
        var two = LockProfile.record(2, setup.extensions(), MixedWork::prepare, MixedWork.PROGRAM, TIME);
        List<List<Object>> rows = two.contentions().stream()
                .<List<Object>>map(lock -> List.of(
                        lock.lock(),
                        lock.place(),
                        lock.ours() ? "ours" : "not ours",
                        lock.waits(),
                        lock.nanos() / 1e6,
                        100.0 * lock.nanos() / (2 * TIME.toNanos())))
                .toList();
        return List.of(
                new Figures(
                        "Mixed work for " + TIME.toSeconds() + " s: rounds",
                        List.of("interpreters", "rounds", "of one's"),
                        List.of(
                                List.of(1, one.rounds(), 1.0),
                                List.of(2, two.rounds(), (double) two.rounds() / one.rounds()))),
                new Figures(
                        "What the two waited for (" + (rows.isEmpty() ? "nothing" : rows.size() + " places") + ")",
                        List.of("lock", "place", "whose", "waits", "ms", "% of their time"),
                        rows));
    }
}
