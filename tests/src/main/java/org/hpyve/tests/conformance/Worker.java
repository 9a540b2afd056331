package org.hpyve.tests.conformance;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.include.ExtensionCompiler;

/** A JVM that runs tests: reads requests from standard input, writes replies to file descriptor 3. */
final class Worker {

    private final Path kit;
    private final String suite;
    private final String mode;
    private final Toolbox toolbox;
    private final OutputStream replies;
    private final InterpreterHost host =
            InterpreterHost.builder().strictText(true).build();

    private Worker(Path kit, String suite, String mode, ExtensionCompiler compiler, OutputStream replies) {
        this.kit = kit;
        this.suite = suite;
        this.mode = mode;
        this.toolbox = new Toolbox(kit, compiler);
        this.replies = replies;
    }

    /** Arguments: the kit's folder, the folder of the tests, the HPy mode, how many tests at once. */
    public static void main(String[] args) throws IOException {
        ExecutorService slots = Executors.newFixedThreadPool(Integer.parseInt(args[3]));
        try (OutputStream replies = new FileOutputStream("/dev/fd/3");
                ExtensionCompiler compiler = new ExtensionCompiler();
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Worker worker = new Worker(Path.of(args[0]), args[1], args[2], compiler, replies);
            worker.warmUp();
            worker.reply(new Messages.Reply(null, null));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                Messages.Request request = Messages.JSON.readValue(line, Messages.Request.class);
                slots.execute(() -> worker.answer(request));
            }
        }
        // The command has gone, or needs no more; tests may have left threads.
        Runtime.getRuntime().halt(0);
    }

    /** Loads what every test needs, so that the first one has as much time as the others. */
    private void warmUp() {
        try (Sandbox sandbox = new Sandbox(host, kit, toolbox)) {
            sandbox.interpreter().exec("from conformance import runner");
            sandbox.interpreter().call("runner.warm_up", suite, mode);
        }
    }

    private void answer(Messages.Request request) {
        try {
            reply(
                    request.node() == null
                            ? new Messages.Reply(collect(), null)
                            : new Messages.Reply(null, run(request.node())));
        } catch (IOException | RuntimeException | Error e) {
            // No reply would look like a test that hangs; the end of the worker is noticed, and its log read.
            System.err.println("# " + e);
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private synchronized void reply(Messages.Reply reply) throws IOException {
        Messages.JSON.writeValue(replies, reply);
        replies.write('\n');
    }

    private List<TestFile> collect() {
        try (Sandbox sandbox = new Sandbox(host, kit, toolbox)) {
            Interpreter interpreter = sandbox.interpreter();
            interpreter.exec("from conformance import runner");
            return ((List<?>) interpreter.call("runner.collect", suite, mode))
                    .stream()
                            .map(file -> Messages.JSON.convertValue(file, TestFile.class))
                            .toList();
        }
    }

    private Row run(String node) {
        long begin = System.nanoTime();
        Interpreter interpreter;
        Map<?, ?> result;
        try (Sandbox sandbox = new Sandbox(host, kit, toolbox)) {
            interpreter = sandbox.interpreter();
            interpreter.exec("from conformance import runner");
            result = (Map<?, ?>) interpreter.call("runner.run", suite, mode, node);
        }
        return new Row(
                Row.fileOf(node),
                node,
                Row.Outcome.valueOf((String) result.get("outcome")),
                (String) result.get("reason"),
                (String) result.get("traceback"),
                (System.nanoTime() - begin) / 1e9,
                interpreter.name(),
                interpreter.stats().handlesOpen());
    }
}
