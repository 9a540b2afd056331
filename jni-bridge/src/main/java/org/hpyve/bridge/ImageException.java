package org.hpyve.bridge;

import java.io.IOException;

/** An extension's file cannot be opened as a shared library; the message is the dynamic linker's. */
public final class ImageException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Called from C. */
    public ImageException(String message) {
        super(message);
    }
}
