package org.hpyve.host.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.hpyve.include.ExtensionCompiler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hpyve build}: compiles a universal extension. */
@Command(name = "build", description = "Compiles C or C++ sources into the universal extension NAME.hpy0.so.")
final class BuildCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "SRC", description = "C or C++ sources.")
    private List<Path> sources;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "The module's name.")
    private String name;

    @Option(
            names = "-o",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where to put the extension (default: here).")
    private Path output;

    @Option(names = "-I", paramLabel = "DIR", description = "A folder to search for headers.")
    private List<Path> includes = List.of();

    @Override
    public Integer call() throws Exception {
        List<String> options = includes.stream().map(folder -> "-I" + folder).toList();
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            Path extension = compiler.compile(name, sources, output, options);
            spec.commandLine().getOut().println(extension);
        }
        return 0;
    }
}
