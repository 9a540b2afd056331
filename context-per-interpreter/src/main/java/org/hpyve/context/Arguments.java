package org.hpyve.context;

import org.hpyve.bridge.NativeContext;
import org.hpyve.bridge.RawMemory;

/**
 * The handles of the arguments of running calls, in native memory, so that C reads them where they lie and a call makes no
 * array. Calls nest, and so do their arguments: what begins last ends first.
 *
 * <p>Owned by an interpreter's context; used by the thread that runs it.
 */
final class Arguments {

    /** Enough for calls that are nested some hundred times; what has no room gets memory of its own. */
    private static final int HANDLES = 512;

    private final InterpreterContext context;
    private final NativeContext bridge;
    private final boolean ofOneCall;
    private final long address;
    /** How many bytes are used. */
    private int top;

    /** For the calls of a context. */
    Arguments(InterpreterContext context) {
        this(context, HANDLES, false);
    }

    private Arguments(InterpreterContext context, int handles, boolean ofOneCall) {
        this.context = context;
        this.bridge = context.bridge();
        this.ofOneCall = ofOneCall;
        this.address = bridge.allocate((long) handles * Long.BYTES);
    }

    /** Where there is room for so many. */
    Arguments room(int handles) {
        return handles <= HANDLES && top <= (HANDLES - handles) * Long.BYTES
                ? this
                : new Arguments(context, handles, true);
    }

    /** A call begins; {@link #end} must follow. */
    int begin() {
        return top;
    }

    /** Adds a handle to the innermost call, which takes care of it from now on. */
    void push(long handle) {
        RawMemory.putLong(address + top, handle);
        top += Long.BYTES;
    }

    /** Where the handles of the call lie. */
    long address(int begin) {
        return address + begin;
    }

    /** The call ends: closes its handles. False if one was closed already. */
    boolean end(int begin) {
        boolean intact = true;
        while (top > begin) {
            top -= Long.BYTES;
            intact = context.releaseArgument(RawMemory.getLong(address + top)) && intact;
        }
        if (ofOneCall) {
            bridge.free(address);
        }
        return intact;
    }

    /** No call may follow. */
    void close() {
        bridge.free(address);
    }
}
