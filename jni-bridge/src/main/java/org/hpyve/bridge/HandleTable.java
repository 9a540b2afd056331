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

    /** Arguments of running calls that have slots ready; those of deeper calls have slots like all other handles. */
    private static final int ARGUMENT_SLOTS = 64;

    private static final int MAX_GENERATION = 0xff;
    /** Of the origin of a slot: an interpreter has not so many modules. */
    private static final int MODULE_BITS = 16;
    /** Its bytes are kept, too. */
    private static final int CONSTANT_TEXT = Layout.KIND_IMMORTAL | Layout.KIND_UNICODE;

    private static final int FIRST_CAPACITY = 256;
    private static final int MAX_CAPACITY = 1 << 24;

    private final NativeContext context;
    /** Kept, so that its memory lives as long. */
    private final ByteBuffer sharedBuffer;

    private final long shared;
    private final int tag;
    private long slots;
    private Object[] objects = new Object[0];
    /** Slots of arguments: those of running calls, and behind them slots that are ready for more. 0 where there is none. */
    private final int[] argumentSlots = new int[ARGUMENT_SLOTS];
    /** How many of them are in use. */
    private int arguments;

    private int opener;
    /** The slots of constants, in the order of their opening. */
    private int[] constants = new int[FIRST_CAPACITY];

    private int constantCount;

    HandleTable(NativeContext context, ByteBuffer shared) {
        this.context = context;
        this.sharedBuffer = shared;
        this.shared = NativeMemory.address(shared);
        this.tag = sharedBuffer.getInt(Layout.SHARED_TAG);
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
        int index = takeFree();
        long handle = fill(index, object, kind, length, data);
        countOpened(handle);
        setOrigin(index);
        return handle;
    }

    /**
     * Opens the handle of a call's argument, to be closed by {@link #closeArgument}, the last one first. Its slot is taken
     * from those of earlier arguments: cheaper than from the free list.
     */
    public long openArgument(Object object, int kind, long length, long data) {
        if (arguments == ARGUMENT_SLOTS) {
            return open(object, kind, length, data);
        }
        int index = argumentSlots[arguments];
        if (index == 0) {
            index = takeFree();
            argumentSlots[arguments] = index;
        }
        arguments++;
        long handle = fill(index, object, kind, length, data);
        countArgument();
        return handle;
    }

    /**
     * Closes a table handle of an argument.
     *
     * @return false if it is not open here: the callee has closed it
     */
    public boolean closeArgument(long handle) {
        int index = Handles.index(handle);
        int last = arguments - 1;
        if (last < 0 || argumentSlots[last] != index) {
            return closeArgumentBelow(index, handle);
        }
        arguments = last;
        long slot = slotAt(index);
        int generation = Handles.generation(handle);
        // Open once, as it was opened, without a text that would have to be freed.
        if (RawMemory.getInt(slot + Layout.SLOT_REFS) != 1
                || RawMemory.getInt(slot + Layout.SLOT_GENERATION) != generation
                || generation == MAX_GENERATION
                || RawMemory.getLong(slot + Layout.SLOT_TEXT) != 0) {
            return closeUnlikeOthers(last, handle);
        }
        RawMemory.putInt(slot + Layout.SLOT_REFS, 0);
        RawMemory.putInt(slot + Layout.SLOT_GENERATION, generation + 1);
        RawMemory.putLong(shared + Layout.SHARED_CLOSED, RawMemory.getLong(shared + Layout.SHARED_CLOSED) + 1);
        objects[index] = null;
        return true;
    }

    /** The slot is from now on one like any other. One whose generations are used up rests, too. */
    private boolean closeUnlikeOthers(int argument, long handle) {
        argumentSlots[argument] = 0;
        boolean closed = release(handle);
        if (isOpen(handle)) {
            openKept(Handles.index(handle));
        }
        return closed;
    }

    /** Is it the handle of an argument of a running call? */
    public boolean isArgument(long handle) {
        return isArgumentSlot(Handles.index(handle));
    }

    private boolean isArgumentSlot(int index) {
        for (int i = arguments - 1; i >= 0; i--) {
            if (argumentSlots[i] == index) {
                return true;
            }
        }
        return false;
    }

    /** A handle that has no argument's slot, or one below others that were never closed, for want of stack. */
    private boolean closeArgumentBelow(int index, long handle) {
        for (int i = arguments - 1; i >= 0; i--) {
            if (argumentSlots[i] == index) {
                while (arguments > i) {
                    openKept(argumentSlots[--arguments]);
                    argumentSlots[arguments] = 0;
                }
            }
        }
        return release(handle);
    }

    /**
     * Opens the handle of a constant: never freed, and not counted.
     *
     * @param data where the handles of a tuple's items are, which are constants too; else 0
     */
    public long openConstant(Object object, int kind, long length, long data) {
        long handle = fill(takeFree(), object, kind | Layout.KIND_IMMORTAL, length, data);
        if (constantCount == constants.length) {
            constants = Arrays.copyOf(constants, 2 * constantCount);
        }
        constants[constantCount++] = Handles.index(handle);
        return handle;
    }

    /** How many handles of each constant are open besides the context's own, in the order of their opening. */
    public int[] constantCounts() {
        int[] counts = new int[constantCount];
        for (int i = 0; i < constantCount; i++) {
            counts[i] = RawMemory.getInt(slotAt(constants[i]) + Layout.SLOT_REFS) - 1;
        }
        return counts;
    }

    /** The constant that was opened after so many others. */
    public Object constant(int position) {
        return objects[constants[position]];
    }

    private int takeFree() {
        int index = RawMemory.getInt(shared + Layout.SHARED_FREE_HEAD);
        if (index == 0) {
            makeRoom();
            index = RawMemory.getInt(shared + Layout.SHARED_FREE_HEAD);
        }
        RawMemory.putInt(shared + Layout.SHARED_FREE_HEAD, RawMemory.getInt(slotAt(index) + Layout.SLOT_NEXT));
        return index;
    }

    private long fill(int index, Object object, int kind, long length, long data) {
        long slot = slotAt(index);
        RawMemory.putInt(slot + Layout.SLOT_REFS, 1);
        RawMemory.putInt(slot + Layout.SLOT_KIND, kind);
        RawMemory.putLong(slot + Layout.SLOT_LENGTH, length);
        RawMemory.putLong(slot + Layout.SLOT_DATA, data);
        objects[index] = object;
        return Handles.of(tag, RawMemory.getInt(slot + Layout.SLOT_GENERATION), index);
    }

    /** What the callee has kept of an argument is as if it was opened now: with a number of its own. */
    private void openKept(int index) {
        RawMemory.putLong(shared + Layout.SHARED_CLOSED, RawMemory.getLong(shared + Layout.SHARED_CLOSED) + 1);
        long unused = countOpened();
        setOrigin(index);
    }

    /** The slot has the handle that was opened last, by the function that runs. */
    private void setOrigin(int index) {
        RawMemory.putLong(slotAt(index) + Layout.SLOT_ORIGIN, opened() << MODULE_BITS | opener);
    }

    /** Makes sure that there are free slots. */
    public void makeRoom() {
        drainReleased();
        if (RawMemory.getInt(shared + Layout.SHARED_FREE_HEAD) == 0) {
            grow();
        }
    }

    /** Lets C make instances of the type that a table handle stands for, if it is still open. */
    public void setPool(long handle, long pool) {
        if (isOpen(handle)) {
            long slot = slotAt(Handles.index(handle));
            RawMemory.putInt(slot + Layout.SLOT_KIND, RawMemory.getInt(slot + Layout.SLOT_KIND) | Layout.KIND_POOL);
            RawMemory.putLong(slot + Layout.SLOT_LENGTH, -pool);
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

    /** Who opens handles from now on: the number of a module, or 0. */
    public void setOpener(int module) {
        if (opener != module) {
            opener = module;
            RawMemory.putInt(shared + Layout.SHARED_OPENER, module);
        }
    }

    /** How many handles were opened so far, which is the serial number of the last one. */
    public long opened() {
        return RawMemory.getLong(shared + Layout.SHARED_OPENED);
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
         * @param serial the number of its opening, of all in this context; {@link Long#MAX_VALUE} for a constant
         * @param count open handles of this slot, without the context's own of a constant
         */
        void visit(Object object, int opener, long serial, int count);
    }

    /** Shows all slots with open handles, but those of arguments of running calls. */
    public void visitOpen(Visitor visitor) {
        for (int index = 1; index < objects.length; index++) {
            long slot = slotAt(index);
            boolean kept = isKept(slot);
            int count = RawMemory.getInt(slot + Layout.SLOT_REFS) - (kept ? 1 : 0);
            if (count > 0 && !isArgumentSlot(index)) {
                long origin = RawMemory.getLong(slot + Layout.SLOT_ORIGIN);
                int module = kept ? 0 : (int) origin & (1 << MODULE_BITS) - 1;
                visitor.visit(objects[index], module, kept ? Long.MAX_VALUE : origin >>> MODULE_BITS, count);
            }
        }
    }

    /** The object of an open table handle of this context; null for everything else. */
    public Object get(long handle) {
        return isOpen(handle) ? objects[Handles.index(handle)] : null;
    }

    /** Another handle to what an open table handle stands for. */
    public void dup(long handle) {
        long slot = slotAt(Handles.index(handle));
        RawMemory.putInt(slot + Layout.SLOT_REFS, RawMemory.getInt(slot + Layout.SLOT_REFS) + 1);
        countOpened(handle);
    }

    /** The same for an argument of a call. */
    public void dupArgument(long handle) {
        long slot = slotAt(Handles.index(handle));
        RawMemory.putInt(slot + Layout.SLOT_REFS, RawMemory.getInt(slot + Layout.SLOT_REFS) + 1);
        countArgument();
    }

    /** Closes a table handle; false if it is not open here, or if it is the context's own. */
    public boolean close(long handle) {
        if (!isOpen(handle)) {
            return false;
        }
        long slot = slotAt(Handles.index(handle));
        int refs = RawMemory.getInt(slot + Layout.SLOT_REFS);
        if (refs <= 2 && isKept(slot)) {
            if (refs == 1) {
                return false;
            }
            if (!keepsText(slot)) {
                freeText(Handles.index(handle), slot);
            }
        }
        RawMemory.putLong(shared + Layout.SHARED_CLOSED, RawMemory.getLong(shared + Layout.SHARED_CLOSED) + 1);
        RawMemory.putInt(slot + Layout.SLOT_REFS, refs - 1);
        if (refs == 1) {
            free(Handles.index(handle), slot);
        }
        return true;
    }

    /** Closes a table handle that this side opened; false if it is not open here. */
    public boolean release(long handle) {
        // That of a constant is open as long as the context, however often C closed it.
        return close(handle) || isOpen(handle);
    }

    /**
     * The object of a table handle, which is closed with that; null if it is not open. The context's own handle of a
     * constant stays open.
     */
    public Object take(long handle) {
        Object object = objectAt(handle);
        return close(handle) || isOpen(handle) ? object : null;
    }

    private Object objectAt(long handle) {
        int index = Handles.index(handle);
        return index < objects.length ? objects[index] : null;
    }

    private static boolean isKept(long slot) {
        return (RawMemory.getInt(slot + Layout.SLOT_KIND) & KEPT) != 0;
    }

    private static boolean keepsText(long slot) {
        return (~RawMemory.getInt(slot + Layout.SLOT_KIND) & CONSTANT_TEXT) == 0;
    }

    private void freeText(int index, long slot) {
        if (RawMemory.getLong(slot + Layout.SLOT_TEXT) != 0) {
            context.freeText(index);
        }
    }

    private void free(int index, long slot) {
        freeText(index, slot);
        int generation = RawMemory.getInt(slot + Layout.SLOT_GENERATION) + 1 & MAX_GENERATION;
        RawMemory.putInt(slot + Layout.SLOT_GENERATION, generation);
        addFree(index);
    }

    /** Is it a table handle of this context that was not closed? */
    public boolean isOpen(long handle) {
        int index = Handles.index(handle);
        if (handle >>> 32 != tag || index >= objects.length) {
            return false;
        }
        long slot = slotAt(index);
        return RawMemory.getInt(slot + Layout.SLOT_REFS) > 0
                && RawMemory.getInt(slot + Layout.SLOT_GENERATION) == Handles.generation(handle);
    }

    /** Drops the objects of slots that C freed. Called when an outermost call has returned, so that nothing lingers. */
    public void drainReleased() {
        int index = RawMemory.getInt(shared + Layout.SHARED_RELEASED);
        if (index == 0) {
            return;
        }
        RawMemory.putInt(shared + Layout.SHARED_RELEASED, 0);
        append(index, RawMemory.getInt(shared + Layout.SHARED_RELEASED_TAIL));
        while (index != 0) {
            objects[index] = null;
            index = RawMemory.getInt(slotAt(index) + Layout.SLOT_NEXT);
        }
    }

    /**
     * For who makes an object only to open a handle of it: may there be one more?
     *
     * @throws RuntimeException what opening one would throw
     */
    public void checkLimit() {
        long limit = RawMemory.getLong(shared + Layout.SHARED_HANDLE_LIMIT);
        long open = RawMemory.getLong(shared + Layout.SHARED_OPENED) - RawMemory.getLong(shared + Layout.SHARED_CLOSED);
        if (limit != 0 && open >= limit) {
            throw context.refusal(Limit.OPEN_HANDLES);
        }
    }

    /** A handle has been opened; if it is one too many, it is closed again. */
    private void countOpened(long handle) {
        long open = countOpened();
        if (open > RawMemory.getLong(shared + Layout.SHARED_PEAK)) {
            long limit = RawMemory.getLong(shared + Layout.SHARED_HANDLE_LIMIT);
            if (limit != 0 && open > limit) {
                close(handle);
                throw context.refusal(Limit.OPEN_HANDLES);
            }
            RawMemory.putLong(shared + Layout.SHARED_PEAK, open);
        }
    }

    private void countArgument() {
        long open = countOpened();
        if (open > RawMemory.getLong(shared + Layout.SHARED_PEAK)) {
            RawMemory.putLong(shared + Layout.SHARED_PEAK, open);
        }
    }

    /** How many are open then. */
    private long countOpened() {
        long opened = RawMemory.getLong(shared + Layout.SHARED_OPENED) + 1;
        RawMemory.putLong(shared + Layout.SHARED_OPENED, opened);
        return opened - RawMemory.getLong(shared + Layout.SHARED_CLOSED);
    }

    /** Freed slots go to the end of the list: the longer a slot rests, the longer a stale handle is found out. */
    private void addFree(int index) {
        objects[index] = null;
        RawMemory.putInt(slotAt(index) + Layout.SLOT_NEXT, 0);
        append(index, index);
    }

    /** Adds linked slots to the end of the free list. */
    private void append(int first, int last) {
        if (RawMemory.getInt(shared + Layout.SHARED_FREE_HEAD) == 0) {
            RawMemory.putInt(shared + Layout.SHARED_FREE_HEAD, first);
        } else {
            long tail = slotAt(RawMemory.getInt(shared + Layout.SHARED_FREE_TAIL));
            RawMemory.putInt(tail + Layout.SLOT_NEXT, first);
        }
        RawMemory.putInt(shared + Layout.SHARED_FREE_TAIL, last);
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

    private long slotAt(int index) {
        return slots + (long) index * Layout.SLOT_BYTES;
    }
}
