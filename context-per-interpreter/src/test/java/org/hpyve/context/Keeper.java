package org.hpyve.context;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.hpyve.bridge.Sharing;
import org.hpyve.include.ExtensionCompiler;
import org.python.core.Py;
import org.python.core.PyObject;

/** The extension {@code keeper}, which keeps state in all ways that C++ knows, in several variants. */
final class Keeper {

    private static final List<String> OPTIONS = List.of("-O1", "-g0", "-Wall", "-Wextra", "-Werror");
    private static final ConcurrentHashMap<List<String>, Path> COMPILED = new ConcurrentHashMap<>();

    /** Where an extension may look for its library. */
    enum Library {
        BESIDE("", "$ORIGIN", true),
        BESIDE_WITHOUT_SONAME("", "$ORIGIN", false),
        BELOW_WITHOUT_SONAME("libs", "$ORIGIN/libs", false),
        ASIDE("../libs", "/nowhere:$ORIGIN/../libs", true);

        private final String folder;
        private final String searchPath;
        private final boolean soname;

        Library(String folder, String searchPath, boolean soname) {
            this.folder = folder;
            this.searchPath = searchPath;
            this.soname = soname;
        }
    }

    private Keeper() {}

    /** A variant that depends on no other library. */
    static Path compiled(String... macros) {
        return COMPILED.computeIfAbsent(List.of(macros), key -> compile(null, List.of(macros)));
    }

    /** A variant that depends on a library of its own. */
    static Path compiledWith(Library library) {
        return COMPILED.computeIfAbsent(List.of(library.name()), key -> compile(library, List.of("WITH_LIBRARY")));
    }

    private static Path compile(Library library, List<String> macros) {
        ExtensionCompiler compiler = ContextExtension.compiler();
        try {
            Path folder = Files.createDirectories(Files.createTempDirectory(compiler.includeDirectory(), "keeper-")
                    .resolve("extension"));
            Path source = Path.of("src/test/resources/org/hpyve/context/images").toAbsolutePath();
            List<String> options = new ArrayList<>(OPTIONS);
            macros.forEach(macro -> options.add("-D" + macro));
            if (library != null) {
                Path libraries = folder.resolve(library.folder).normalize();
                String name = "lib" + library.name().toLowerCase(Locale.ROOT);
                String file = name + ExtensionCompiler.SUFFIX;
                compiler.compile(
                        name,
                        List.of(source.resolve("counter.c")),
                        libraries,
                        library.soname ? List.of("-Wl,-soname," + file) : List.of());
                options.addAll(List.of(
                        "-Wl,--no-as-needed",
                        "-L" + libraries,
                        "-l:" + file,
                        "-Wl,--enable-new-dtags",
                        "-Wl,-rpath," + library.searchPath));
            }
            return compiler.compile("keeper", List.of(source.resolve("keeper.cpp")), folder, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Loads the extension into a context. */
    static PyObject load(InterpreterContext context, Path extension, Sharing sharing) {
        context.modules().setSharing(Map.of("keeper", sharing));
        return context.modules().load("keeper", extension, Py.None);
    }

    /** The next number of a counter. */
    static int next(PyObject keeper, String counter) {
        return keeper.invoke(counter).asInt();
    }

    /** How many pieces of the library's copies are mapped into this process. */
    static long mapped() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("keeper" + ExtensionCompiler.SUFFIX))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
