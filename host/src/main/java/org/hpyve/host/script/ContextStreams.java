package org.hpyve.host.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import javax.script.ScriptContext;

/**
 * The standard streams of an engine's interpreter: they lead to the reader and the writers of the context that is evaluated
 * now, in UTF-8. Used by the thread that runs the interpreter.
 */
final class ContextStreams {

    /** Longest sequence of bytes for a character. */
    private static final int LONGEST = 4;

    private volatile ScriptContext current;

    /** Where threads and exit functions write while nothing is evaluated. Not kept: it may know the engine. */
    private volatile WeakReference<ScriptContext> last = new WeakReference<>(null);

    /** The streams lead to this context from now on; what they led to before. */
    ScriptContext lead(ScriptContext context) {
        ScriptContext before = current;
        current = context;
        if (context != null && last.get() != context) {
            last = new WeakReference<>(context);
        }
        return before;
    }

    ScriptContext current() {
        return current;
    }

    OutputStream out() {
        return new Output(ScriptContext::getWriter);
    }

    OutputStream err() {
        return new Output(ScriptContext::getErrorWriter);
    }

    InputStream in() {
        return new Input();
    }

    /** Bytes to characters; what is no UTF-8 becomes the character for that. */
    private final class Output extends OutputStream {

        private final Function<ScriptContext, Writer> writer;
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);

        /** The beginning of a character. */
        private byte[] rest = {};

        Output(Function<ScriptContext, Writer> writer) {
            this.writer = writer;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer in = ByteBuffer.allocate(rest.length + length)
                    .put(rest)
                    .put(bytes, offset, length)
                    .flip();
            CharBuffer text = CharBuffer.allocate(in.remaining());
            decoder.reset().decode(in, text, false);
            rest = new byte[in.remaining()];
            in.get(rest);
            target().write(text.array(), 0, text.position());
        }

        @Override
        public void flush() throws IOException {
            target().flush();
        }

        private Writer target() {
            ScriptContext evaluated = current;
            ScriptContext context = evaluated == null ? last.get() : evaluated;
            Writer found = context == null ? null : writer.apply(context);
            return found == null ? Writer.nullWriter() : found;
        }
    }

    /** Characters to bytes, no more of them than are asked for. */
    private final class Input extends InputStream {

        private ByteBuffer rest = ByteBuffer.allocate(0);

        @Override
        public int read() throws IOException {
            return fill() ? rest.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, rest.remaining());
            rest.get(bytes, offset, count);
            return count;
        }

        private boolean fill() throws IOException {
            ScriptContext context = current;
            Reader reader = context == null ? null : context.getReader();
            while (!rest.hasRemaining()) {
                char[] chars = new char[LONGEST * 1024];
                // A character of two parts comes as one.
                int count = reader == null ? -1 : reader.read(chars, 0, chars.length - 1);
                if (count < 0) {
                    return false;
                }
                if (count > 0 && Character.isHighSurrogate(chars[count - 1])) {
                    int low = reader.read();
                    if (low >= 0) {
                        chars[count++] = (char) low;
                    }
                }
                rest = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars, 0, count));
            }
            return true;
        }
    }
}
