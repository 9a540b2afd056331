package org.hpyve.examples.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.hpyve.examples.Unpacked;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterStats;
import org.hpyve.host.PythonException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hpyve demo}: N interpreters decode a JSON-lines file side by side with one C extension. */
@Command(
        name = "demo",
        description = {
            "Decodes a JSON-lines file in N interpreters at once with an extension in C.",
            "Each interpreter has its own thread and its own image of the extension. A sample of the records is compared",
            "with what Jython's own json module makes of them."
        })
final class DemoCommand implements Callable<Integer> {

    /** Each how many records one is compared. */
    private static final int SAMPLE = 50;

    /** The bundled input. */
    private static final String RECORDS = "records.jsonl";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--interpreters",
            paramLabel = "N",
            description = "Number of interpreters (default: one for each processor, 2 to 8).")
    private int interpreters = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "A JSON-lines file (default: 12,000 bundled records).")
    private Path input;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (interpreters < 1) {
            throw new ParameterException(spec.commandLine(), "--interpreters must be at least 1");
        }
        if (input != null && !Files.isRegularFile(input)) {
            throw new ParameterException(spec.commandLine(), "no such file: " + input);
        }
        try (Unpacked files = new Unpacked("demo", "json/hpyjson.hpy0.so", "json/decode.py", "json/" + RECORDS)) {
            Path records =
                    input != null ? input.toAbsolutePath() : files.folder().resolve(RECORDS);
            try (InterpreterHost host =
                    InterpreterHost.builder().searchPath(files.folder()).build()) {
                return decode(host, records);
            }
        }
    }

    private int decode(InterpreterHost host, Path file) throws IOException {
        List<Interpreter> all = new ArrayList<>();
        for (int i = 1; i <= interpreters; i++) {
            Interpreter interpreter = host.newInterpreter("demo-" + i);
            interpreter.exec("import decode");
            all.add(interpreter);
        }
        int total = (Integer) all.get(0).call("decode.count", file.toString());
        List<Share> shares;
        double seconds;
        int compared;
        long begin = System.nanoTime();
        try (ProgressBar bar = progressBar(total)) {
            shares = inAll(all, total, (self, first, last) -> decode(self, file, first, last, bar));
            seconds = (System.nanoTime() - begin) / 1e9;
            compared = inAll(all, total, (self, first, last) -> compare(self, file, first, last)).stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        } catch (CompletionException e) {
            return failed(e);
        }
        if (json) {
            printJson(shares, seconds);
        } else {
            printTable(shares, seconds);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%,d records were compared with what Jython's json module makes of them: no difference.%n",
                            compared);
            spec.commandLine().getOut().flush();
        }
        return shares.stream().allMatch(share -> share.handlesOpen() == 0) ? 0 : 1;
    }

    /** Work on the records from first to last, last not included; runs on the interpreter's thread. */
    private interface Part<T> {
        T run(Interpreter self, int first, int last);
    }

    /** Gives each interpreter an equal part of all records, at once, and waits for the results. */
    private <T> List<T> inAll(List<Interpreter> all, int total, Part<T> part) {
        List<CompletableFuture<T>> work = new ArrayList<>();
        for (int i = 0; i < interpreters; i++) {
            int first = (int) ((long) total * i / interpreters);
            int last = (int) ((long) total * (i + 1) / interpreters);
            work.add(all.get(i).submit(self -> part.run(self, first, last)));
        }
        CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).join();
        return work.stream().map(CompletableFuture::join).toList();
    }

    private ProgressBar progressBar(int total) {
        return new ProgressBarBuilder()
                .setTaskName("decoding")
                .setInitialMax(total)
                .setUnit(" records", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }

    private static Share decode(Interpreter self, Path file, int first, int last, ProgressBar bar) {
        int[] shown = {0};
        Function<List<Object>, Object> progress = arguments -> {
            int records = (Integer) arguments.get(0);
            bar.stepBy(records - shown[0]);
            shown[0] = records;
            return null;
        };
        long begin = System.nanoTime();
        List<?> done = (List<?>) self.call("decode.decode", file.toString(), first, last, progress);
        double seconds = (System.nanoTime() - begin) / 1e9;
        InterpreterStats stats = self.stats();
        return new Share(
                self.name(),
                Thread.currentThread().getName(),
                (Integer) done.get(0),
                stats.handlesOpen(),
                stats.handlesOpened(),
                stats.crossings(),
                ((Number) done.get(1)).longValue(),
                seconds);
    }

    private static Integer compare(Interpreter self, Path file, int first, int last) {
        return (Integer) self.call("decode.check", file.toString(), SAMPLE, first, last);
    }

    private int failed(CompletionException failure) {
        PrintWriter err = spec.commandLine().getErr();
        if (failure.getCause() instanceof PythonException) {
            err.print(((PythonException) failure.getCause()).pythonTraceback());
        } else {
            err.println("hpyve demo: " + failure.getCause());
        }
        err.flush();
        return 1;
    }

    private void printJson(List<Share> shares, double seconds) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("interpreters", shares);
        result.put("wall_ms", Math.round(seconds * 1000));
        result.put("records", shares.stream().mapToInt(Share::records).sum());
        PrintWriter out = spec.commandLine().getOut();
        out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
    }

    private void printTable(List<Share> shares, double seconds) {
        Column.Overflow span = Column.Overflow.SPAN;
        TextTable table = TextTable.forColumns(
                spec.commandLine().getColorScheme(),
                new Column(14, 0, span),
                new Column(18, 0, span),
                new Column(10, 0, span),
                new Column(9, 0, span),
                new Column(17, 0, span),
                new Column(14, 0, span),
                new Column(12, 0, span));
        table.addRowValues("interpreter", "thread", "records", "MB/s", "handles opened", "open at end", "crossings");
        for (Share share : shares) {
            addRow(table, share.name(), share.thread(), List.of(share), share.seconds());
        }
        addRow(table, "all", interpreters + " threads", shares, seconds);
        PrintWriter out = spec.commandLine().getOut();
        out.print(table);
    }

    private static void addRow(TextTable table, String name, String thread, List<Share> shares, double seconds) {
        double megabytes = shares.stream().mapToLong(Share::bytes).sum() / 1e6;
        table.addRowValues(
                name,
                thread,
                "%,d".formatted(shares.stream().mapToInt(Share::records).sum()),
                "%.1f".formatted(megabytes / seconds),
                "%,d".formatted(shares.stream().mapToLong(Share::handlesOpened).sum()),
                "%,d".formatted(shares.stream().mapToLong(Share::handlesOpen).sum()),
                "%,d".formatted(shares.stream().mapToLong(Share::crossings).sum()));
    }
}
