package org.hpyve.context;

import java.util.Arrays;
import org.eclipse.collections.api.list.primitive.LongList;
import org.hpyve.bridge.WeakObjects;

/**
 * Structs that are to be destroyed, as long as their objects have not survived a collection. Most objects die young, and
 * a reference object for each would have to survive in its place: where there are many, the collector would copy them,
 * run out of room for survivors, and keep what is dead for long. So there is one reference object for all, which says
 * that the collector has run, and a weak reference outside the heap for each. What has survived gets a reference object.
 *
 * <p>Owned by an interpreter's context; used by the thread that runs it.
 */
final class YoungStructs {

    private static final int FEW = 1 << 10;

    /** A sentinel may survive a collection itself, so that there is a new one now and then. */
    private static final int SENTINEL_EVERY = 1 << 8;

    private final class Sentinel extends Endings.Ending {
        Sentinel() {
            super(new Object(), endings);
        }

        @Override
        public void run() {
            sweep(false);
        }
    }

    private final Structs structs;
    private final Endings endings;

    // One entry for each struct, in several arrays: an object for each would have to survive, too.
    private long[] references = new long[FEW];
    private long[] data = new long[FEW];
    /** Null if there is nothing to destroy any more. */
    private LongList[] destroys = new LongList[FEW];

    private Pool.Chunk[] chunks = new Pool.Chunk[FEW];
    private int count;

    /** Held until it is replaced. */
    @SuppressWarnings("unused")
    private Sentinel sentinel;

    YoungStructs(Structs structs, Endings endings) {
        this.structs = structs;
        this.endings = endings;
    }

    /** Sees to the end of a struct that is to be destroyed. */
    void add(NativeState state) {
        if (count == references.length) {
            resize(2 * count);
        }
        if (count % SENTINEL_EVERY == 0) {
            sentinel = new Sentinel();
        }
        data[count] = state.data();
        destroys[count] = state.made().destroys();
        chunks[count] = state.chunk();
        references[count] = WeakObjects.open(state);
        chunks[count].willDestroy();
        count++;
    }

    private void resize(int capacity) {
        // All of them or none, if there is no memory.
        long[] newReferences = Arrays.copyOf(references, capacity);
        long[] newData = Arrays.copyOf(data, capacity);
        LongList[] newDestroys = Arrays.copyOf(destroys, capacity);
        Pool.Chunk[] newChunks = Arrays.copyOf(chunks, capacity);
        references = newReferences;
        data = newData;
        destroys = newDestroys;
        chunks = newChunks;
    }

    /**
     * Destroys the structs of objects that are dead, and hands over the others.
     *
     * @param all also those of living objects
     */
    void sweep(boolean all) {
        int swept = count;
        while (count > 0) {
            // What cannot be done, for want of stack or memory, is done another time, and no step twice.
            end(count - 1, all);
            count--;
            chunks[count] = null;
        }
        // Large arrays are dear to make anew: only what is much too large is given up.
        if (references.length > FEW && swept < references.length / 4) {
            resize(references.length / 2);
        }
    }

    private void end(int entry, boolean all) {
        if (references[entry] != 0) {
            Object state = all || destroys[entry] == null ? null : WeakObjects.get(references[entry]);
            if (state != null) {
                structs.survived(state, data[entry], destroys[entry], chunks[entry]);
                destroys[entry] = null;
            }
            WeakObjects.close(references[entry]);
            references[entry] = 0;
        }
        if (destroys[entry] != null) {
            structs.destroy(data[entry], destroys[entry]);
            destroys[entry] = null;
            chunks[entry].destroyed();
        }
    }
}
