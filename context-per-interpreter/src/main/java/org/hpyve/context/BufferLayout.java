package org.hpyve.context;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.hpyve.bridge.NativeMemory;
import org.python.core.Py;
import org.python.core.PyBUF;
import org.python.core.PyException;

/**
 * What an {@code HPy_buffer} says, checked and in Java's numbers.
 *
 * @param address of the first byte in use; with negative strides that is not the first item's
 * @param extent bytes from there to the last byte in use, gaps included
 * @param first bytes from there to the first item
 * @param shape items in each dimension; empty for a single item
 * @param strides bytes from one item to the next in each dimension
 * @param length bytes of all items
 */
record BufferLayout(
        long address,
        int extent,
        int first,
        int[] shape,
        int[] strides,
        int itemSize,
        int length,
        String format,
        boolean readonly) {

    private static final int WORDS = 10;
    private static final int BUF = 0;
    private static final int LEN = 2;
    private static final int ITEM_SIZE = 3;
    private static final int READONLY_OFFSET = 32;
    private static final int NDIM_OFFSET = 36;
    private static final int FORMAT = 5;
    private static final int SHAPE = 6;
    private static final int STRIDES = 7;
    private static final int SUBOFFSETS = 8;

    /** A format of CPython's: unsigned bytes. */
    private static final String UNSIGNED_BYTES = "B";

    /** Reads a filled struct, with the errors of {@link Exports#open}. */
    static BufferLayout read(long struct, int flags, Export export) {
        return new Reader(struct, flags, export).read();
    }

    /** A Java buffer over all bytes from {@code address} on. */
    ByteBuffer memory() {
        return extent == 0 ? ByteBuffer.allocate(0) : NativeMemory.buffer(address, extent);
    }

    private static final class Reader {
        private final long[] words;
        private final boolean readonly;
        private final int dimensions;
        private final int flags;
        private final Export export;

        Reader(long struct, int flags, Export export) {
            this.words = NativeMemory.words(struct, WORDS);
            this.readonly = NativeMemory.load(struct + READONLY_OFFSET, Integer.BYTES) != 0;
            this.dimensions = (int) NativeMemory.load(struct + NDIM_OFFSET, Integer.BYTES);
            this.flags = flags;
            this.export = export;
        }

        BufferLayout read() {
            check();
            if (words[LEN] > Integer.MAX_VALUE) {
                throw unsupported(words[LEN] + " bytes, where Java buffers have at most " + Integer.MAX_VALUE);
            }
            if (words[SHAPE] == 0 && (flags & PyBUF.ND) == 0) {
                // Who does not ask for the shape sees bytes, whatever the items are.
                return layout(new long[] {words[LEN]}, new long[] {1}, 1, UNSIGNED_BYTES);
            }
            String format = words[FORMAT] == 0
                    ? UNSIGNED_BYTES
                    : new String(NativeMemory.bytes(words[FORMAT]), StandardCharsets.ISO_8859_1);
            long[] shape = shape();
            long[] strides = words[STRIDES] == 0 ? packed(shape) : NativeMemory.words(words[STRIDES], dimensions);
            return layout(shape, strides, words[ITEM_SIZE], format);
        }

        private void check() {
            if (words[LEN] < 0) {
                throw broken("a negative len: " + words[LEN]);
            }
            if (words[ITEM_SIZE] <= 0) {
                throw broken("an itemsize that is not positive: " + words[ITEM_SIZE]);
            }
            if (words[BUF] == 0 && words[LEN] > 0) {
                throw broken("len " + words[LEN] + ", but buf NULL");
            }
            if (dimensions < 0 || dimensions > PyBUF.MAX_NDIM) {
                throw broken("ndim " + dimensions + "; allowed are 0 to " + PyBUF.MAX_NDIM);
            }
            if (words[SUBOFFSETS] != 0) {
                for (long suboffset : NativeMemory.words(words[SUBOFFSETS], dimensions)) {
                    if (suboffset >= 0) {
                        throw unsupported("memory behind pointers (suboffsets)");
                    }
                }
            }
        }

        private long[] shape() {
            if (words[SHAPE] != 0) {
                return NativeMemory.words(words[SHAPE], dimensions);
            }
            if (dimensions == 1) {
                return new long[] {words[LEN] / words[ITEM_SIZE]};
            }
            if (dimensions > 1) {
                throw broken("ndim " + dimensions + ", but shape NULL");
            }
            return new long[0];
        }

        /** The strides of items without gaps, the last index running fastest. */
        private long[] packed(long[] shape) {
            long[] strides = new long[shape.length];
            long stride = words[ITEM_SIZE];
            for (int i = shape.length - 1; i >= 0; i--) {
                strides[i] = stride;
                // Too large a product is found out by the check of the length.
                stride *= Math.max(shape[i], 1);
            }
            return strides;
        }

        private BufferLayout layout(long[] shape, long[] strides, long itemSize, String format) {
            checkLength(shape, itemSize);
            try {
                long low = 0;
                long high = 0;
                for (int i = 0; i < shape.length; i++) {
                    long last = Math.multiplyExact(shape[i] - 1, strides[i]);
                    low = Math.addExact(low, Math.min(last, 0));
                    high = Math.addExact(high, Math.max(last, 0));
                }
                boolean empty = words[LEN] == 0;
                return new BufferLayout(
                        words[BUF] + low,
                        empty ? 0 : Math.toIntExact(Math.addExact(Math.subtractExact(high, low), itemSize)),
                        empty ? 0 : Math.toIntExact(-low),
                        ints(shape),
                        ints(strides),
                        Math.toIntExact(itemSize),
                        (int) words[LEN],
                        format,
                        readonly);
            } catch (ArithmeticException e) {
                throw unsupported("memory that spans more than Java buffers have, " + Integer.MAX_VALUE + " bytes");
            }
        }

        private void checkLength(long[] shape, long itemSize) {
            boolean empty = false;
            for (long items : shape) {
                if (items < 0) {
                    throw broken("a negative shape: " + items);
                }
                empty |= items == 0;
            }
            long bytes = empty ? 0 : itemSize;
            try {
                for (long items : shape) {
                    bytes = Math.multiplyExact(bytes, items);
                }
            } catch (ArithmeticException e) {
                bytes = -1;
            }
            if (bytes != words[LEN]) {
                throw broken("len " + words[LEN] + ", which is not what shape and itemsize make");
            }
        }

        private static int[] ints(long[] values) {
            int[] ints = new int[values.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = Math.toIntExact(values[i]);
            }
            return ints;
        }

        private PyException broken(String what) {
            return export.systemError("filled an HPy_buffer with " + what);
        }

        private PyException unsupported(String what) {
            return Py.BufferError(export.getter().qualifiedName() + "() gave " + what);
        }
    }
}
