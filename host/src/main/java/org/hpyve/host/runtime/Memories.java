package org.hpyve.host.runtime;

import java.nio.ByteBuffer;
import org.hpyve.host.boundary.Parcel;
import org.python.core.PyBUF;
import org.python.core.PyBuffer;
import org.python.core.PyException;
import org.python.core.PyMemoryView;
import org.python.core.buffer.SimpleBuffer;
import org.python.core.buffer.SimpleNIOBuffer;
import org.python.core.buffer.SimpleStringBuffer;

/**
 * Memory of Java's that several interpreters see through a memoryview each. Memory of extensions is not among it: it goes
 * with its interpreter.
 */
final class Memories {

    private Memories() {}

    /** The memory of a view: contiguous bytes of Jython's own objects, or of Java's; null for any other. */
    static Parcel.Memory of(PyMemoryView view) {
        PyBuffer buffer;
        try {
            buffer = view.getBuffer(PyBUF.FULL_RO);
        } catch (PyException e) {
            return null;
        }
        try (buffer) {
            if (buffer.getLen() == 0) {
                return new Parcel.Memory(ByteBuffer.allocate(0));
            }
            boolean plain = buffer instanceof SimpleBuffer || buffer instanceof SimpleNIOBuffer;
            if (!plain || buffer.getItemsize() != 1 || buffer.getNdim() != 1) {
                return null;
            }
            ByteBuffer slice = buffer instanceof SimpleStringBuffer ? copied(buffer) : slice(buffer);
            return new Parcel.Memory(buffer.isReadonly() ? slice.asReadOnlyBuffer() : slice);
        }
    }

    private static ByteBuffer slice(PyBuffer buffer) {
        int start = buffer.byteIndex(0);
        return buffer.getNIOByteBuffer()
                .duplicate()
                .clear()
                .position(start)
                .limit(start + buffer.getLen())
                .slice();
    }

    /** Of a str, which nobody changes. */
    private static ByteBuffer copied(PyBuffer buffer) {
        byte[] bytes = new byte[buffer.getLen()];
        buffer.copyTo(bytes, 0);
        return ByteBuffer.wrap(bytes);
    }
}
