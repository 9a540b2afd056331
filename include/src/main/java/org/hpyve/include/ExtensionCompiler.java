package org.hpyve.include;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Compiles HPy universal extensions: {@code NAME.hpy0.so} out of C or C++ sources, this project's headers and the helper
 * sources that belong to every extension.
 *
 * <p>The compilers are those of the environment variables {@code CC} and {@code CXX}, else {@code cc} and {@code c++}; the
 * variables may hold options behind the name, separated by blanks.
 * The helpers are compiled once for each instance. Instances may be used by several threads at once; {@link #close}
 * removes their working folder.
 */
public final class ExtensionCompiler implements AutoCloseable {

    /** What the file name of a universal extension ends with. */
    public static final String SUFFIX = ".hpy0.so";

    private static final List<String> OPTIONS =
            List.of("-fPIC", "-O2", "-g", "-fvisibility=hidden", "-DHPY", "-DHPY_ABI_UNIVERSAL");

    private final UnaryOperator<String> environment;
    private final Path folder;
    private List<Path> helpers = List.of();

    /** Unpacks the headers into a new temporary folder. */
    public ExtensionCompiler() throws IOException {
        this(System::getenv);
    }

    ExtensionCompiler(UnaryOperator<String> environment) throws IOException {
        this.environment = environment;
        folder = Files.createTempDirectory("hpyve-build-");
        unpack();
    }

    /** The folder with {@code hpy.h}. */
    public Path includeDirectory() {
        return folder;
    }

    /**
     * Compiles an extension. An older file of the same name is replaced when the new one is complete, so that nobody
     * loads half of it; who has loaded the older one keeps it.
     *
     * @param name the module's name, without package
     * @param sources C or C++ files
     * @param outputDirectory made if it does not exist
     * @param options further options of the compiler, such as {@code -I} or {@code -Werror}
     * @return the extension's file
     * @throws CompilationException if the compiler cannot be run or finds errors
     */
    public Path compile(String name, List<Path> sources, Path outputDirectory, List<String> options)
            throws IOException, InterruptedException {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new CompilationException("'" + name + "' cannot be the name of a module");
        }
        if (sources.isEmpty()) {
            throw new CompilationException("the module '" + name + "' has no source");
        }
        for (Path source : sources) {
            if (!Files.isRegularFile(source)) {
                throw new CompilationException("no such source: " + source);
            }
        }
        List<Path> objects = helpers();
        Files.createDirectories(outputDirectory);
        Path output = outputDirectory.resolve(name + SUFFIX);
        boolean cpp = sources.stream().anyMatch(ExtensionCompiler::isCpp);
        List<String> command = new ArrayList<>(cpp ? compiler("CXX", "c++") : compiler("CC", "cc"));
        command.addAll(OPTIONS);
        // The first folder refuses CPython's own API, which an extension for every interpreter cannot use.
        command.addAll(
                List.of("-shared", "-I", folder.resolve("hpy/forbid_python_h").toString()));
        command.addAll(List.of("-I", folder.toString()));
        command.addAll(options);
        sources.forEach(source -> command.add(source.toString()));
        objects.forEach(object -> command.add(object.toString()));
        // In the same folder, for only there can it be renamed at once; no module can have this name.
        Path unfinished = outputDirectory.resolve("." + name + "-" + UUID.randomUUID() + ".tmp");
        command.addAll(List.of("-o", unfinished.toString()));
        try {
            run(command);
            Files.move(unfinished, output, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return output;
    }

    private static boolean isCpp(Path source) {
        return source.toString().matches(".*\\.(cc|cpp|cxx|C)");
    }

    private List<String> compiler(String variable, String otherwise) {
        String compiler = environment.apply(variable);
        return compiler == null || compiler.isBlank()
                ? List.of(otherwise)
                : List.of(compiler.strip().split("\\s+"));
    }

    /** The objects of the helper sources; the first caller compiles them, the others wait for it. */
    private synchronized List<Path> helpers() throws IOException, InterruptedException {
        if (helpers.isEmpty()) {
            helpers = compileHelpers();
        }
        return helpers;
    }

    private List<Path> compileHelpers() throws IOException, InterruptedException {
        List<Path> sources;
        try (Stream<Path> files = Files.list(folder.resolve("runtime"))) {
            sources = files.filter(file -> file.toString().endsWith(".c"))
                    .sorted()
                    .toList();
        }
        List<Path> objects = new ArrayList<>();
        for (Path source : sources) {
            Path object = Path.of(source.toString().replaceFirst("\\.c$", ".o"));
            List<String> command = new ArrayList<>(compiler("CC", "cc"));
            command.addAll(OPTIONS);
            command.addAll(List.of("-std=c11", "-I", folder.toString(), "-c", source.toString(), "-o"));
            command.add(object.toString());
            run(command);
            objects.add(object);
        }
        return objects;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new CompilationException("the C compiler '" + command.get(0) + "' cannot be run: " + e.getMessage());
        }
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new CompilationException(String.join(" ", command) + "\n" + printed);
        }
    }

    private void unpack() throws IOException {
        URL root = ExtensionCompiler.class.getResource("c/hpy.h");
        if (root == null) {
            throw new IllegalStateException("the HPy headers are not on the class path");
        }
        try {
            URI uri = root.toURI();
            if (uri.getScheme().equals("jar")) {
                String[] parts = uri.toString().split("!", 2);
                try (FileSystem jar = FileSystems.newFileSystem(URI.create(parts[0]), Map.of())) {
                    copyTree(jar.getPath(parts[1]).getParent());
                }
            } else {
                copyTree(Path.of(uri).getParent());
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void copyTree(Path root) throws IOException {
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(root)) {
            entries = walk.filter(Files::isRegularFile).toList();
        }
        for (Path entry : entries) {
            Path target = folder.resolve(root.relativize(entry).toString());
            Files.createDirectories(target.getParent());
            Files.copy(entry, target);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
