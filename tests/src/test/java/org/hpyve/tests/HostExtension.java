package org.hpyve.tests;

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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.InterpreterStats;
import org.hpyve.host.Isolation;
import org.hpyve.include.ExtensionCompiler;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A host for each test, with a folder on its search path. After the test the host is closed, and nothing may be left of
 * it: no open handle and no native byte of any interpreter, no thread, no temporary folder.
 */
public final class HostExtension implements BeforeEachCallback, AfterEachCallback {

    /** Compiled extensions, each made once for all tests; removed at the end of the run. */
    private static final class Builds implements AutoCloseable {

        private static final List<String> OPTIONS =
                List.of("-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter");

        private final ExtensionCompiler compiler = new ExtensionCompiler();
        private final Path folder = Files.createTempDirectory("test-builds-");
        private final Map<String, Path> made = new HashMap<>();

        Builds() throws IOException {}

        Path build(String name, String source) throws IOException, InterruptedException {
            Path extension = made.get(name + source);
            if (extension == null) {
                Path own = Files.createDirectory(folder.resolve(Integer.toString(made.size())));
                Path file = Files.writeString(own.resolve(name + ".c"), "#include <hpy.h>\n" + source);
                extension = compiler.compile(name, List.of(file), own, OPTIONS);
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

    private final List<Interpreter> interpreters = new ArrayList<>();
    private final Isolation isolation;
    private Builds builds;
    private Set<Path> foldersBefore;
    private Path folder;
    private InterpreterHost host;

    /** A host of interpreters that share their runtime. */
    public HostExtension() {
        this(Isolation.SHARED_RUNTIME);
    }

    /** A host of interpreters at a level of isolation. */
    public HostExtension(Isolation isolation) {
        this.isolation = isolation;
    }

    @Override
    public void beforeEach(ExtensionContext test) throws IOException {
        builds = test.getRoot()
                .getStore(ExtensionContext.Namespace.create(HostExtension.class))
                .getOrComputeIfAbsent(Builds.class, key -> newBuilds(), Builds.class);
        foldersBefore = temporaryFolders();
        folder = Files.createTempDirectory("test-");
        host = InterpreterHost.builder().isolation(isolation).searchPath(folder).build();
    }

    private static Builds newBuilds() {
        try {
            return new Builds();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        host.close();
        // One that was closed by its own task may have left its host before its thread ended.
        interpreters.forEach(Interpreter::close);
        delete(folder);
        for (Interpreter interpreter : interpreters) {
            InterpreterStats stats = interpreter.stats();
            assertThat(stats.handlesOpen())
                    .as("handles left open in %s", interpreter)
                    .isZero();
            assertThat(stats.nativeBytes())
                    .as("native bytes left in %s", interpreter)
                    .isZero();
        }
        assertThat(threads()).as("threads left").isEmpty();
        assertThat(temporaryFolders()).as("temporary folders left").isEqualTo(foldersBefore);
    }

    /** The names of living threads of interpreters. */
    static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hpyve-"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Path> temporaryFolders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().matches("(lib)?hpyve-.*"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The host of this test. */
    public InterpreterHost host() {
        return host;
    }

    /** The folder on {@code sys.path}. */
    public Path folder() {
        return folder;
    }

    /** A new interpreter of this test's host. */
    public Interpreter newInterpreter() {
        return watched(host.newInterpreter());
    }

    /** A new interpreter of this test's host. */
    public Interpreter newInterpreter(String name) {
        return watched(host.newInterpreter(name));
    }

    private Interpreter watched(Interpreter interpreter) {
        interpreters.add(interpreter);
        return interpreter;
    }

    /** Several new interpreters. */
    public List<Interpreter> newInterpreters(int count) {
        return IntStream.range(0, count).mapToObj(i -> newInterpreter()).toList();
    }

    /** Compiles C source, which need not include {@code hpy.h}, into an extension in the folder. */
    public Path build(String name, String source) throws IOException, InterruptedException {
        Path extension = builds.build(name, source);
        return Files.copy(extension, folder.resolve(extension.getFileName()));
    }

    /**
     * Compiles an extension out of functions only: each C function {@code f_impl} of one of the four method signatures
     * is given as {@code f:NOARGS}, {@code f:O}, {@code f:VARARGS} or {@code f:KEYWORDS}.
     *
     * @param globals names of {@code HPyGlobal} variables that the module registers
     */
    public Path buildFunctions(String name, String functions, String source, String... globals)
            throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        StringBuilder defines = new StringBuilder();
        for (String function : functions.split("\\s+")) {
            String[] parts = function.split(":");
            text.append("HPyDef_METH(%1$s, \"%1$s\", HPyFunc_%2$s)\n".formatted(parts[0], parts[1]));
            defines.append("&").append(parts[0]).append(", ");
        }
        text.append(source);
        String listed = Stream.of(globals).map(global -> "&" + global + ", ").collect(Collectors.joining());
        text.append("""

                static HPyDef *module_defines[] = {%sNULL};
                static HPyGlobal *module_globals[] = {%sNULL};
                static HPyModuleDef module_def = {.defines = module_defines, .globals = module_globals};
                HPy_MODINIT(%s, module_def)
                """.formatted(defines, listed, name));
        return build(name, text.toString());
    }

    /** An extension {@code counting} with {@code bump()}, which counts its calls in a C static. */
    public void buildCounting() throws IOException, InterruptedException {
        buildFunctions("counting", "bump:NOARGS", """
                static int counter;
                static HPy bump_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, ++counter); }
                """);
    }

    /** Puts a resource of the examples, such as {@code json/decode.py}, into the folder. */
    public Path unpackExample(String name) throws IOException {
        Path file = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
        try (var resource = HostExtension.class.getResourceAsStream("/org/hpyve/examples/" + name)) {
            assertThat(resource).as(name).isNotNull();
            Files.copy(resource, file);
        }
        return file;
    }
}
