package org.hpyve.tests.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.hpyve.include.ExtensionCompiler;

/**
 * What the workers of a run need, in a folder of its own: the Python part, an extension, the program {@code python2}. The
 * temporary files of tests lie there too, so that nothing is left after {@link #close}, even of workers that crashed.
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

    private final Path folder;

    Kit() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("hpyve-conformance-").toRealPath();
        Files.createDirectory(temporary());
        for (String name : SOURCES) {
            unpack(name);
        }
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            compiler.compile("names", List.of(unpack("names.c")), folder, List.of());
        }
        writePython();
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
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Djava.io.tmpdir=" + temporary());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
