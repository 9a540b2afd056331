package org.hpyve.context;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.python.core.BufferProtocol;
import org.python.core.Py;
import org.python.core.PyBuffer;
import org.python.core.PyException;
import org.python.core.buffer.BaseBuffer;

/**
 * An extension's memory as Jython sees it, or a slice of that. The bytes are shared, not copied.
 *
 * <p>Jython counts in bytes: a single index, a length and a slice are of bytes, whatever the items are. The bytes of
 * memory with gaps or more than one dimension are numbered item by item, the last index running fastest. Shape, strides,
 * item size and format are what the extension said; a slice is of single bytes.
 *
 * <p>Bytes are read and written by the thread that runs the interpreter only: no other could know that they were not
 * given back in the meantime. Any thread may release.
 */
final class NativeBuffer extends BaseBuffer {

    private final Export export;
    /** What this is a slice of; itself if it is none. */
    private final NativeBuffer root;

    private final int itemSize;
    private final String format;
    private final int length;
    /** From one byte to the next, if that is the same for all; else 0. */
    private final int step;
    /** Null for a slice, which uses that of its root, and when it was given back. */
    private ByteBuffer memory;

    /**
     * All of the memory.
     *
     * @throws PyException BufferError if it is not of the kind that the flags ask for
     */
    NativeBuffer(Export export, BufferProtocol exporter, BufferLayout layout, ByteBuffer memory, int flags) {
        super(layout.readonly() ? 0 : WRITABLE, layout.first(), layout.shape(), layout.strides());
        this.obj = exporter;
        this.export = export;
        this.root = this;
        this.itemSize = layout.itemSize();
        this.format = layout.format();
        this.length = layout.length();
        this.memory = layout.readonly() ? memory.asReadOnlyBuffer() : memory;
        this.step = isContiguous('C') ? 1 : shape.length == 1 && itemSize == 1 ? strides[0] : 0;
        describe(flags);
    }

    private NativeBuffer(NativeBuffer root, int flags, int index0, int count, int stride) {
        super(root.isReadonly() ? 0 : WRITABLE, index0, new int[] {count}, new int[] {stride});
        this.obj = root.obj;
        this.export = root.export;
        this.root = root;
        this.itemSize = 1;
        this.format = "B";
        this.length = count;
        this.step = stride;
        describe(flags);
    }

    private void describe(int flags) {
        if (isContiguous('C')) {
            addFeatureFlags(IS_C_CONTIGUOUS);
        } else {
            addFeatureFlags(STRIDES);
        }
        if (isContiguous('F')) {
            addFeatureFlags(IS_F_CONTIGUOUS);
        }
        if (isContiguous('A')) {
            addFeatureFlags(ANY_CONTIGUOUS & ~STRIDES);
        }
        checkRequestFlags(flags);
    }

    private ByteBuffer memory() {
        export.checkUse();
        ByteBuffer bytes = root.memory;
        if (isReleased() || bytes == null) {
            throw bufferReleased(null);
        }
        return bytes;
    }

    /** The memory was given back: nobody may read it any more. */
    void forget() {
        memory = null;
    }

    // --- Shape

    @Override
    public int getLen() {
        return length;
    }

    @Override
    public int getItemsize() {
        return itemSize;
    }

    @Override
    public String getFormat() {
        return format;
    }

    @Override
    protected int getSize() {
        return length / itemSize;
    }

    @Override
    public boolean isContiguous(char order) {
        return length == 0 ? "CFA".indexOf(order) >= 0 : super.isContiguous(order);
    }

    // --- Bytes

    @Override
    public int byteIndex(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException(index);
        }
        if (step != 0) {
            return index0 + index * step;
        }
        int at = index0 + index % itemSize;
        int item = index / itemSize;
        for (int i = shape.length - 1; i >= 0; i--) {
            at += item % shape[i] * strides[i];
            item /= shape[i];
        }
        return at;
    }

    @Override
    protected byte byteAtImpl(int byteIndex) {
        return memory().get(byteIndex);
    }

    @Override
    protected void storeAtImpl(byte value, int byteIndex) {
        checkWritable();
        memory().put(byteIndex, value);
    }

    @Override
    public void copyTo(int srcIndex, byte[] dest, int destPos, int count) {
        int at = srcIndex * itemSize;
        int bytes = count * itemSize;
        checkRange(at, bytes);
        ByteBuffer from = memory();
        if (step == 1) {
            from.get(index0 + at, dest, destPos, bytes);
            return;
        }
        for (int i = 0; i < bytes; i++) {
            dest[destPos + i] = from.get(byteIndex(at + i));
        }
    }

    @Override
    public void copyFrom(byte[] src, int srcPos, int destIndex, int count) {
        checkWritable();
        int at = destIndex * itemSize;
        int bytes = count * itemSize;
        checkRange(at, bytes);
        ByteBuffer to = memory();
        if (step == 1) {
            to.put(index0 + at, src, srcPos, bytes);
            return;
        }
        for (int i = 0; i < bytes; i++) {
            to.put(byteIndex(at + i), src[srcPos + i]);
        }
    }

    @Override
    public void copyFrom(PyBuffer src) {
        checkWritable();
        if (src.getLen() != length) {
            throw differentStructure();
        }
        // By way of a copy: both may be the same memory.
        byte[] bytes = new byte[length];
        src.copyTo(bytes, 0);
        copyFrom(bytes, 0, 0, getSize());
    }

    private void checkRange(int at, int bytes) {
        if ((at | bytes | length - at - bytes) < 0) {
            throw new IndexOutOfBoundsException(at);
        }
    }

    @Override
    protected ByteBuffer getNIOByteBufferImpl() {
        return memory().duplicate();
    }

    @Override
    public ByteBuffer getNIOByteBuffer() {
        ByteBuffer bytes = getNIOByteBufferImpl();
        if (step == 1) {
            bytes.limit(index0 + length);
        }
        return bytes.position(index0);
    }

    /** One character for each byte, as in a Python 2 string. */
    @Override
    public String toString() {
        byte[] bytes = new byte[length];
        copyTo(bytes, 0);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    // --- Slices

    /**
     * @param start in bytes
     * @param stride in bytes
     * @throws PyException NotImplementedError if the distance from one byte to the next is not always the same
     */
    @Override
    public PyBuffer getBufferSlice(int flags, int start, int count, int stride) {
        if (step == 0) {
            throw Py.NotImplementedError("slices of memory with gaps between items of more than one byte, or of more"
                    + " than one dimension");
        }
        if (isReleased()) {
            throw bufferReleased("getBufferSlice");
        }
        boolean inside = count <= 0 || (isInside(start) && isInside(start + (long) (count - 1) * stride));
        if (count < 0 || !inside) {
            throw new IndexOutOfBoundsException(start);
        }
        int first = count == 0 ? index0 : index0 + start * step;
        NativeBuffer slice = new NativeBuffer(root, flags, first, count, count < 2 ? 1 : stride * step);
        root.getBuffer(FULL_RO);
        return slice;
    }

    private boolean isInside(long index) {
        return index >= 0 && index < length;
    }

    // --- Release

    @Override
    protected PyBuffer getRoot() {
        return root;
    }

    @Override
    public synchronized void release() {
        super.release();
    }

    @Override
    protected void releaseAction() {
        if (root == this) {
            export.released();
        }
    }
}
