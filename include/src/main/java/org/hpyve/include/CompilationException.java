package org.hpyve.include;

import java.io.IOException;

/** The C compiler is missing or refused an extension; the message holds what it printed. */
public final class CompilationException extends IOException {

    private static final long serialVersionUID = 1L;

    CompilationException(String message) {
        super(message);
    }
}
