package org.hpyve.host.boundary;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Function;

/**
 * Where an interpreter's {@code sys.stdin}, {@code sys.stdout} and {@code sys.stderr} lead.
 *
 * @param in gives the stream of an interpreter by its name; null for the process's, as with the others
 */
public record StandardStreams(
        Function<String, InputStream> in, Function<String, OutputStream> out, Function<String, OutputStream> err) {

    /** Those of the process. */
    public static final StandardStreams OF_PROCESS = new StandardStreams(null, null, null);
}
