package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hpyve.include.ExtensionCompiler;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A host for each test with a folder on its search path, closed after the test; none of its interpreters may then have
 * left a handle or a native byte.
 */
public final class HostFixture implements BeforeEachCallback, AfterEachCallback {

    /** Compiled extensions, each made once for all tests. */
    private static final class Builds implements AutoCloseable {

        private final ExtensionCompiler compiler = new ExtensionCompiler();
        private final Path folder = Files.createTempDirectory("host-test-builds-");
        private final Map<String, Path> made = new HashMap<>();

        Builds() throws IOException {}

        Path build(String name, String source) throws IOException, InterruptedException {
            Path extension = made.get(name + source);
            if (extension == null) {
                Path own = Files.createDirectory(folder.resolve(Integer.toString(made.size())));
                Path file = Files.writeString(own.resolve(name + ".c"), "#include <hpy.h>\n" + source);
                extension = compiler.compile(
                        name,
                        List.of(file),
                        own,
                        List.of("-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"));
                made.put(name + source, extension);
            }
            return extension;
        }

        @Override
        public void close() throws IOException {
            compiler.close();
            delete(folder);
        }
    }

    private Builds builds;
    private Path folder;
    private InterpreterHost host;
    private final List<Interpreter> interpreters = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext test) throws IOException {
        builds = test.getRoot()
                .getStore(ExtensionContext.Namespace.create(HostFixture.class))
                .getOrComputeIfAbsent(
                        Builds.class,
                        key -> {
                            try {
                                return new Builds();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        Builds.class);
        folder = Files.createTempDirectory("host-test-");
        host = InterpreterHost.builder().searchPath(folder).build();
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        // Also those that Python code has made.
        interpreters.addAll(host.interpreters());
        host.close();
        for (Interpreter interpreter : interpreters) {
            interpreter.close();
            assertThat(interpreter.thread().isAlive())
                    .as("thread of %s", interpreter)
                    .isFalse();
            assertThat(interpreter.closeReport())
                    .as("what is left of %s", interpreter)
                    .isEqualTo(new CloseReport(List.of(), 0, 0, List.of()));
        }
        delete(folder);
    }

    private static void delete(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    public InterpreterHost host() {
        return host;
    }

    /** The folder on {@code sys.path}. */
    public Path folder() {
        return folder;
    }

    public Interpreter newInterpreter() {
        return watched(host.newInterpreter());
    }

    public Interpreter newInterpreter(String name) {
        return watched(host.newInterpreter(name));
    }

    private Interpreter watched(Interpreter interpreter) {
        interpreters.add(interpreter);
        return interpreter;
    }

    /** Writes a file below the folder. */
    public Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    /** Puts an extension below the folder: {@code name}, or {@code package/name}. */
    public Path build(String place, String source) throws IOException, InterruptedException {
        String name = place.substring(place.lastIndexOf('/') + 1);
        Path target = folder.resolve(place + ExtensionCompiler.SUFFIX);
        Files.createDirectories(target.getParent());
        Files.deleteIfExists(target);
        return Files.copy(builds.build(name, source), target);
    }

    /** The source of a module {@code NAME} with a function {@code leak(object)} that leaves a handle open. */
    public static String leakingModule(String name) {
        return """
                HPyDef_METH(leak, "leak", HPyFunc_O)
                static HPy leak_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_Dup(ctx, arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPyDef *defines[] = {&leak, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(%s, def)
                """.formatted(name);
    }

    /** The source of a module {@code NAME} with a function {@code value()} that returns a number. */
    public static String valueModule(String name, int value) {
        return """
                HPyDef_METH(value, "value", HPyFunc_NOARGS)
                static HPy value_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, %2$d); }
                static HPyDef *defines[] = {&value, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(%1$s, def)
                """.formatted(name, value);
    }
}
