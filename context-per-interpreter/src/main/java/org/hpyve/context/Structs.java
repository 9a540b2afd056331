package org.hpyve.context;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.collections.api.list.primitive.LongList;
import org.eclipse.collections.impl.map.mutable.primitive.IntObjectHashMap;
import org.eclipse.collections.impl.set.mutable.UnifiedSet;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;

/**
 * The C structs of living objects, and their end: {@code tp_finalize}, {@code tp_destroy}, release of the memory. All of
 * it happens on the interpreter's own thread: when an outermost call begins after the collector found an object dead, when
 * another one is made, and at close.
 *
 * <p>Structs lie in chunks, which their objects keep alive, so that an object without {@code tp_finalize} and {@code
 * tp_destroy} needs no reference object of its own.
 */
final class Structs {

    /** What a chunk has room for, in bytes; a larger struct has a chunk to itself. */
    private static final int CHUNK_BYTES = 4096;

    /** Any C type may lie at the begin of a struct. */
    private static final int ALIGNMENT = 16;

    /** How long close waits for the JVM to hand over objects that the collector found dead. */
    private static final long PATIENCE_MILLIS = 5000;

    /** Native memory for structs of one size. */
    static final class Chunk {
        private long next;
        private int free;

        Chunk(long address, int structs) {
            next = address;
            free = structs;
        }

        private long take(int size) {
            long address = next;
            next += size;
            free--;
            return address;
        }
    }

    /** Does its work when what it refers to is dead. */
    private abstract class Ending extends PhantomReference<Object> {
        Ending(Object of) {
            super(of, dead);
        }

        abstract void end();
    }

    private final class ChunkEnd extends Ending {
        private final long address;

        ChunkEnd(Chunk chunk, long address) {
            super(chunk);
            this.address = address;
        }

        @Override
        void end() {
            context.bridge().free(address);
        }
    }

    private final class StructEnd extends Ending {
        private final long data;
        private final LongList destroys;

        /** The memory is needed until then. */
        @SuppressWarnings("unused")
        private final Chunk chunk;

        StructEnd(NativeState state) {
            super(state);
            data = state.data();
            destroys = state.made().destroys();
            chunk = state.chunk();
        }

        @Override
        void end() {
            destroys.forEach(destroy -> DownCalls.destroyfunc(context.bridge().address(), destroy, data));
        }
    }

    /**
     * Brings an object back, once, when the collector found it dead, because {@code tp_finalize} is given the object. That
     * is what the JVM's finalization is for and a reference queue cannot do: the object must not be held, and what its
     * fields refer to, itself included, must still be there.
     */
    @SuppressWarnings({"deprecation", "removal", "Finalize"})
    static final class Finalizer {
        private final PyObject object;
        private final NativeState state;
        private final LinkedBlockingQueue<Finalizer> dying;

        Finalizer(PyObject object, NativeState state, LinkedBlockingQueue<Finalizer> dying) {
            this.object = object;
            this.state = state;
            this.dying = dying;
        }

        @Override
        protected void finalize() {
            dying.add(this);
        }
    }

    private final InterpreterContext context;
    private final ReferenceQueue<Object> dead = new ReferenceQueue<>();
    private final UnifiedSet<Ending> endings = new UnifiedSet<>();
    /** The chunks that have room, by the size of their structs. */
    private final IntObjectHashMap<WeakReference<Chunk>> open = new IntObjectHashMap<>();

    private final LinkedBlockingQueue<Finalizer> dying = new LinkedBlockingQueue<>();
    /** Objects whose {@code tp_finalize} has not been called; the values are not used. */
    private final Map<Finalizer, Boolean> alive = new WeakHashMap<>();

    private long unfinalized;
    private boolean ending;

    Structs(InterpreterContext context) {
        this.context = context;
    }

    /** A zeroed struct for a new object, which must be given to {@link #own}. */
    NativeState allocate(HpyType made) {
        endDead();
        // Also an empty struct has an address if it is to be destroyed.
        int size = made.basicSize() == 0 && made.destroys().notEmpty() ? 1 : made.basicSize();
        if (size == 0) {
            return new NativeState(made, 0, null);
        }
        int room = Math.addExact(size, ALIGNMENT - 1) & -ALIGNMENT;
        Chunk chunk = chunk(room);
        return new NativeState(made, chunk.take(room), chunk);
    }

    private Chunk chunk(int size) {
        WeakReference<Chunk> reference = open.get(size);
        Chunk chunk = reference == null ? null : reference.get();
        if (chunk != null && chunk.free > 0) {
            return chunk;
        }
        int structs = Math.max(1, CHUNK_BYTES / size);
        long address = context.bridge().allocate((long) structs * size);
        chunk = new Chunk(address, structs);
        endings.add(new ChunkEnd(chunk, address));
        open.put(size, new WeakReference<>(chunk));
        return chunk;
    }

    /** Sees to the end of an object that has the state now. */
    void own(PyObject object, NativeState state) {
        if (state.made().destroys().notEmpty()) {
            endings.add(new StructEnd(state));
        }
        if (state.made().finalizer() != 0) {
            Finalizer finalizer = new Finalizer(object, state, dying);
            state.finalizer(finalizer);
            alive.put(finalizer, Boolean.TRUE);
            unfinalized++;
        }
    }

    /** Ends the objects that the collector found dead. */
    void endDead() {
        if (ending) {
            return;
        }
        ending = true;
        try {
            for (Finalizer finalizer = dying.peek(); finalizer != null; finalizer = dying.peek()) {
                finish(finalizer);
                // Not before: a call that cannot begin, for want of stack, is made another time.
                dying.remove();
            }
            for (var reference = dead.poll(); reference != null; reference = dead.poll()) {
                Ending end = (Ending) reference;
                endings.remove(end);
                end.end();
            }
        } finally {
            ending = false;
        }
    }

    /** Calls {@code tp_finalize}; nobody can be told of an error. */
    private void finish(Finalizer finalizer) {
        NativeState state = finalizer.state;
        if (state.finalizer() == null) {
            return;
        }
        HpyType made = state.made();
        HpyCallable callee = () -> made.type().fastGetName() + ".tp_finalize";
        HpyCallable outer = context.enter(callee);
        long self = Handles.NULL;
        try {
            state.finalizer(null);
            alive.remove(finalizer);
            unfinalized--;
            self = context.handle(finalizer.object);
            DownCalls.destructor(context.bridge().address(), made.finalizer(), self);
            PyException exception = context.err().take();
            if (exception != null) {
                Py.writeUnraisable(exception, made.type());
            }
        } catch (PyException e) {
            // An object whose class was changed cannot be handed to C; the call that is ending has nothing to do with
            // it.
            Py.writeUnraisable(e, made.type());
        } finally {
            context.close(self);
            context.leave(outer);
        }
    }

    /** Ends all objects, also those that somebody still holds. */
    void close() {
        ending = true;
        finishAll();
        // A finalizer may have given memory away, and the exporter's struct is needed to take it back.
        context.exports().close();
        // The memory of a chunk is needed until all its structs are destroyed.
        endings.forEach(end -> {
            if (end instanceof StructEnd) {
                end.end();
            }
        });
        endings.forEach(end -> {
            if (end instanceof ChunkEnd) {
                end.end();
            }
        });
        endings.clear();
    }

    private void finishAll() {
        // A finalizer may make objects that have one, too; those that have none left are ended all the same.
        for (int round = 0; round < 10 && unfinalized > 0; round++) {
            new ArrayList<>(alive.keySet()).forEach(this::finish);
            // What the collector has found dead but the JVM has not handed over is in neither collection.
            while (unfinalized > alive.size()) {
                Finalizer finalizer = next();
                if (finalizer == null) {
                    return;
                }
                finish(finalizer);
            }
        }
    }

    private Finalizer next() {
        try {
            return dying.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
