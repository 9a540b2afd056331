package org.hpyve.examples.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the interpreters import, unpacked into a folder of their own; removed by close. */
final class ServeFiles implements AutoCloseable {

    private static final List<String> RESOURCES =
            List.of("json/hpyjson.hpy0.so", "serve/leaky.hpy0.so", "serve/tenant.py");

    private final Path folder;

    ServeFiles() throws IOException {
        folder = Files.createTempDirectory("hpyve-serve-");
        for (String name : RESOURCES) {
            try (InputStream stream = ServeFiles.class.getResourceAsStream("/org/hpyve/examples/" + name)) {
                if (stream == null) {
                    throw new IOException("the server is not complete: " + name + " is missing");
                }
                Files.copy(stream, folder.resolve(Path.of(name).getFileName()));
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
