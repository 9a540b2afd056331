package org.hpyve.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The same workloads on several hosts. All processes live at the same time, and take turns, round by round: what disturbs
 * the machine disturbs them all.
 */
final class Suite {

    /**
     * How long to measure.
     *
     * @param rounds for each workload and host; the median counts
     * @param warmSeconds that each workload runs before
     */
    record Effort(int rounds, double warmSeconds) {}

    private final Path folder;
    private final Effort effort;

    /** In a folder with what {@link SuiteFiles} makes. */
    Suite(Path folder, Effort effort) {
        this.folder = folder;
        this.effort = effort;
    }

    /**
     * Measures.
     *
     * @param ours commands that run a Python script in this program
     * @param peer the command of another Python, or an empty list
     */
    Figures measure(List<List<String>> ours, List<String> peer, Predicate<SuiteHost.Workload> wanted)
            throws IOException {
        List<SuiteHost> hosts = new ArrayList<>();
        try {
            for (List<String> command : ours) {
                hosts.add(new SuiteHost(command, folder));
            }
            if (!peer.isEmpty()) {
                hosts.add(new SuiteHost(peer, folder));
            }
            List<List<Object>> rows = new ArrayList<>();
            for (SuiteHost.Workload workload : hosts.get(0).workloads()) {
                if (wanted.test(workload)) {
                    rows.add(row(workload, hosts, ours.size()));
                }
            }
            return new Figures(title(), columns(hosts, ours.size()), rows);
        } finally {
            hosts.forEach(SuiteHost::close);
        }
    }

    private String title() {
        return "One script and the same binaries on all hosts, which took turns: medians of %d rounds after %.1f s"
                .formatted(effort.rounds(), effort.warmSeconds());
    }

    private static List<String> columns(List<SuiteHost> hosts, int ours) {
        List<String> columns = new ArrayList<>(List.of("group", "what", "unit"));
        hosts.forEach(host -> columns.add(host.name()));
        if (hosts.size() > ours) {
            hosts.subList(0, ours).forEach(host -> columns.add(host.name() + " : peer"));
        }
        columns.add("crossings");
        return columns;
    }

    private List<Object> row(SuiteHost.Workload workload, List<SuiteHost> hosts, int ours) throws IOException {
        System.err.println("bench: " + workload.name());
        for (SuiteHost host : hosts) {
            host.warm(workload, effort.warmSeconds());
        }
        List<List<Double>> values = hosts.stream()
                .map(host -> (List<Double>) new ArrayList<Double>())
                .toList();
        double crossings = Double.NaN;
        for (int round = 0; round < effort.rounds(); round++) {
            for (int i = 0; i < hosts.size(); i++) {
                SuiteHost.Round result = hosts.get(i).run(workload);
                values.get(i).add(result.value());
                crossings = i == 0 ? result.crossings() : crossings;
            }
        }
        double[] medians = values.stream().mapToDouble(Suite::median).toArray();
        List<Object> row = new ArrayList<>(List.of(workload.group(), workload.name(), workload.unit()));
        IntStream.range(0, medians.length).forEach(i -> row.add(medians[i]));
        if (hosts.size() > ours) {
            IntStream.range(0, ours).forEach(i -> row.add(medians[i] / medians[ours]));
        }
        row.add(crossings);
        return row;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
