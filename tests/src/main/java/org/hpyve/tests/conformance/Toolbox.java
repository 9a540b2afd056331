package org.hpyve.tests.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

    /** Where a test may make folders. */
    public String folder() {
        return folder.toString();
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
}
