package org.hpyve.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One interpreter's hold on an image of an extension. The image is private, so that even the C statics belong to one
 * interpreter, or one of those that serve all who ask for them.
 *
 * <p>Opened and closed by the thread that runs the interpreter.
 */
public final class Image implements AutoCloseable {

    /** An extension that exports a symbol of this name asks for one image for all. */
    public static final String SHARE_SYMBOL = "hpyve_share_image";

    private final Mapping mapping;
    private final boolean shared;
    private boolean closed;

    private Image(Mapping mapping, boolean shared) {
        this.mapping = mapping;
        this.shared = shared;
    }

    /**
     * Opens an image.
     *
     * @throws ImageException if the file is no whole shared library of this machine, or a symbol that it needs is missing
     * @throws IOException if the file cannot be read
     */
    public static Image open(Path file, Sharing sharing) throws IOException {
        boolean shared = switch (sharing) {
            case PRIVATE -> false;
            case SHARED -> true;
            case AS_MARKED -> ImageFile.isMarked(file);
        };
        return new Image(shared ? SharedMappings.acquire(file) : ImageFile.open(file), shared);
    }

    /** The file that this is an image of. */
    public Path source() {
        return mapping.source();
    }

    /** Does the image serve all interpreters that ask for it? */
    public boolean isShared() {
        return shared;
    }

    /** The address of a symbol, or 0 if the image has none of that name. */
    public long symbol(String name) {
        return symbol(mapping.address(), name);
    }

    /**
     * The slot number of an {@code HPyGlobal} variable of the image, above 0 and no other variable's in this process. The
     * first call writes it into the variable; it stays valid until the last user closes the image.
     */
    public int number(long variable) {
        return mapping.number(variable);
    }

    /** Unmaps the image, if nobody else uses it. The caller makes sure that it uses nothing of it any more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (shared) {
            SharedMappings.release(mapping);
        } else {
            mapping.close();
        }
    }

    /** Calls an exported {@code uint32_t f(void)}. */
    public static native int version(long function);

    /** Calls an exported {@code HPyModuleDef *f(void)}; the address of the definition. */
    public static native long init(long function);

    static long open(String path) throws ImageException {
        return open(path.getBytes(StandardCharsets.UTF_8));
    }

    private static native long open(byte[] path);

    static native long symbol(long image, String name);

    static native void closeImage(long image);
}
