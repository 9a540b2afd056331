package org.hpyve.include;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One run of a compiler with this project's headers and all warnings as errors; makes an object file. */
record CompilerRun(int exitCode, String printed) {

    static final List<String> C = List.of("-std=c11", "-Wall", "-Wextra", "-Werror");
    static final List<String> CPP = List.of("-std=c++20", "-Wall", "-Wextra", "-Werror");

    /** The C compilers of this machine. */
    static Stream<String> cCompilers() {
        return Stream.of("gcc", "clang").filter(CompilerRun::isInstalled);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    static CompilerRun of(String compiler, List<String> options, Path headers, Path source)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(options);
        command.addAll(List.of("-I", headers.toString(), "-c", source.toString(), "-o", source + ".o"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Messages in English, with plain quotes.
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new CompilerRun(process.waitFor(), printed);
    }

    void assertAccepted() {
        assertThat(printed).isEmpty();
        assertThat(exitCode).isZero();
    }

    void assertRefused(String message) {
        assertThat(exitCode).isNotZero();
        assertThat(printed).contains(message);
    }
}
