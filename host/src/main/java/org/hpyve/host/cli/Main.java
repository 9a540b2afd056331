package org.hpyve.host.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The entry point of {@code ./hpyve}. */
@Command(
        name = "hpyve",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
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
            failed.getErr().println("hpyve " + failed.getCommandName() + ": " + message(exception));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }

    /** What went wrong; the message of an exception about a file is often nothing but the file's name. */
    private static String message(Throwable exception) {
        Throwable told = exception instanceof UncheckedIOException ? exception.getCause() : exception;
        if (told instanceof FileSystemException failure && failure.getReason() == null && failure.getFile() != null) {
            return what(failure) + ": " + failure.getFile();
        }
        return told.getMessage() == null ? told.toString() : told.getMessage();
    }

    private static String what(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "access denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "exists already and is no folder";
        }
        if (failure instanceof NotDirectoryException) {
            return "not a folder";
        }
        return failure.getClass().getSimpleName().replaceFirst("Exception$", "");
    }
}
