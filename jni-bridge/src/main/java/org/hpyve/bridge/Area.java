package org.hpyve.bridge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The area seen from Java: native memory in which C leaves what is no number, the operation log at its beginning and
 * the arguments of a crossing behind it. {@link #open} copies it into an array, from which everything is taken before
 * Python code can run; C then finds the area empty.
 *
 * <p>Used only by the thread that runs the interpreter.
 */
public final class Area {

    /** Carries out the operations that C recorded. */
    @FunctionalInterface
    public interface Replay {

        /**
         * Carries out all operations from a position on, and says after each how far it has come: one that fails is
         * tried again by the next call.
         *
         * @param table where objects are put and found
         * @param log where the operations are
         * @param position of the first one
         * @param end of the last one
         * @param progress is told the position of what is to be done next
         */
        void run(HandleTable table, byte[] log, int position, int end, Area progress);

        /** What is left will not be carried out. */
        default void abandon() {}
    }

    /** Reads and writes 8 bytes of an array in the order of this machine. */
    public static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long NULL = -1;

    private static final int USUAL_BYTES = 1 << 16;

    /** Address of the memory that both sides know. */
    private final long shared;

    private NativeContext context;
    private Replay replay;
    private ByteBuffer memory = ByteBuffer.allocate(0);
    private byte[] bytes = new byte[0];
    /** Operations before it were carried out; not 0 only after one of them failed for want of memory or stack. */
    private int done;

    Area(ByteBuffer shared) {
        this.shared = NativeMemory.address(shared);
    }

    void connect(NativeContext owner, Replay operations) {
        context = owner;
        replay = operations;
    }

    /** Carries out what C recorded, and makes the arguments of a crossing readable, until the next call of this. */
    public void open() {
        int used = RawMemory.getInt(shared + Layout.SHARED_AREA_USED);
        if (used != 0) {
            take(used);
        }
    }

    private void take(int used) {
        if (memory.capacity() != RawMemory.getInt(shared + Layout.SHARED_AREA_CAPACITY)) {
            memory = context.area();
        }
        if (bytes.length < used || bytes.length > USUAL_BYTES) {
            bytes = new byte[Math.max(used, memory.capacity())];
        }
        memory.get(0, bytes, 0, used);
        int log = RawMemory.getInt(shared + Layout.SHARED_LOG_USED);
        if (done < log) {
            replay.run(context.table(), bytes, done, log, this);
        }
        drop();
        if (memory.capacity() > USUAL_BYTES) {
            context.shrinkArea();
            memory = ByteBuffer.allocate(0);
        }
    }

    /** Operations before this position were carried out. */
    public void done(int position) {
        done = position;
    }

    int done() {
        return done;
    }

    void abandon() {
        replay.abandon();
        drop();
    }

    private void drop() {
        done = 0;
        RawMemory.putInt(shared + Layout.SHARED_LOG_USED, 0);
        RawMemory.putInt(shared + Layout.SHARED_AREA_USED, 0);
    }

    /** An exception is set, and Java could not keep it. */
    public void fail() {
        RawMemory.putInt(shared + Layout.SHARED_ERROR, 2);
    }

    /** A text, or null. */
    public String text(long reference) {
        return reference == NULL
                ? null
                : new String(bytes, offset(reference), count(reference), StandardCharsets.UTF_8);
    }

    /** Bytes. */
    public byte[] bytes(long reference) {
        return Arrays.copyOfRange(bytes, offset(reference), offset(reference) + count(reference));
    }

    /** Handles. */
    public long[] handles(long reference) {
        long[] handles = new long[count(reference)];
        int offset = offset(reference);
        for (int i = 0; i < handles.length; i++) {
            handles[i] = (long) WORD.get(bytes, offset + i * Long.BYTES);
        }
        return handles;
    }

    private static int offset(long reference) {
        return (int) (reference >>> 32);
    }

    private static int count(long reference) {
        return (int) reference;
    }
}
