package org.hpyve.tests.conformance;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.hpyve.tests.conformance.Row.Outcome;

/** The results of a run, as a table and as JSON. */
final class Report {

    /** Counts of tests. */
    record Totals(
            long passed,
            long failed,
            long skipped,
            long crashed,
            long total,
            @JsonProperty("handles_left") long handlesLeft,
            @JsonProperty("tests_with_handles_left") long testsWithHandlesLeft) {

        static Totals of(List<Row> rows) {
            return new Totals(
                    count(rows, Outcome.passed),
                    count(rows, Outcome.failed),
                    count(rows, Outcome.skipped),
                    count(rows, Outcome.crashed),
                    rows.size(),
                    rows.stream().filter(Row::leaks).mapToLong(Row::handlesLeft).sum(),
                    rows.stream().filter(Row::leaks).count());
        }

        private static long count(List<Row> rows, Outcome outcome) {
            return rows.stream().filter(row -> row.outcome() == outcome).count();
        }
    }

    /** What {@code --json} writes. */
    private record Document(
            String suite,
            @JsonProperty("hpy_mode") String hpyMode,
            String bridge,
            double seconds,
            Totals totals,
            List<Row> tests,
            @JsonProperty("not_applicable") List<TestFile> notApplicable,
            @JsonProperty("unexplained_ends") List<String> unexplainedEnds) {}

    private final List<TestFile> files;
    private final List<Row> rows;
    private final List<String> unexplainedEnds;
    private final double seconds;

    /**
     * @param files those without tests have a reason
     * @param rows in the order in which they are to be shown
     * @param unexplainedEnds how JVMs ended by something that no row tells of
     */
    Report(List<TestFile> files, List<Row> rows, List<String> unexplainedEnds, double seconds) {
        this.files = files;
        this.rows = rows;
        this.unexplainedEnds = unexplainedEnds;
        this.seconds = seconds;
    }

    boolean good() {
        Totals totals = Totals.of(rows);
        return totals.failed() == 0
                && totals.crashed() == 0
                && unexplainedEnds.isEmpty()
                && files.stream().noneMatch(TestFile::broken);
    }

    void writeJson(Path file, Path suite, String mode, String bridge) throws IOException {
        List<TestFile> notApplicable =
                files.stream().filter(each -> !each.reason().isEmpty()).toList();
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(
                        file.toFile(),
                        new Document(
                                suite.toString(),
                                mode,
                                bridge,
                                seconds,
                                Totals.of(rows),
                                rows,
                                notApplicable,
                                unexplainedEnds));
    }

    void print(PrintWriter out, boolean tracebacks) {
        int width = files.stream().mapToInt(each -> each.file().length()).max().orElse(0);
        String format = "%-" + width + "s %7s %7s %8s %8s %6s %13s%n";
        out.printf(format, "file", "passed", "failed", "skipped", "crashed", "total", "handles left");
        for (TestFile file : files) {
            List<Row> ofFile =
                    rows.stream().filter(row -> row.file().equals(file.file())).toList();
            if (!ofFile.isEmpty()) {
                printTotals(out, format, file.file(), Totals.of(ofFile));
            }
        }
        printTotals(out, format, "all", Totals.of(rows));
        printFiles(out, "not applicable:", false, width);
        printFiles(out, "files that cannot be imported:", true, width);
        printRows(out, "skipped:", row -> row.outcome() == Outcome.skipped, Row::reason);
        printRows(out, "handles left:", Row::leaks, Row::handlesLeft);
        printRows(
                out,
                "failed and crashed:",
                row -> row.outcome() == Outcome.failed || row.outcome() == Outcome.crashed,
                Row::reason);
        printSection(
                out,
                "a JVM ended, and none of the tests that it ran does it again alone; one before may be the cause:",
                unexplainedEnds.stream().map("  %s%n"::formatted).collect(Collectors.joining()));
        if (tracebacks) {
            rows.stream()
                    .filter(row -> !row.traceback().isEmpty())
                    .forEach(row -> out.printf("%n=== %s%n%s", row.node(), row.traceback()));
        }
        Totals totals = Totals.of(rows);
        out.printf(
                "%n%d passed, %d failed, %d skipped, %d crashed in %.1f s; %d handles left by %d tests%n",
                totals.passed(),
                totals.failed(),
                totals.skipped(),
                totals.crashed(),
                seconds,
                totals.handlesLeft(),
                totals.testsWithHandlesLeft());
        out.flush();
    }

    private static void printTotals(PrintWriter out, String format, String name, Totals totals) {
        out.printf(
                format,
                name,
                totals.passed(),
                totals.failed(),
                totals.skipped(),
                totals.crashed(),
                totals.total(),
                totals.handlesLeft());
    }

    private void printFiles(PrintWriter out, String title, boolean broken, int width) {
        String lines = files.stream()
                .filter(file -> !file.reason().isEmpty() && file.broken() == broken)
                .map(file -> ("  %-" + width + "s  %s%n").formatted(file.file(), file.reason()))
                .collect(Collectors.joining());
        printSection(out, title, lines);
    }

    private void printRows(PrintWriter out, String title, Predicate<Row> which, Function<Row, ?> what) {
        String lines = rows.stream()
                .filter(which)
                .map(row -> "  %s: %s%n".formatted(row.node(), what.apply(row)))
                .collect(Collectors.joining());
        printSection(out, title, lines);
    }

    private static void printSection(PrintWriter out, String title, String lines) {
        if (!lines.isEmpty()) {
            out.printf("%n%s%n%s", title, lines);
        }
    }
}
