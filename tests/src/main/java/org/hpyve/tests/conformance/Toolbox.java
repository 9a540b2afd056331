package org.hpyve.tests.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.hpyve.include.CompilationException;
import org.hpyve.include.ExtensionCompiler;
import org.python.core.PyObject;

/**
 * What the Python part asks of Java: the module {@code _conformance}.
 *
 * <p>Public only because Python calls it. Serves all interpreters of a worker.
 */
public final class Toolbox {

    private final Path folder;
    private final ExtensionCompiler compiler;
    private final SourceImporter.Cache cache = new SourceImporter.Cache();

    /**
     * Temporary files of tests go into the folder.
     *
     * @param compiler null where nothing is compiled
     */
    Toolbox(Path folder, ExtensionCompiler compiler) {
        this.folder = folder;
        this.compiler = compiler;
    }

    /** A new empty folder. */
    public String newFolder() throws IOException {
        return Files.createTempDirectory(folder, "test-").toString();
    }

    /** An importer of what lies in a folder; the package is empty if the folder is none. */
    public SourceImporter importer(String sources, String packageName, int flags, PyObject names) {
        String prefix = packageName.isEmpty() ? "" : packageName + ".";
        return new SourceImporter(cache, Path.of(sources), prefix, flags, names);
    }

    /** Compiles an extension; null, or what the compiler printed if it failed. */
    public String compile(String name, List<?> sources, String outputFolder, List<?> options)
            throws IOException, InterruptedException {
        try {
            compiler.compile(
                    name,
                    sources.stream().map(source -> Path.of(source.toString())).toList(),
                    Path.of(outputFolder),
                    options.stream().map(Object::toString).toList());
            return null;
        } catch (CompilationException e) {
            return e.getMessage();
        }
    }

    /** Returns when the collector has found and finalized the objects that nobody can reach. */
    public void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> witness = new PhantomReference<>(new Object(), queue);
        do {
            System.gc();
        } while (queue.remove(100) != witness);
        System.runFinalization();
    }

    /** How a program ended and what it printed, each character a byte. */
    public record Ended(int exitCode, String out, String err) {}

    /** Runs a program to its end; of its environment nothing is inherited. */
    public Ended run(List<?> command, Map<?, ?> environment) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command.stream().map(Object::toString).toList());
        builder.environment().clear();
        environment.forEach((name, value) -> builder.environment().put(name.toString(), value.toString()));
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        String out = text(process.getInputStream());
        return new Ended(process.waitFor(), out, err.join());
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
