package org.hpyve.host.runtime;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.hpyve.host.boundary.StandardStreams;
import org.python.core.PyFile;
import org.python.core.PySystemState;

/**
 * Puts Java's streams in the place of an interpreter's standard files. A {@code str} goes through as its bytes, a
 * {@code unicode} in UTF-8. Streams are flushed, but not closed: they are the host's.
 */
final class Streams {

    private static final String ENCODING = StandardCharsets.UTF_8.name();
    private static final int LINES = 1;
    private static final int UNBUFFERED = 0;

    private Streams() {}

    static void install(StandardStreams streams, String interpreter, PySystemState system) {
        if (streams.in() != null) {
            InputStream in = Objects.requireNonNull(streams.in().apply(interpreter), "stdin");
            system.stdin = system.__stdin__ = encoded(new PyFile(new Input(in), "<stdin>", "r", LINES, false));
        }
        if (streams.out() != null) {
            OutputStream out = Objects.requireNonNull(streams.out().apply(interpreter), "stdout");
            system.stdout = system.__stdout__ = encoded(new PyFile(new Output(out), "<stdout>", "w", LINES, false));
        }
        if (streams.err() != null) {
            OutputStream err = Objects.requireNonNull(streams.err().apply(interpreter), "stderr");
            system.stderr =
                    system.__stderr__ = encoded(new PyFile(new Output(err), "<stderr>", "w", UNBUFFERED, false));
        }
    }

    private static PyFile encoded(PyFile file) {
        file.encoding = ENCODING;
        return file;
    }

    /** Does something with a stream; whatever that throws is an IOException, which Python knows. */
    private interface Use<T> {
        T run() throws IOException;
    }

    private static <T> T guarded(Use<T> use) throws IOException {
        try {
            return use.run();
        } catch (RuntimeException e) {
            throw new IOException(e.toString(), e);
        }
    }

    /** One stream may serve several interpreters. */
    private static final class Output extends OutputStream {

        private final OutputStream stream;

        Output(OutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            guarded(() -> {
                synchronized (stream) {
                    stream.write(bytes, offset, length);
                    stream.flush();
                }
                return null;
            });
        }

        @Override
        public void flush() throws IOException {
            guarded(() -> {
                synchronized (stream) {
                    stream.flush();
                }
                return null;
            });
        }
    }

    private static final class Input extends FilterInputStream {

        Input(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            return guarded(in::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return guarded(() -> in.read(bytes, offset, length));
        }
    }
}
