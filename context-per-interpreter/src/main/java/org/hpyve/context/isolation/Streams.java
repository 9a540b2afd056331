package org.hpyve.context.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Java's streams as the channels that Jython's files want, without what the JDK's channels do when their thread is
 * interrupted: they close the stream, and {@code System.out} is the whole process's. Called by Jython in their place.
 */
public final class Streams {

    private static final int CHUNK = 8192;

    private Streams() {}

    public static WritableByteChannel newChannel(OutputStream stream) {
        return new Output(stream);
    }

    public static ReadableByteChannel newChannel(InputStream stream) {
        return new Input(stream);
    }

    private static final class Output implements WritableByteChannel {

        private final OutputStream stream;
        private volatile boolean open = true;

        Output(OutputStream stream) {
            this.stream = stream;
        }

        @Override
        public synchronized int write(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            if (bytes.hasArray()) {
                stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
                bytes.position(bytes.limit());
            } else {
                byte[] copy = new byte[length];
                bytes.get(copy);
                stream.write(copy);
            }
            return length;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() throws IOException {
            open = false;
            stream.close();
        }
    }

    private static final class Input implements ReadableByteChannel {

        private final InputStream stream;
        private volatile boolean open = true;

        Input(InputStream stream) {
            this.stream = stream;
        }

        /** Waits for the first byte; then takes what is there. */
        @Override
        public synchronized int read(ByteBuffer bytes) throws IOException {
            if (!bytes.hasRemaining()) {
                return 0;
            }
            byte[] chunk = new byte[Math.min(bytes.remaining(), CHUNK)];
            int total = 0;
            do {
                int length = stream.read(chunk, 0, Math.min(bytes.remaining(), chunk.length));
                if (length < 0) {
                    return total == 0 ? -1 : total;
                }
                bytes.put(chunk, 0, length);
                total += length;
            } while (bytes.hasRemaining() && stream.available() > 0);
            return total;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() throws IOException {
            open = false;
            stream.close();
        }
    }
}
