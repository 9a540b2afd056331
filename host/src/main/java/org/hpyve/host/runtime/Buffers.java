package org.hpyve.host.runtime;

import java.nio.ByteBuffer;
import org.python.core.BufferProtocol;
import org.python.core.PyArray;
import org.python.core.PyBUF;
import org.python.core.PyBuffer;
import org.python.core.PyMemoryView;
import org.python.core.PyObject;
import org.python.core.Untraversable;
import org.python.core.buffer.BaseArrayBuffer;
import org.python.core.buffer.BaseNIOBuffer;
import org.python.core.buffer.SimpleNIOBuffer;

/** Arrays and buffers: both sides use the same memory where that can be. */
final class Buffers {

    private Buffers() {}

    /** A Java array of primitives as {@code array.array}, a ByteBuffer as {@code memoryview}; null for anything else. */
    static PyObject toPython(Object value) {
        if (value instanceof ByteBuffer buffer) {
            return new PyMemoryView(new Memory(buffer.slice()));
        }
        Class<?> cls = value.getClass();
        return cls.isArray() ? new PyArray(cls.getComponentType(), value) : null;
    }

    /**
     * What a Python object has as memory; the same memory if that is the JVM's, read-only if it is for Python. The memory
     * of an extension is copied: the extension may free it.
     *
     * @return null if the object has no bytes one after the other
     */
    static ByteBuffer shared(BufferProtocol exporter) {
        PyBuffer memory = memory(exporter);
        if (memory == null) {
            return null;
        }
        try {
            if (memory.isContiguous('C') && (memory instanceof BaseArrayBuffer || memory instanceof BaseNIOBuffer)) {
                return memory.getNIOByteBuffer().slice();
            }
            return ByteBuffer.wrap(bytes(memory));
        } finally {
            memory.release();
        }
    }

    /** A copy of the bytes; null if the object has none. */
    static byte[] copy(BufferProtocol exporter) {
        PyBuffer memory = memory(exporter);
        if (memory == null) {
            return null;
        }
        try {
            return bytes(memory);
        } finally {
            memory.release();
        }
    }

    private static byte[] bytes(PyBuffer memory) {
        byte[] bytes = new byte[memory.getLen()];
        memory.copyTo(bytes, 0);
        return bytes;
    }

    private static PyBuffer memory(BufferProtocol exporter) {
        try {
            return exporter.getBuffer(PyBUF.FULL_RO);
        } catch (ClassCastException e) {
            // Jython's way to say that an object of this class has none.
            return null;
        }
    }

    /** What a memoryview over Java's memory is a view of. */
    @Untraversable
    private static final class Memory extends PyObject implements BufferProtocol {

        private static final long serialVersionUID = 1L;

        private final transient ByteBuffer bytes;

        Memory(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public PyBuffer getBuffer(int flags) {
            return new SimpleNIOBuffer(flags, this, bytes);
        }
    }
}
