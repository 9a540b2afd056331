package org.hpyve.context;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.hpyve.bridge.Layout;
import org.hpyve.bridge.NativeMemory;
import org.hpyve.bridge.NativePressure;
import org.hpyve.bridge.RawMemory;

/**
 * Zeroed structs of one size. They lie in chunks, which their objects keep alive, so that an object that needs no end
 * of its own needs no reference object. C takes structs of the chunk that is open, too, for objects that the operation
 * log makes later; when it is used up, it asks Java.
 *
 * <p>Owned by an interpreter's context; used by the thread that runs it.
 */
final class Pool {

    /** What a chunk has room for; a larger struct has a chunk to itself. */
    private static final int CHUNK_BYTES = 4096;

    /** Any C type may lie at the begin of a struct. */
    private static final int ALIGNMENT = 16;

    /** The memory of some structs. Two chunks keep it when a finalizer brings objects back whose chunk was given up. */
    private static final class Block {
        private final long address;
        private int chunks;

        Block(long address) {
            this.address = address;
        }
    }

    /** Keeps the memory of some structs. */
    final class Chunk {
        /** Of its structs those that are to be destroyed; a pool has only such, or none. */
        private int undestroyed;

        private final ChunkEnd end;

        private Chunk(Block block) {
            end = new ChunkEnd(this, block);
            chunks.add(end);
            block.chunks++;
        }

        /** So many more fields of its objects are set; fewer if negative. */
        void countFields(int more) {
            end.countFields(more);
        }

        /** One of its structs is to be destroyed. */
        void willDestroy() {
            undestroyed++;
        }

        /** It was. The collector need not find out by itself that the chunk is dead. */
        void destroyed() {
            undestroyed--;
            if (undestroyed == 0 && (end != open || left() == 0)) {
                end.run();
            }
        }
    }

    private final class ChunkEnd extends Endings.Ending {
        private final Block block;

        /** Fields that are set, of the objects whose structs these are. */
        private int fields;

        ChunkEnd(Chunk chunk, Block block) {
            super(chunk, context.endings());
            this.block = block;
        }

        /** Those of objects that a finalizer brought back after this are not counted any more. */
        void countFields(int more) {
            if (chunks.contains(this)) {
                fields += more;
                context.bridge().countFields(more);
            }
        }

        @Override
        public void run() {
            countFields(-fields);
            if (chunks.remove(this)) {
                if (open == this) {
                    RawMemory.putLong(record + Layout.POOL_LEFT, 0);
                }
                if (--block.chunks == 0) {
                    context.bridge().free(block.address);
                }
            }
        }
    }

    private final InterpreterContext context;
    /** The ends of all chunks, of other pools as well. */
    private final Set<Endings.Ending> chunks;

    private final NativePressure pressure;

    private final int room;
    /** What C knows of the pool; this keeps its memory. */
    @SuppressWarnings("unused")
    private final ByteBuffer memory;

    private final long record;

    /** The chunk that structs are taken from, and its end. */
    private WeakReference<Chunk> current = new WeakReference<>(null);

    private ChunkEnd open;

    /**
     * @param size bytes of a struct, more than 0
     * @param chunks where the ends of chunks are held
     * @param pressure is told of each large struct
     */
    Pool(InterpreterContext context, int size, Set<Endings.Ending> chunks, NativePressure pressure) {
        this.context = context;
        this.chunks = chunks;
        this.pressure = pressure;
        this.room = roomFor(size);
        this.memory = ByteBuffer.allocateDirect(Layout.POOL_BYTES).order(ByteOrder.nativeOrder());
        this.record = NativeMemory.address(memory);
        RawMemory.putLong(record + Layout.POOL_ROOM, room);
    }

    /** Bytes of memory that a struct takes. */
    static int roomFor(int size) {
        return size + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** The address of what C knows. */
    long address() {
        return record;
    }

    private long left() {
        return RawMemory.getLong(record + Layout.POOL_LEFT);
    }

    /** Does the next struct need memory that would be refused? */
    boolean isShort() {
        return left() == 0 && context.bridge().wouldRefuse(chunkBytes());
    }

    private long chunkBytes() {
        return (long) Math.max(1, CHUNK_BYTES / room) * room;
    }

    /** The chunk that {@link #take} takes from next. */
    Chunk chunk() {
        Chunk chunk = current.get();
        return chunk != null && left() > 0 ? chunk : openChunk();
    }

    /** A struct of the chunk that {@link #chunk} gave just now. */
    long take() {
        long struct = RawMemory.getLong(record + Layout.POOL_NEXT);
        RawMemory.putLong(record + Layout.POOL_NEXT, struct + room);
        RawMemory.putLong(record + Layout.POOL_LEFT, left() - 1);
        return struct;
    }

    /** The chunk of a struct that C has taken since the log was carried out last. */
    Chunk chunkOfTaken() {
        Chunk chunk = current.get();
        if (chunk == null) {
            // The collector has found it dead before the new struct had an object. Its memory is still there, and stays
            // until its end has run, too: what was found dead may come back.
            chunk = keep(open.block);
        }
        return chunk;
    }

    private Chunk openChunk() {
        if (room > CHUNK_BYTES) {
            // The collector knows nothing of their size; objects with small structs are as large as these.
            pressure.made();
        }
        long address = context.bridge().allocate(chunkBytes());
        Chunk chunk = keep(new Block(address));
        RawMemory.putLong(record + Layout.POOL_NEXT, address);
        RawMemory.putLong(record + Layout.POOL_LEFT, chunkBytes() / room);
        return chunk;
    }

    private Chunk keep(Block block) {
        Chunk chunk = new Chunk(block);
        current = new WeakReference<>(chunk);
        open = chunk.end;
        return chunk;
    }
}
