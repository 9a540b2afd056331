package org.hpyve.bridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;

/**
 * Words of native memory by their address, as one machine instruction each when compiled: what a call touches some thirty
 * times cannot afford the checks of a buffer. Nothing is checked; for memory that the host itself has allocated, and only
 * while it lives.
 *
 * <p>Java 22 and newer has memory segments for this, older ones {@code sun.misc.Unsafe}, which newer ones warn of.
 */
public final class RawMemory {

    private static final MethodHandle GET_INT;
    private static final MethodHandle PUT_INT;
    private static final MethodHandle GET_LONG;
    private static final MethodHandle PUT_LONG;

    static {
        try {
            boolean segments = Runtime.version().feature() >= 22;
            GET_INT = segments ? segment("INT", VarHandle.AccessMode.GET) : unsafe("getInt", int.class, long.class);
            PUT_INT = segments
                    ? segment("INT", VarHandle.AccessMode.SET)
                    : unsafe("putInt", void.class, long.class, int.class);
            GET_LONG = segments ? segment("LONG", VarHandle.AccessMode.GET) : unsafe("getLong", long.class, long.class);
            PUT_LONG = segments
                    ? segment("LONG", VarHandle.AccessMode.SET)
                    : unsafe("putLong", void.class, long.class, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private RawMemory() {}

    private static MethodHandle unsafe(String name, Class<?> result, Class<?>... params)
            throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field instance = unsafe.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        return MethodHandles.lookup()
                .findVirtual(unsafe, name, MethodType.methodType(result, params))
                .bindTo(instance.get(null));
    }

    /** Access to all memory as to one segment that begins at address 0. */
    private static MethodHandle segment(String word, VarHandle.AccessMode mode) throws ReflectiveOperationException {
        Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
        Object all = segment.getMethod("reinterpret", long.class)
                .invoke(segment.getField("NULL").get(null), Long.MAX_VALUE);
        Class<?> layouts = Class.forName("java.lang.foreign.ValueLayout");
        Object layout = layouts.getField("JAVA_" + word + "_UNALIGNED").get(null);
        VarHandle words = (VarHandle) layouts.getMethod("varHandle").invoke(layout);
        return MethodHandles.insertArguments(words.toMethodHandle(mode), 0, all);
    }

    /** Only an end of the stack can be the reason. */
    private static Error unexpected(Throwable e) {
        return e instanceof Error error ? error : new AssertionError(e);
    }

    /** Reads 4 bytes. */
    public static int getInt(long address) {
        try {
            return (int) GET_INT.invokeExact(address);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Writes 4 bytes. */
    public static void putInt(long address, int value) {
        try {
            PUT_INT.invokeExact(address, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Reads 8 bytes. */
    public static long getLong(long address) {
        try {
            return (long) GET_LONG.invokeExact(address);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Writes 8 bytes. */
    public static void putLong(long address, long value) {
        try {
            PUT_LONG.invokeExact(address, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }
}
