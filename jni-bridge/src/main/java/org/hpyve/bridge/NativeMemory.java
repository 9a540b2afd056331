package org.hpyve.bridge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes memory of an extension: its definitions, the structs of its objects, and what they give away. The
 * addresses come from the extension and cannot be checked.
 */
public final class NativeMemory {

    private NativeMemory() {}

    /** {@code count} 8-byte words. */
    public static native long[] words(long address, int count);

    /** The entries of a NULL-terminated array of pointers. */
    public static native long[] pointers(long address);

    /** A number of 1, 2, 4 or 8 bytes, sign-extended. */
    public static native long load(long address, int bytes);

    /** Writes a number of 1, 2, 4 or 8 bytes. */
    public static native void store(long address, int bytes, long value);

    /**
     * A direct buffer over memory that stays the extension's. It is not known here how long that is: the caller sees to
     * it that nobody reads or writes later.
     *
     * @param address not 0
     */
    public static native ByteBuffer buffer(long address, int bytes);

    /** Where the memory of a direct buffer lies. */
    public static native long address(ByteBuffer buffer);

    /** Bytes that {@code malloc} has given out in the whole process; 0 if the C library does not tell. */
    static native long inUse();

    /** The bytes of a C string without its NUL. */
    public static native byte[] bytes(long address);

    /** A UTF-8 C string; null for a null pointer. */
    public static String string(long address) {
        return address == 0 ? null : new String(bytes(address), StandardCharsets.UTF_8);
    }
}
