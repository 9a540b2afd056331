package org.hpyve.context;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.eclipse.collections.impl.set.mutable.UnifiedSet;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyBUF;
import org.python.core.PyBuffer;
import org.python.core.PyObject;

/**
 * The memory that objects of extensions have given away. It is given back once, on the interpreter's own thread: at once
 * when the last user releases it there; when an outermost call begins, or more memory is given away, if it was released on
 * another thread or forgotten and found dead by the collector; else at close.
 */
final class Exports {

    /** What a release may in its turn give away at close is taken back so often. */
    private static final int ROUNDS = 10;

    /** Jython's flags have CPython's numbers, but this one CPython has not. */
    private static final int JAVA_ONLY = PyBUF.AS_ARRAY;

    /** What users of Jython's buffers may be prepared for, but this host is not: memory behind pointers. */
    private static final int POINTERS = PyBUF.INDIRECT & ~PyBUF.STRIDES;

    private final InterpreterContext context;
    private final UnifiedSet<Export> open = new UnifiedSet<>();

    Exports(InterpreterContext context) {
        this.context = context;
    }

    InterpreterContext context() {
        return context;
    }

    /**
     * Has an object give its memory away.
     *
     * @param flags of {@link PyBUF}
     * @throws org.python.core.PyException what {@code bf_getbuffer} raised; BufferError if the memory is not of the
     *     kind that the flags ask for, or of none that Java can show; SystemError if the function broke its contract
     */
    PyBuffer open(BufferInstance exporter, HpyType.Buffer functions, int flags) {
        if ((flags & JAVA_ONLY) != 0) {
            throw Py.BufferError("the memory of '" + Api.typeName(exporter) + "' is not a Java array");
        }
        HpyCallable callee = HpyCallable.of(
                context.openers().calls(functions.module()), () -> exporter.typeName() + ".bf_getbuffer");
        HpyCallable outer = context.enter(callee);
        Export export = null;
        NativeBuffer buffer = null;
        try {
            context.endings().run();
            export = new Export(this, callee);
            open.add(export);
            fill(export, exporter, functions, flags);
            BufferLayout layout = BufferLayout.read(export.struct(), flags, export);
            ByteBuffer memory = layout.memory();
            buffer = new NativeBuffer(export, exporter, layout, memory, flags);
            export.watch(buffer, memory);
            return buffer;
        } finally {
            if (export != null && (buffer == null || !export.isWatched())) {
                released(export);
            }
            context.leave(outer);
        }
    }

    private void fill(Export export, BufferInstance exporter, HpyType.Buffer functions, int flags) {
        HpyCallable callee = export.getter();
        long self = context.handle(exporter);
        int status = -1;
        boolean intact;
        try {
            status = DownCalls.getbufferproc(
                    context.bridge().address(), functions.get(), self, export.struct(), flags & ~POINTERS);
            context.settle();
        } finally {
            intact = context.isOpen(self);
            // Before the handle in the struct is looked at: it may be this one.
            context.close(self);
        }
        long handle = export.handleInStruct();
        boolean valid = context.bridge().table().get(handle) instanceof PyObject;
        if (valid) {
            export.take(handle);
        }
        if (status == 0) {
            // What was given is taken back, whatever else is wrong with it.
            export.given(exporter, functions);
        }
        context.completeNumber(callee, status != 0);
        context.checkArguments(callee, intact);
        if (!valid) {
            throw context.systemError(
                    callee,
                    handle == Handles.NULL
                            ? "left HPy_buffer.obj NULL without setting an exception"
                            : "stored a bad HPy_buffer.obj: "
                                    + context.objects().describeBad(handle));
        }
    }

    /** The last user has released it. Any thread. */
    void released(Export export) {
        if (!context.isHere()) {
            context.endings().post(export::end);
            return;
        }
        try {
            export.end();
        } finally {
            if (!export.isEnded()) {
                context.endings().post(export::end);
            }
        }
    }

    /** Called by the export, once. */
    void ended(Export export) {
        open.remove(export);
    }

    /** Takes everything back, also what somebody still uses; that raises an error from then on. */
    void close() {
        for (int round = 0; round < ROUNDS && open.notEmpty(); round++) {
            new ArrayList<>(open).forEach(Export::end);
        }
    }
}
