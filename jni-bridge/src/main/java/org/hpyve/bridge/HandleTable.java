package org.hpyve.bridge;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The table that maps handles to objects. Its slots are native memory that C reads and writes too; beside them this
 * array holds the objects. Opening and closing from Java does not cross.
 *
 * <p>Used only by the thread that runs the interpreter.
 */
public final class HandleTable {

    /** Kind of an object that C need not know anything about. */
    public static final int NO_KIND = 0;

    /** Length of an object whose length is not known or can change. */
    public static final long NO_LENGTH = -1;

    /** Of what the context keeps a handle itself. */
    private static final int KEPT = Layout.KIND_IMMORTAL | Layout.KIND_KNOWN;

    private static final int FIRST_CAPACITY = 256;
    private static final int MAX_CAPACITY = 1 << 24;

    private final NativeContext context;
    private final ByteBuffer shared;
    private final int tag;
    private ByteBuffer slots;
    private Object[] objects = new Object[0];

    private int opener;

    HandleTable(NativeContext context, ByteBuffer shared) {
        this.context = context;
        this.shared = shared;
        this.tag = shared.getInt(Layout.SHARED_TAG);
        grow();
    }

    /**
     * Opens a handle.
     *
     * @param object what the handle stands for
     * @param kind bits of {@link Layout}
     * @param length of an immutable sequence, else {@link #NO_LENGTH}
     * @param data address of the object's C struct, or 0
     */
    public long open(Object object, int kind, long length, long data) {
        long handle = openUncounted(object, kind, length, data);
        countOpened();
        return handle;
    }

    /** Opens the handle of a constant: never freed, and not counted. */
    public long openConstant(Object object, int kind, long length) {
        return openUncounted(object, kind | Layout.KIND_IMMORTAL, length, 0);
    }

    private long openUncounted(Object object, int kind, long length, long data) {
        int index = shared.getInt(Layout.SHARED_FREE_HEAD);
        if (index == 0) {
            drainReleased();
            index = shared.getInt(Layout.SHARED_FREE_HEAD);
            if (index == 0) {
                grow();
                index = shared.getInt(Layout.SHARED_FREE_HEAD);
            }
        }
        int slot = index * Layout.SLOT_BYTES;
        shared.putInt(Layout.SHARED_FREE_HEAD, slots.getInt(slot + Layout.SLOT_NEXT));
        slots.putInt(slot + Layout.SLOT_REFS, 1);
        slots.putInt(slot + Layout.SLOT_KIND, kind);
        slots.putLong(slot + Layout.SLOT_LENGTH, length);
        slots.putLong(slot + Layout.SLOT_DATA, data);
        objects[index] = object;
        slots.putInt(slot + Layout.SLOT_OPENER, opener);
        return Handles.of(tag, slots.getInt(slot + Layout.SLOT_GENERATION), index);
    }

    /** Who opens handles from now on: the number of a module, or 0. */
    public void setOpener(int module) {
        opener = module;
        shared.putInt(Layout.SHARED_OPENER, module);
    }

    /** Who opens handles now. */
    public int opener() {
        return opener;
    }

    /** Is given what is open. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * A slot.
         *
         * @param opener the module that opened the handle; 0 for a constant
         * @param count open handles of this slot, without the context's own of a constant
         */
        void visit(Object object, int opener, int count);
    }

    /** Shows all slots with open handles. */
    public void visitOpen(Visitor visitor) {
        for (int index = 1; index < objects.length; index++) {
            int slot = index * Layout.SLOT_BYTES;
            boolean kept = (slots.getInt(slot + Layout.SLOT_KIND) & KEPT) != 0;
            int count = slots.getInt(slot + Layout.SLOT_REFS) - (kept ? 1 : 0);
            if (count > 0) {
                visitor.visit(objects[index], kept ? 0 : slots.getInt(slot + Layout.SLOT_OPENER), count);
            }
        }
    }

    /** The object of an open table handle of this context; null for everything else. */
    public Object get(long handle) {
        return isOpen(handle) ? objects[Handles.index(handle)] : null;
    }

    /** Another handle to what an open table handle stands for. */
    public void dup(long handle) {
        int slot = slotOf(handle);
        slots.putInt(slot + Layout.SLOT_REFS, slots.getInt(slot + Layout.SLOT_REFS) + 1);
        countOpened();
    }

    /** Closes a table handle; false if it is not open here, or if it is the context's own. */
    public boolean close(long handle) {
        if (!isOpen(handle)) {
            return false;
        }
        int slot = slotOf(handle);
        int refs = slots.getInt(slot + Layout.SLOT_REFS) - 1;
        if ((slots.getInt(slot + Layout.SLOT_KIND) & KEPT) != 0) {
            if (refs == 0) {
                return false;
            }
            if (refs == 1 && slots.getLong(slot + Layout.SLOT_TEXT) != 0) {
                context.freeText(Handles.index(handle));
            }
        }
        shared.putLong(Layout.SHARED_CLOSED, shared.getLong(Layout.SHARED_CLOSED) + 1);
        slots.putInt(slot + Layout.SLOT_REFS, refs);
        if (refs == 0) {
            int index = Handles.index(handle);
            if (slots.getLong(slot + Layout.SLOT_TEXT) != 0) {
                context.freeText(index);
            }
            int generation = slots.getInt(slot + Layout.SLOT_GENERATION) + 1 & 0xff;
            slots.putInt(slot + Layout.SLOT_GENERATION, generation);
            addFree(index);
        }
        return true;
    }

    /** Is it a table handle of this context that was not closed? */
    public boolean isOpen(long handle) {
        int index = Handles.index(handle);
        if (handle >>> 32 != tag || index >= objects.length) {
            return false;
        }
        int slot = index * Layout.SLOT_BYTES;
        return slots.getInt(slot + Layout.SLOT_REFS) > 0
                && slots.getInt(slot + Layout.SLOT_GENERATION) == Handles.generation(handle);
    }

    /** Drops the objects of slots that C freed. Called when an outermost call has returned, so that nothing lingers. */
    public void drainReleased() {
        int index = shared.getInt(Layout.SHARED_RELEASED);
        if (index == 0) {
            return;
        }
        shared.putInt(Layout.SHARED_RELEASED, 0);
        if (shared.getInt(Layout.SHARED_FREE_HEAD) == 0) {
            shared.putInt(Layout.SHARED_FREE_HEAD, index);
        } else {
            int tail = shared.getInt(Layout.SHARED_FREE_TAIL) * Layout.SLOT_BYTES;
            slots.putInt(tail + Layout.SLOT_NEXT, index);
        }
        shared.putInt(Layout.SHARED_FREE_TAIL, shared.getInt(Layout.SHARED_RELEASED_TAIL));
        while (index != 0) {
            objects[index] = null;
            index = slots.getInt(index * Layout.SLOT_BYTES + Layout.SLOT_NEXT);
        }
    }

    /** Makes sure that C finds free slots. */
    public void makeRoom() {
        drainReleased();
        if (shared.getInt(Layout.SHARED_FREE_HEAD) == 0) {
            grow();
        }
    }

    /** Puts an object into a slot for which C has given out a handle. */
    public void adopt(int index, Object object) {
        objects[index] = object;
    }

    /** The object that is in a slot, whatever became of the handles to it. */
    public Object adopted(int index) {
        return objects[index];
    }

    private void countOpened() {
        long opened = shared.getLong(Layout.SHARED_OPENED) + 1;
        shared.putLong(Layout.SHARED_OPENED, opened);
        long open = opened - shared.getLong(Layout.SHARED_CLOSED);
        if (open > shared.getLong(Layout.SHARED_PEAK)) {
            shared.putLong(Layout.SHARED_PEAK, open);
        }
    }

    /** Freed slots go to the end of the list: the longer a slot rests, the longer a stale handle is found out. */
    private void addFree(int index) {
        objects[index] = null;
        int slot = index * Layout.SLOT_BYTES;
        slots.putInt(slot + Layout.SLOT_KIND, NO_KIND);
        slots.putInt(slot + Layout.SLOT_NEXT, 0);
        if (shared.getInt(Layout.SHARED_FREE_HEAD) == 0) {
            shared.putInt(Layout.SHARED_FREE_HEAD, index);
        } else {
            int tail = shared.getInt(Layout.SHARED_FREE_TAIL) * Layout.SLOT_BYTES;
            slots.putInt(tail + Layout.SLOT_NEXT, index);
        }
        shared.putInt(Layout.SHARED_FREE_TAIL, index);
    }

    private void grow() {
        int old = objects.length;
        if (old >= MAX_CAPACITY) {
            throw new OutOfMemoryError("handle table: " + old + " handles are open");
        }
        int capacity = old == 0 ? FIRST_CAPACITY : 2 * old;
        slots = context.growTable(capacity);
        objects = Arrays.copyOf(objects, capacity);
        for (int index = Math.max(old, 1); index < capacity; index++) {
            addFree(index);
        }
    }

    private static int slotOf(long handle) {
        return Handles.index(handle) * Layout.SLOT_BYTES;
    }
}
