package org.hpyve.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One interpreter's private image of an extension: a copy of the file, opened on its own, so that even the C statics
 * belong to one interpreter.
 *
 * <p>The copy has a path of its own, because the dynamic linker gives out an open image again for a path that it
 * knows; it is deleted as soon as it is open.
 */
public final class Image implements AutoCloseable {

    private final Path source;
    private long address;

    private Image(Path source, long address) {
        this.source = source;
        this.address = address;
    }

    /**
     * Opens a private image.
     *
     * @throws ImageException if the file is no whole shared library of this machine, or a symbol that it needs is missing
     * @throws IOException if the file cannot be read
     */
    public static Image openPrivate(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
        Path directory = Files.createTempDirectory("hpyve-");
        Path copy = directory.resolve(file.getFileName());
        try {
            Files.copy(file, copy);
            ElfFile.checkWhole(copy);
            return new Image(file, open(copy.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (ImageException e) {
            throw new ImageException(e.getMessage().replace(copy.toString(), file.toString()));
        } finally {
            Files.deleteIfExists(copy);
            Files.delete(directory);
        }
    }

    /** The file that this is an image of. */
    public Path source() {
        return source;
    }

    /** The address of a symbol, or 0 if the image has none of that name. */
    public long symbol(String name) {
        return symbol(address, name);
    }

    /** Unmaps the image. The caller makes sure that nothing of it is used any more. */
    @Override
    public void close() {
        if (address != 0) {
            closeImage(address);
            address = 0;
        }
    }

    /** Calls an exported {@code uint32_t f(void)}. */
    public static native int version(long function);

    /** Calls an exported {@code HPyModuleDef *f(void)}; the address of the definition. */
    public static native long init(long function);

    private static native long open(byte[] path);

    private static native long symbol(long image, String name);

    private static native void closeImage(long image);
}
