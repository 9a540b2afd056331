package org.hpyve.context;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.eclipse.collections.api.list.primitive.LongList;
import org.eclipse.collections.impl.map.mutable.primitive.IntObjectHashMap;
import org.eclipse.collections.impl.set.mutable.UnifiedSet;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.NativePressure;
import org.python.core.PyException;
import org.python.core.PyObject;

/**
 * The C structs of living objects, and their end: {@code tp_finalize}, {@code tp_destroy}, release of the memory. All of
 * it happens on the interpreter's own thread: when an outermost call begins after the collector found an object dead, when
 * another one is made, and at close.
 *
 * <p>Structs lie in chunks, which their objects keep alive, so that an object without {@code tp_finalize} and {@code
 * tp_destroy} needs no reference of its own.
 */
final class Structs {

    /** How long close waits for the JVM to hand over objects that the collector found dead. */
    private static final long PATIENCE_MILLIS = 5000;

    /** The JVM hands over one by one what a collection has found; after a pause as long as this there is no more. */
    private static final long HANDED_OVER_MILLIS = 20;

    /** The memory of an object that is finalized is only found free by the collection after that. */
    private static final int COLLECTIONS = 2;

    /** What finalizers make at close is finalized so often in its turn. */
    private static final int ROUNDS = 10;

    private final class StructEnd extends Endings.Ending {
        private final long data;
        private final LongList destroys;
        private final Pool.Chunk chunk;

        StructEnd(Object state, long data, LongList destroys, Pool.Chunk chunk) {
            super(state, context.endings());
            this.data = data;
            this.destroys = destroys;
            this.chunk = chunk;
        }

        @Override
        public void run() {
            structs.remove(this);
            destroy(data, destroys);
            chunk.destroyed();
        }
    }

    /**
     * Brings an object back, once, when the collector found it dead, because {@code tp_finalize} is given the object. That
     * is what the JVM's finalization is for and a reference queue cannot do: the object must not be held, and what its
     * fields refer to, itself included, must still be there.
     */
    @SuppressWarnings({"deprecation", "removal", "Finalize"})
    final class Finalizer implements Runnable {
        private final PyObject object;
        private final NativeState state;
        private final long function;

        Finalizer(PyObject object, NativeState state, long function) {
            this.object = object;
            this.state = state;
            this.function = function;
        }

        @Override
        protected void finalize() {
            context.endings().post(this);
        }

        @Override
        public void run() {
            finish(this);
        }
    }

    private final InterpreterContext context;
    private final UnifiedSet<Endings.Ending> chunks = new UnifiedSet<>();
    private final YoungStructs young;
    private final UnifiedSet<StructEnd> structs = new UnifiedSet<>();
    /** By the size of their structs. */
    private final IntObjectHashMap<Pool> pools = new IntObjectHashMap<>();
    /** The same, of structs that are to be destroyed. */
    private final IntObjectHashMap<Pool> poolsToDestroy = new IntObjectHashMap<>();

    /** Objects whose {@code tp_finalize} has not been called; the values are not used. */
    private final Map<Finalizer, Boolean> alive = new WeakHashMap<>();

    private final NativePressure pressure = new NativePressure();

    private long unfinalized;
    private long finalized;

    Structs(InterpreterContext context) {
        this.context = context;
        this.young = new YoungStructs(this, context.endings());
    }

    /** Where structs of a type come from; null if it has none. */
    Pool pool(HpyType made) {
        boolean destroys = made.destroys().notEmpty();
        // Also an empty struct has an address if it is to be destroyed.
        int size = made.basicSize() == 0 && destroys ? 1 : made.basicSize();
        return size == 0
                ? null
                : (destroys ? poolsToDestroy : pools)
                        .getIfAbsentPut(Pool.roomFor(size), () -> new Pool(context, size, chunks, pressure));
    }

    /** If there may be no more memory for an object: collects, and ends what is dead. */
    void makeRoom(Blueprint blueprint) {
        Pool pool = blueprint.pool();
        // In an ending nothing else can end, so that a collection would free nothing.
        if (pool == null || !pool.isShort() || context.endings().areRunning()) {
            return;
        }
        int collections = 0;
        long before;
        do {
            before = finalized;
            NativePressure.relieve();
            do {
                context.endings().run();
            } while (pool.isShort() && context.endings().await(HANDED_OVER_MILLIS));
        } while (pool.isShort() && finalized > before && ++collections < COLLECTIONS);
    }

    /**
     * A zeroed struct for a new object, which must be given to {@link #own}. Runs no Python code: an object may get its
     * struct as late as when a handle of it is opened.
     */
    NativeState allocate(Blueprint blueprint) {
        if (blueprint.made().destroys().notEmpty()) {
            pressure.made();
        }
        Pool pool = blueprint.pool();
        if (pool == null) {
            return new NativeState(blueprint, 0, null);
        }
        Pool.Chunk chunk = pool.chunk();
        return new NativeState(blueprint, pool.take(), chunk);
    }

    /** Sees to the end of an object that has the state now. */
    void own(PyObject object, NativeState state) {
        Blueprint blueprint = state.blueprint();
        if (blueprint.made().destroys().notEmpty()) {
            young.add(state);
        }
        long function = blueprint.finalizer();
        if (function != 0) {
            Finalizer finalizer = new Finalizer(object, state, function);
            state.finalizer(finalizer);
            alive.put(finalizer, Boolean.TRUE);
            unfinalized++;
        }
    }

    /** Sees to the end of a struct whose object has survived a collection. */
    void survived(Object state, long data, LongList destroys, Pool.Chunk chunk) {
        structs.add(new StructEnd(state, data, destroys, chunk));
    }

    /** Calls {@code tp_destroy}, that of the subtype first. */
    void destroy(long data, LongList destroys) {
        for (int i = 0; i < destroys.size(); i++) {
            DownCalls.destroyfunc(context.bridge().address(), destroys.get(i), data);
        }
    }

    /** Calls {@code tp_finalize}; nobody can be told of an error. */
    private void finish(Finalizer finalizer) {
        NativeState state = finalizer.state;
        if (state.finalizer() == null) {
            return;
        }
        HpyType made = state.made();
        HpyCallable callee = HpyCallable.of(
                context.openers().calls(made.module()), () -> made.type().fastGetName() + ".tp_finalize");
        HpyCallable outer = context.enter(callee);
        long self = Handles.NULL;
        try {
            state.finalizer(null);
            alive.remove(finalizer);
            unfinalized--;
            finalized++;
            self = context.self(finalizer.object);
            DownCalls.destructor(context.bridge().address(), finalizer.function, self);
            context.settle();
            PyException exception = context.err().take();
            callee.calls().count(exception != null);
            if (exception != null) {
                ErrApi.writeUnraisable(exception, made.type());
            }
        } catch (PyException e) {
            // An object whose class was changed cannot be handed to C; the call that is ending has nothing to do with
            // it.
            ErrApi.writeUnraisable(e, made.type());
        } finally {
            context.releaseArgument(self);
            context.leave(outer);
        }
    }

    /** At close: calls {@code tp_finalize} of all objects, also of those that somebody still holds. */
    void finalizeAll() {
        // A finalizer may make objects that have one, too; those that have none left are ended all the same.
        for (int round = 0; round < ROUNDS && unfinalized > 0; round++) {
            living().forEach(this::finish);
            if (!finishDead()) {
                return;
            }
        }
    }

    /** Not the size of the map: that counts what the collector has found dead, too, until it is told of it. */
    private List<Finalizer> living() {
        return new ArrayList<>(alive.keySet());
    }

    /** What the collector has found dead but the JVM has not handed over. False if the JVM does not hand it over. */
    private boolean finishDead() {
        while (true) {
            Runnable next = context.endings().next(0);
            if (next == null && unfinalized > living().size()) {
                next = context.endings().next(PATIENCE_MILLIS);
                if (next == null) {
                    return false;
                }
            }
            if (next == null) {
                return true;
            }
            next.run();
        }
    }

    /** At close, then: destroys all structs, and releases their memory. */
    void destroyAll() {
        young.sweep(true);
        new ArrayList<>(structs).forEach(StructEnd::run);
        new ArrayList<>(chunks).forEach(Endings.Ending::run);
    }
}
