package org.hpyve.context;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.NativeMemory;
import org.python.core.PyException;
import org.python.core.PyObject;

/**
 * One {@code HPy_buffer} that an extension has filled, and what it needs until it is given back: the struct, the handle
 * in it, and with that the exporter. Used by the interpreter's own thread.
 */
final class Export {

    /** {@code sizeof(HPy_buffer)}. */
    private static final int BYTES = 80;

    private static final int OBJ = 8;

    /**
     * Finds out that nobody uses the memory any more. It refers to the Java buffer from which all others are made, which
     * each of them keeps: somebody may hold one of those and nothing else.
     */
    private static final class Watch extends Endings.Ending {
        private final Export export;

        Watch(ByteBuffer memory, Export export) {
            super(memory, export.exports.context().endings());
            this.export = export;
        }

        @Override
        public void run() {
            export.end();
        }
    }

    private final Exports exports;
    private final HpyCallable getter;
    private final long struct;
    private long handle = Handles.NULL;
    private PyObject exporter;
    private long release;
    private HpyCallable releaser;
    private WeakReference<NativeBuffer> buffer;
    private Watch watch;
    private boolean ended;

    /** Makes a zeroed struct. */
    Export(Exports exports, HpyCallable getter) {
        this.exports = exports;
        this.getter = getter;
        this.struct = exports.context().bridge().allocate(BYTES);
    }

    HpyCallable getter() {
        return getter;
    }

    long struct() {
        return struct;
    }

    /** {@code HPy_buffer.obj}. */
    long handleInStruct() {
        return NativeMemory.load(struct + OBJ, Long.BYTES);
    }

    /** From now on the handle in the struct is the host's. */
    void take(long owned) {
        handle = owned;
    }

    /**
     * The memory was given away. It will be given back to the object in the struct, as in CPython: an object may hand a
     * request on to another one. If there is none, to the object that was asked.
     */
    void given(BufferInstance asked, HpyType.Buffer functions) {
        InterpreterContext context = exports.context();
        if (handle == Handles.NULL) {
            handle = context.handle(asked);
        }
        exporter = context.object(handle);
        if (exporter == asked) {
            release = functions.release();
        } else if (exporter instanceof BufferInstance other && other.functions() != null) {
            release = other.functions().release();
        }
        String name = Api.typeName(exporter) + ".bf_releasebuffer";
        releaser = HpyCallable.of(getter.calls(), () -> name);
    }

    /** From now on the memory is used. */
    void watch(NativeBuffer user, ByteBuffer memory) {
        buffer = new WeakReference<>(user);
        watch = new Watch(memory, this);
    }

    boolean isWatched() {
        return watch != null;
    }

    boolean isEnded() {
        return ended;
    }

    /** A SystemError that names the interpreter and {@code bf_getbuffer}. */
    PyException systemError(String what) {
        return exports.context().systemError(getter, what);
    }

    /** RuntimeError if the interpreter is closed, or if this is not the thread that runs it. */
    void checkUse() {
        exports.context().checkThread(getter);
    }

    /** The last user has released it. Any thread. */
    void released() {
        exports.released(this);
    }

    /** Gives the memory back, once. Nobody can be told of an error. */
    void end() {
        if (ended) {
            return;
        }
        InterpreterContext context = exports.context();
        HpyCallable callee = releaser == null ? getter : releaser;
        HpyCallable outer = context.enter(callee);
        try {
            // The begin of a call may have ended this one, too.
            if (!ended) {
                ended = true;
                exports.ended(this);
                forget();
                release(context, callee);
            }
        } finally {
            context.leave(outer);
        }
    }

    private void release(InterpreterContext context, HpyCallable callee) {
        try {
            if (release != 0) {
                DownCalls.releasebufferproc(context.bridge().address(), release, handle, struct);
                context.settle();
                PyException exception = context.err().take();
                callee.calls().count(exception != null);
                if (exception != null) {
                    ErrApi.writeUnraisable(exception, exporter.getType());
                }
            }
        } finally {
            context.close(handle);
            context.bridge().free(struct);
            exporter = null;
        }
    }

    /** Somebody may still hold the Java buffer: after close, or if it is being made. */
    private void forget() {
        if (watch != null) {
            watch.clear();
            NativeBuffer user = buffer.get();
            if (user != null) {
                user.forget();
            }
        }
    }
}
