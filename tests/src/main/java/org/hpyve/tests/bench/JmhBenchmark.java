package org.hpyve.tests.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hpyve.tests.bench.jmh.HandleTableBenchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What is inside Java, by JMH, in JVMs of its own. */
final class JmhBenchmark implements Benchmark {

    @Override
    public List<Figures> measure(Setup setup) throws Exception {
        var options = new OptionsBuilder()
                .include(HandleTableBenchmark.class.getPackageName().replace(".", "\\.") + "\\..*")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(2)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .build();
        List<List<Object>> rows = new ArrayList<>();
        for (RunResult run : new Runner(options).run()) {
            Result<?> result = run.getPrimaryResult();
            String name = run.getParams().getBenchmark();
            rows.add(List.of(
                    name.substring(HandleTableBenchmark.class.getPackageName().length() + 1),
                    result.getScore(),
                    result.getScoreError()));
        }
        return List.of(
                new Figures("Inside Java, by JMH: averages", List.of("what", "ns", "± (99.9 % confidence)"), rows));
    }
}
