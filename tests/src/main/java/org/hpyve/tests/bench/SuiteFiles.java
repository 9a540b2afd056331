package org.hpyve.tests.bench;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.include.ExtensionCompiler;

/** What {@code suite.py} needs, in one folder. */
final class SuiteFiles {

    static final String SCRIPT = "suite.py";

    /** Each makes 10 MB. */
    static final int EVENTS = 25_800;

    static final int ARTICLES = 5_000;

    private SuiteFiles() {}

    /** The script and its extensions, which are compiled once for all hosts, and the input: so many lines of each kind. */
    static void make(Path folder, int events, int articles) throws IOException, InterruptedException {
        unpack("suite.py", folder);
        unpack("/org/hpyve/examples/json/hpyjson.hpy0.so", folder);
        unpack("/org/hpyve/examples/array/hpyarray.hpy0.so", folder);
        Path source = unpack("workloads.c", folder);
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            compiler.compile("workloads", List.of(source), folder, List.of());
        }
        unpack("/org/hpyve/examples/json/generate.py", folder);
        try (InterpreterHost host = InterpreterHost.builder().searchPath(folder).build()) {
            Interpreter python = host.newInterpreter();
            python.exec("import generate");
            python.set("folder", folder.toString());
            python.exec("generate.generate(folder + '/records.jsonl', %d)".formatted(events));
            python.exec("generate.generate(folder + '/texts.jsonl', %d, generate.article)".formatted(articles));
        }
    }

    /** Copies a resource into the folder. */
    static Path unpack(String resource, Path folder) throws IOException {
        Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        try (InputStream stream = SuiteFiles.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new FileNotFoundException(resource);
            }
            Files.copy(stream, file);
        }
        return file;
    }
}
