package org.hpyve.bridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.hpyve.bridge.upcall.Entries;
import org.hpyve.bridge.upcall.Gate;
import org.hpyve.bridge.upcall.Upcalls;

/**
 * The native side of one interpreter's {@code HPyContext}, its counters and its handle table.
 *
 * <p>Owned by one interpreter and used by the thread that runs it: at first the one that makes it. The counters may be read by any thread at any
 * time, also after {@link #release}: they lie in memory of the JVM. A counter is written by one thread without a
 * fence; a reader sees a recent value.
 */
public final class NativeContext {

    static {
        NativeLibrary.load();
    }

    /** What was left in a context when it was released. */
    public record Leaks(long handles, int builders, long nativeBytes) {

        /** Is nothing left? */
        public boolean none() {
            return handles == 0 && builders == 0 && nativeBytes == 0;
        }
    }

    /** Two words of 4 bytes that are read at once, see {@link #quiet}. */
    private static final int QUIET = Math.min(Layout.SHARED_ERROR, Layout.SHARED_AREA_USED);

    /** As in memory.h. */
    private static final int REFUSED_HANDLE = 1;

    /** To find out takes longer than all else that a change of thread is. */
    private static final ThreadLocal<Long> STACK_END = ThreadLocal.withInitial(NativeContext::stackEnd);

    private final Failures failures;
    private final BridgeMode mode;
    private final ByteBuffer shared;
    private final long sharedAddress;
    private final Area area;
    private final HandleTable table;
    private long address;

    /**
     * Creates the context. It cannot be used by an extension before {@link #setConstants}.
     *
     * @param name the interpreter's name, for messages
     * @param tag 1 to 65535, unique among the contexts of this process that are in use
     * @param replay carries out what C recorded
     * @param failures keeps what an upcall throws
     * @throws IllegalArgumentException if this Java has not what the mode asks for
     */
    public NativeContext(
            String name, int tag, BridgeMode mode, Upcalls upcalls, Area.Replay replay, Failures failures) {
        this.failures = failures;
        this.mode = mode.resolved();
        shared = ByteBuffer.allocateDirect(Layout.SHARED_BYTES).order(ByteOrder.nativeOrder());
        sharedAddress = NativeMemory.address(shared);
        shared.putInt(Layout.SHARED_TAG, tag);
        shared.putInt(Layout.SHARED_BATCHED, mode.batched() ? 1 : 0);
        area = new Area(shared);
        Entries.set(tag, new Gate(area, failures, upcalls));
        boolean foreign = this.mode.binding() == BridgeMode.Binding.FFM;
        address = create(
                ("HPy Universal ABI (Hpyve: " + name + ")").getBytes(StandardCharsets.UTF_8),
                shared,
                foreign ? ForeignStubs.table() : 0);
        moved();
        area.connect(this, replay);
        table = new HandleTable(this, shared);
    }

    /** Hands the constants' handles to C, in the order of {@link Members#CONSTANTS}. */
    public void setConstants(long[] handles) {
        if (handles.length != Members.CONSTANTS.size()) {
            throw new IllegalArgumentException(handles.length + " constants");
        }
        fill(address(), handles);
    }

    /** From now on the current thread uses the context. */
    public void moved() {
        shared.putLong(Layout.SHARED_STACK_END, STACK_END.get());
    }

    /** How extensions reach Java by this context. */
    public BridgeMode mode() {
        return mode;
    }

    /** The address that down-calls take. */
    public long address() {
        if (address == 0) {
            throw new IllegalStateException("the context was released");
        }
        return address;
    }

    /** The handle table. */
    public HandleTable table() {
        return table;
    }

    /** Carries out what C recorded. If that fails, what is left is dropped, and handles of what it makes are closed. */
    public void settle() {
        boolean done = false;
        try {
            area.open();
            done = true;
        } finally {
            if (!done) {
                abandon(address(), area.done());
                area.abandon();
            }
        }
    }

    /** Is everything carried out that C recorded? */
    public boolean settled() {
        return RawMemory.getInt(sharedAddress + Layout.SHARED_AREA_USED) == 0;
    }

    /** Is there neither something to carry out nor an exception? */
    public boolean quiet() {
        return RawMemory.getLong(sharedAddress + QUIET) == 0;
    }

    /** Gives C the bytes of a text or of a str that it asked for. They are kept with the handle. */
    public void keepContent(long handle, byte[] bytes) {
        try {
            keepContent(address(), handle, bytes);
        } catch (OutOfMemoryError e) {
            throw orRefusal(e);
        }
    }

    /**
     * Gives C the bytes of an exact text or str before it asks for them. If there is no memory for them it will have to
     * ask.
     */
    public void bringContent(long handle, byte[] bytes) {
        bringContent(address(), handle, bytes);
    }

    /** Which time it is that leaks are traced; 0 while they are not. */
    public int tracing() {
        return RawMemory.getInt(sharedAddress + Layout.SHARED_TRACING);
    }

    /** The same from now on, for the calls that begin then. Any thread, at any time. */
    public void setTracing(int time) {
        shared.putInt(Layout.SHARED_TRACING, time);
    }

    /** Is an exception set? */
    public boolean error() {
        return RawMemory.getInt(sharedAddress + Layout.SHARED_ERROR) != 0;
    }

    /** Is the exception that is set known to Java? It is not if raising it in Java failed in its turn. */
    public boolean errorKept() {
        return (shared.getInt(Layout.SHARED_ERROR) & 1) != 0;
    }

    /** The exception is the one that C has just raised: it need not ask which one it is. */
    public void setErrorOfC() {
        shared.putInt(Layout.SHARED_ERROR, 3);
    }

    /** Sets or clears the error flag that C reads. */
    public void setError(boolean set) {
        shared.putInt(Layout.SHARED_ERROR, set ? 1 : 0);
    }

    /** Table handles opened so far. */
    public long opened() {
        return shared.getLong(Layout.SHARED_OPENED);
    }

    /** Table handles closed so far. */
    public long closed() {
        return shared.getLong(Layout.SHARED_CLOSED);
    }

    /** The largest number of table handles open at once. */
    public long peak() {
        return shared.getLong(Layout.SHARED_PEAK);
    }

    /** Upcalls made so far, without those of {@link #bulk}. */
    public long upcalls() {
        return shared.getLong(Layout.SHARED_UPCALLS);
    }

    /** Members answered from the handle table so far, without a crossing; those about ints and floats are not counted. */
    public long answered() {
        return shared.getLong(Layout.SHARED_ANSWERED);
    }

    /** Operations that C recorded so far. */
    public long deferred() {
        return shared.getLong(Layout.SHARED_DEFERRED);
    }

    /** Upcalls so far that brought items of a container or the bytes of a text. */
    public long bulk() {
        return shared.getLong(Layout.SHARED_BULK);
    }

    /** {@code HPyField}s that are set now. */
    public long fields() {
        return shared.getLong(Layout.SHARED_FIELDS);
    }

    /** So many more fields are set; fewer if negative. */
    public void countFields(int more) {
        shared.putLong(Layout.SHARED_FIELDS, fields() + more);
    }

    /** {@code HPyGlobal}s that hold something now. */
    public long globals() {
        return shared.getLong(Layout.SHARED_GLOBALS);
    }

    /** So many more globals hold something; fewer if negative. */
    public void countGlobals(int more) {
        shared.putLong(Layout.SHARED_GLOBALS, globals() + more);
    }

    /** How many handles may be open at once; 0 for any number. */
    public long handleLimit() {
        return shared.getLong(Layout.SHARED_HANDLE_LIMIT);
    }

    /** How many bytes of native memory may be held; 0 for any number. */
    public long nativeLimit() {
        return shared.getLong(Layout.SHARED_NATIVE_LIMIT);
    }

    /** Bytes of native memory held now. */
    public long nativeBytes() {
        return shared.getLong(Layout.SHARED_NATIVE_BYTES);
    }

    /**
     * Limits what the interpreter may have; 0 is any number. What is more than that now stays. The handles of arguments of
     * running calls are counted, but never refused: a function may be called that closes handles.
     */
    public void setLimits(long handles, long nativeBytes) {
        shared.putLong(Layout.SHARED_HANDLE_LIMIT, handles);
        shared.putLong(Layout.SHARED_NATIVE_LIMIT, nativeBytes);
    }

    /** Would so much more native memory be refused? */
    public boolean wouldRefuse(long bytes) {
        long limit = nativeLimit();
        return limit != 0 && bytes > limit - nativeBytes();
    }

    /** What to throw because a limit is reached. */
    RuntimeException refusal(Limit limit) {
        shared.putInt(Layout.SHARED_REFUSED, 0);
        return failures.refused(limit, most(limit));
    }

    private long most(Limit limit) {
        return limit == Limit.OPEN_HANDLES ? handleLimit() : nativeLimit();
    }

    /** What to throw if C has not given something because of a limit and raises MemoryError for that; else null. */
    public RuntimeException takeRefusal() {
        return switch (RawMemory.getInt(sharedAddress + Layout.SHARED_REFUSED)) {
            case 0 -> null;
            case REFUSED_HANDLE -> refusal(Limit.OPEN_HANDLES);
            default -> refusal(Limit.NATIVE_BYTES);
        };
    }

    private RuntimeException orRefusal(OutOfMemoryError error) {
        RuntimeException refusal = takeRefusal();
        if (refusal == null) {
            throw error;
        }
        return refusal;
    }

    /** Zeroed native memory for the struct of an instance; its address. */
    public long allocate(long bytes) {
        try {
            return allocate(address(), bytes);
        } catch (OutOfMemoryError e) {
            throw orRefusal(e);
        }
    }

    /** Frees what {@link #allocate} gave. */
    public void free(long block) {
        free(address(), block);
    }

    /** Calls the destructor of a capsule, if it has one, and frees its fields. */
    public void destroyCapsule(long capsule) {
        destroyCapsule(address(), capsule);
    }

    /**
     * Frees everything. The caller makes sure that no function of an extension is running or will be called again.
     *
     * @return what extensions left open, and native memory that nobody freed
     */
    public Leaks release() {
        long handles = opened() - closed();
        int builders = release(address());
        Entries.set(shared.getInt(Layout.SHARED_TAG), null);
        address = 0;
        return new Leaks(handles, builders, nativeBytes());
    }

    long growTable(int capacity) {
        try {
            return grow(address(), capacity);
        } catch (OutOfMemoryError e) {
            throw orRefusal(e);
        }
    }

    /** C asks for the stub of an upcall that it makes often. */
    private static boolean bind(int upcall) {
        return ForeignStubs.bind(upcall);
    }

    ByteBuffer area() {
        return area(address()).order(ByteOrder.nativeOrder());
    }

    void shrinkArea() {
        shrinkArea(address());
    }

    void freeText(int index) {
        freeText(address, index);
    }

    private static native long create(byte[] name, ByteBuffer shared, long stubs);

    private static native long stackEnd();

    private static native void fill(long context, long[] constants);

    private static native int release(long context);

    private static native long grow(long context, int capacity);

    private static native void freeText(long context, int index);

    private static native ByteBuffer area(long context);

    private static native void shrinkArea(long context);

    private static native void abandon(long context, int from);

    private static native void keepContent(long context, long handle, byte[] bytes);

    private static native void bringContent(long context, long handle, byte[] bytes);

    private static native long allocate(long context, long bytes);

    private static native void free(long context, long block);

    private static native void destroyCapsule(long context, long capsule);
}
