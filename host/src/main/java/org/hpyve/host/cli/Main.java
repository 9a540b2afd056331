package org.hpyve.host.cli;

import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of {@code ./hpyve}. */
@Command(
        name = "hpyve",
        mixinStandardHelpOptions = true,
        version = "Hpyve 0.1.0 (HPy 0.9, Python 2.7)",
        description = "Runs many isolated Python interpreters in one JVM, with HPy extensions.",
        subcommands = {RunCommand.class, BuildCommand.class},
        synopsisSubcommandLabel = "COMMAND")
public final class Main {

    private Main() {}

    /** Runs a command; ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command line with all commands. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
            commandLine.addSubcommand(provider.command());
        }
        commandLine.setExecutionExceptionHandler((exception, failed, parsed) -> {
            failed.getErr().println("hpyve " + failed.getCommandName() + ": " + exception.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }
}
