package org.hpyve.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Loads the C half of this package from the class path.
 *
 * <p>Loading initializes the classes with native methods. So only one of them, {@link NativeContext}, loads from its own
 * initializer: two threads that begin with different classes would wait for each other.
 */
final class NativeLibrary {

    private NativeLibrary() {}

    @SuppressWarnings("restricted")
    static void load() {
        String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        try (InputStream library = NativeLibrary.class.getResourceAsStream(platform + "/libhpyve.so")) {
            if (library == null) {
                throw new UnsatisfiedLinkError("Hpyve has no native library for " + platform);
            }
            Path file = Files.createTempFile("libhpyve-", ".so");
            try {
                Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
                System.load(file.toString());
            } finally {
                Files.delete(file);
            }
        } catch (IllegalCallerException e) {
            throw new UnsatisfiedLinkError(
                    "this Java lets nobody load a native library; start it with --enable-native-access=ALL-UNNAMED ("
                            + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException("the native library cannot be unpacked", e);
        }
    }
}
