package org.hpyve.tests.bench;

import java.nio.file.Path;
import java.util.List;

/** Something that is measured in a JVM of its own. */
interface Benchmark {

    /**
     * What it may use.
     *
     * @param extensions where {@code cycle.hpy0.so} lies
     * @param cycles how many interpreters the benchmark of a whole life makes
     */
    record Setup(Path extensions, int cycles) {}

    /** Options of the JVM. */
    default List<String> jvmOptions() {
        return List.of();
    }

    /** Measures; progress may go to standard error. */
    List<Figures> measure(Setup setup) throws Exception;
}
