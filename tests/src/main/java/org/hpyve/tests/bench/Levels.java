package org.hpyve.tests.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds when the collector has done its work.
 *
 * @param heap bytes of living objects
 * @param metaspace bytes of classes
 * @param files open files
 * @param images mapped shared libraries
 * @param threads threads of the operating system
 */
record Levels(long heap, long metaspace, int files, int images, int threads) {

    static Levels now() throws IOException, InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            // What the collector hands to its queues is looked at by threads that need a moment.
            Thread.sleep(50);
        }
        return new Levels(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                metaspaceUsed(),
                count(Path.of("/proc/self/fd")),
                imagesMapped(),
                threadsOfProcess());
    }

    private static long metaspaceUsed() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    private static int threadsOfProcess() throws IOException {
        return count(Path.of("/proc/self/task")) + 1;
    }

    private static int count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            // Without the one that lists them.
            return (int) entries.count() - 1;
        }
    }

    /** Each library has one executable mapping. */
    private static int imagesMapped() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return (int) lines.filter(line -> line.contains("r-xp") && line.contains(".so"))
                    .count();
        }
    }
}
