package org.hpyve.bridge;

/**
 * The 64-bit handle format; the C side is {@code table.h}.
 *
 * <p>Top 16 bits: 0 is a table handle (16 bits tag of the context, 8 bits generation, 24 bits index; all zero is
 * {@link #NULL}), 1 an int in 48 bits, 7 and up a double.
 */
public final class Handles {

    /** {@code HPy_NULL}. */
    public static final long NULL = 0;

    /** The smallest int that is its own handle. */
    public static final long INT_MIN = -(1L << 47);

    /** The largest int that is its own handle. */
    public static final long INT_MAX = (1L << 47) - 1;

    private static final long INT_TAG = 1L << 48;
    private static final long INT_MASK = INT_TAG - 1;
    private static final long DOUBLE_OFFSET = 7L << 48;

    private Handles() {}

    /** Is it an int? */
    public static boolean isInt(long handle) {
        return handle >>> 48 == 1;
    }

    /** Is it a double? */
    public static boolean isDouble(long handle) {
        return handle >>> 48 >= 7;
    }

    /** Can the int be its own handle? */
    public static boolean fits(long value) {
        return value >= INT_MIN && value <= INT_MAX;
    }

    /** The handle of an int that {@link #fits}. */
    public static long ofInt(long value) {
        return INT_TAG | (value & INT_MASK);
    }

    /** The int of a handle that {@link #isInt}. */
    public static long toInt(long handle) {
        return handle << 16 >> 16;
    }

    /** The handle of a double. */
    public static long ofDouble(double value) {
        return Double.doubleToLongBits(value) + DOUBLE_OFFSET;
    }

    /** The double of a handle that {@link #isDouble}. */
    public static double toDouble(long handle) {
        return Double.longBitsToDouble(handle - DOUBLE_OFFSET);
    }

    /** The tag of the context that a table handle belongs to. */
    public static int tag(long handle) {
        return (int) (handle >>> 32);
    }

    /** Its index in that context's table. */
    static int index(long handle) {
        return (int) handle & 0xffffff;
    }

    static int generation(long handle) {
        return (int) (handle >>> 24) & 0xff;
    }

    static long of(int tag, int generation, int index) {
        return (long) tag << 32 | (long) generation << 24 | index;
    }
}
