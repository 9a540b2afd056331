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
        mixinStandardHelpOptions = true,
        description = {
            "Decodes a JSON-lines file in N interpreters at once, each on its own thread and with its own image of a C",
            "extension, and compares a sample of the records with what Jython's own json module makes of them."
        })
final class DemoCommand implements Callable<Integer> {

    /** Each how many records one is compared. */
    private static final int SAMPLE = 50;

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
        try (DemoFiles files = new DemoFiles()) {
            Path records =
                    input != null ? input.toAbsolutePath() : files.folder().resolve(DemoFiles.RECORDS);
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
        List<CompletableFuture<Share>> work = new ArrayList<>();
        long begin = System.nanoTime();
        try (ProgressBar bar = progressBar(total)) {
            for (int i = 0; i < interpreters; i++) {
                int first = (int) ((long) total * i / interpreters);
                int last = (int) ((long) total * (i + 1) / interpreters);
                work.add(all.get(i).submit(self -> decodeShare(self, file.toString(), first, last, bar)));
            }
            CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            return failed(e);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<Share> shares = work.stream().map(CompletableFuture::join).toList();
        if (json) {
            printJson(shares, seconds);
        } else {
            printTable(shares, seconds);
        }
        return shares.stream().allMatch(share -> share.handlesOpen() == 0) ? 0 : 1;
    }

    private ProgressBar progressBar(int total) {
        return new ProgressBarBuilder()
                .setTaskName("decoding")
                .setInitialMax(total)
                .setUnit(" records", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }

    private static Share decodeShare(Interpreter self, String file, int first, int last, ProgressBar bar) {
        int[] shown = {0};
        Function<List<Object>, Object> progress = arguments -> {
            int records = (Integer) arguments.get(0);
            bar.stepBy(records - shown[0]);
            shown[0] = records;
            return null;
        };
        long begin = System.nanoTime();
        List<?> done = (List<?>) self.call("decode.decode", file, first, last, progress);
        double seconds = (System.nanoTime() - begin) / 1e9;
        InterpreterStats stats = self.stats();
        int compared = (Integer) self.call("decode.check", file, SAMPLE, first, last);
        return new Share(
                self.name(),
                Thread.currentThread().getName(),
                (Integer) done.get(0),
                self.stats().handlesOpen(),
                stats.handlesOpened(),
                stats.crossings(),
                ((Number) done.get(1)).longValue(),
                seconds,
                compared);
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
                new Column(12, 0, span),
                new Column(9, 0, span));
        table.addRowValues(
                "interpreter", "thread", "records", "MB/s", "handles opened", "open at end", "crossings", "compared");
        for (Share share : shares) {
            addRow(table, share.name(), share.thread(), List.of(share), share.seconds());
        }
        addRow(table, "all", interpreters + " threads", shares, seconds);
        PrintWriter out = spec.commandLine().getOut();
        out.print(table);
        out.println("Sampled records are equal to what Jython's json module gives.");
        out.flush();
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
                "%,d".formatted(shares.stream().mapToLong(Share::crossings).sum()),
                "%,d".formatted(shares.stream().mapToInt(Share::compared).sum()));
    }
}
