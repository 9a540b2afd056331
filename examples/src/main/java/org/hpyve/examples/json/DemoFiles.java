package org.hpyve.examples.json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The extension, its Python module and the bundled input, unpacked into a folder of their own; removed by close. */
final class DemoFiles implements AutoCloseable {

    static final String RECORDS = "records.jsonl";
    private static final List<String> NAMES = List.of("hpyjson.hpy0.so", "decode.py", RECORDS);

    private final Path folder;

    DemoFiles() throws IOException {
        folder = Files.createTempDirectory("hpyve-demo-");
        for (String name : NAMES) {
            try (InputStream resource = DemoFiles.class.getResourceAsStream(name)) {
                if (resource == null) {
                    throw new IOException("the demo is not complete: " + name + " is missing");
                }
                Files.copy(resource, folder.resolve(name));
            }
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
