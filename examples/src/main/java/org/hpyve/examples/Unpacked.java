package org.hpyve.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of an example, such as its extension, unpacked into a folder of their own; removed by close. */
public final class Unpacked implements AutoCloseable {

    private final Path folder;

    /**
     * @param example of which the name of the folder tells
     * @param names of the resources, relative to this package
     */
    public Unpacked(String example, String... names) throws IOException {
        folder = Files.createTempDirectory("hpyve-" + example + "-");
        for (String name : names) {
            try (InputStream resource = Unpacked.class.getResourceAsStream(name)) {
                if (resource == null) {
                    throw new IOException("the " + example + " is not complete: " + name + " is missing");
                }
                Files.copy(resource, folder.resolve(Path.of(name).getFileName()));
            }
        }
    }

    public Path folder() {
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
