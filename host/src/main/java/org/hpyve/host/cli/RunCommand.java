package org.hpyve.host.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.Isolation;
import org.hpyve.host.PythonException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hpyve run}: runs a script in N interpreters at once. */
@Command(
        name = "run",
        description = {
            "Runs a Python script in N isolated interpreters at once.",
            "Arguments that look like options go to the script behind '--'."
        })
final class RunCommand implements Callable<Integer> {

    enum Level {
        shared(Isolation.SHARED_RUNTIME),
        own(Isolation.OWN_RUNTIME);

        private final Isolation isolation;

        Level(Isolation isolation) {
            this.isolation = isolation;
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SCRIPT", description = "The script.")
    private Path script;

    @Parameters(index = "1..*", paramLabel = "ARGS", description = "Its arguments.")
    private List<String> arguments = List.of();

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of interpreters (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--isolation",
            defaultValue = "shared",
            description =
                    "${COMPLETION-CANDIDATES}: one copy of Jython's classes for all, or one for each interpreter.")
    private Level level;

    @Mixin
    private HpyOptions hpy;

    @Option(names = "--path", paramLabel = "DIR", description = "A folder to add to sys.path.")
    private List<Path> path = List.of();

    @Option(
            names = "--share-image",
            paramLabel = "MODULE",
            description = "An extension of which one image serves all interpreters; its full name.")
    private List<String> sharedImages = List.of();

    @Override
    public Integer call() {
        check();
        // A script is a program: its end waits for its threads.
        InterpreterHost.Builder builder = InterpreterHost.builder()
                .isolation(level.isolation)
                .bridge(hpy.bridge())
                .daemon(false);
        path.forEach(builder::searchPath);
        sharedImages.forEach(builder::shareImage);
        try (InterpreterHost host = builder.build()) {
            List<CompletableFuture<Void>> runs = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                Interpreter interpreter = host.newInterpreter();
                runs.add(interpreter.submit(self -> {
                    self.run(script, arguments);
                    return null;
                }));
            }
            int exitCode = 0;
            for (CompletableFuture<Void> run : runs) {
                int code = exitCode(run);
                exitCode = exitCode == 0 ? code : exitCode;
            }
            return exitCode;
        }
    }

    private void check() {
        if (!Files.isRegularFile(script)) {
            throw new ParameterException(spec.commandLine(), "no such script: " + script);
        }
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "-n must be at least 1");
        }
        hpy.check();
    }

    private int exitCode(CompletableFuture<Void> run) {
        try {
            run.join();
            return 0;
        } catch (CompletionException e) {
            PrintWriter err = spec.commandLine().getErr();
            if (!(e.getCause() instanceof PythonException)) {
                err.println("hpyve run: " + e.getCause());
                return 1;
            }
            PythonException exception = (PythonException) e.getCause();
            String prefix = count > 1 ? exception.interpreter() + ": " : "";
            if (exception.exitMessage() != null) {
                err.println(prefix + exception.exitMessage());
                return 1;
            }
            if (exception.exitCode() != null) {
                return processExitCode(exception.exitCode());
            }
            err.print(prefix + exception.pythonTraceback());
            err.flush();
            return 1;
        }
    }

    /** Systems keep the low byte of an exit code; a failure must not become a success by that. */
    private static int processExitCode(int code) {
        return code != 0 && (code & 0xff) == 0 ? 1 : code;
    }
}
