package org.hpyve.tests.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.include.ExtensionCompiler;

/**
 * What the workers of a run need, in a folder of its own: the Python part, an extension, the program {@code python2}. The
 * temporary files of tests lie there too, so that nothing is left after {@link #close}, even of workers that crashed.
 * A command that is interrupted closes it as well.
 */
final class Kit implements AutoCloseable {

    private static final List<String> SOURCES = List.of(
            "python/conformance/__init__.py",
            "python/conformance/explain.py",
            "python/conformance/fixtures.py",
            "python/conformance/python3.py",
            "python/conformance/runner.py",
            "stubs/distutils/__init__.py",
            "stubs/distutils/core.py",
            "stubs/distutils/errors.py",
            "stubs/distutils/log.py",
            "stubs/filelock.py",
            "stubs/pathlib.py",
            "stubs/pytest.py",
            "stubs/subprocess.py");

    /** Null, as the compiler, if the constructor failed. */
    private final Path folder;

    private final ExtensionCompiler compiler;
    private final BridgeMode bridge;
    private final Thread atInterruption = new Thread(this::clear, "end of conformance");

    /** Those that were started and not ended; guarded by this object, as {@link #closed}. */
    private final Set<Process> workers = new HashSet<>();

    private boolean closed;

    /** The bridge is that of all interpreters that run tests. */
    Kit(BridgeMode bridge) throws IOException, InterruptedException {
        this.bridge = bridge;
        Runtime.getRuntime().addShutdownHook(atInterruption);
        try {
            // An interruption waits until there is something that it can remove.
            synchronized (this) {
                folder = Files.createTempDirectory("hpyve-conformance-").toRealPath();
                compiler = new ExtensionCompiler();
            }
            Files.createDirectory(temporary());
            for (String name : SOURCES) {
                unpack(name);
            }
            compiler.compile("names", List.of(unpack("names.c")), folder, List.of());
            writePython();
        } catch (IOException | InterruptedException | RuntimeException e) {
            checkOpen();
            close();
            throw e;
        }
    }

    Path folder() {
        return folder;
    }

    private Path temporary() {
        return folder.resolve("tmp");
    }

    private Path unpack(String name) throws IOException {
        Path target = folder.resolve(name);
        Files.createDirectories(target.getParent());
        try (InputStream resource = Kit.class.getResourceAsStream(name)) {
            Files.copy(resource, target);
        }
        return target;
    }

    /** A test may crash it on purpose; that is no reason for a report on standard output, nor for a core file. */
    private void writePython() throws IOException {
        List<String> command = java(
                PythonProgram.class,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+SuppressFatalErrorMessage",
                "-XX:-CreateCoredumpOnCrash");
        command.add(folder.toString());
        StringBuilder script = new StringBuilder("#!/bin/sh\nulimit -c 0\nexec");
        command.forEach(
                word -> script.append(" '").append(word.replace("'", "'\\''")).append('\''));
        Path python = Files.writeString(folder.resolve("python2"), script.append(" \"$@\"\n"));
        if (!python.toFile().setExecutable(true)) {
            throw new IOException("cannot make a program of " + python);
        }
    }

    /** The beginning of a command that starts a class of this program in a JVM like this one. */
    List<String> java(Class<?> main, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-D" + BridgeMode.PROPERTY + "=" + bridge);
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Djava.io.tmpdir=" + temporary());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    private synchronized void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("interrupted");
        }
    }

    /** A new file for what a worker prints. */
    synchronized Path newLog() throws IOException {
        checkOpen();
        return Files.createTempFile(folder, "worker-", ".log");
    }

    /** Starts a worker; {@link #end} ends it. */
    synchronized Process start(List<String> command) throws IOException {
        checkOpen();
        Process worker = new ProcessBuilder(command).start();
        workers.add(worker);
        return worker;
    }

    /** Ends a worker, whatever it does, and what its tests have started. */
    synchronized void end(Process worker) {
        worker.descendants().forEach(ProcessHandle::destroyForcibly);
        worker.destroyForcibly();
        worker.onExit().join();
        workers.remove(worker);
    }

    @Override
    public void close() {
        // The hook stays until the end: an interruption in between waits for it.
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(atInterruption);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private synchronized void clear() {
        closed = true;
        List.copyOf(workers).forEach(this::end);
        try {
            if (compiler != null) {
                compiler.close();
            }
        } catch (IOException | UncheckedIOException e) {
            // It is closed, or the compiler writes there yet.
        }
        if (folder != null) {
            delete();
        }
    }

    /** What was killed may have had children that write yet, so that one attempt is not enough. */
    private void delete() {
        for (int attempt = 0; attempt < 10 && Files.exists(folder); attempt++) {
            try (Stream<Path> walk = Files.walk(folder)) {
                walk.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException | UncheckedIOException e) {
                // Something disappeared in the meantime.
            }
        }
    }
}
