package org.hpyve.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Finds out whether a shared library's file was cut short. The dynamic linker does not: it maps what should be there, and
 * the process dies when it touches a page that is not.
 *
 * <p>Layout: System V ABI, ELF-64. A file that is no ELF-64 of this machine's byte order is left to the linker, which has
 * a clear error for it.
 */
final class ElfFile {

    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int MAGIC = 0x7f454c46;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int PT_LOAD = 1;

    private ElfFile() {}

    /** ImageException if a part of the file that would be mapped is missing. */
    static void checkWhole(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, 0, HEADER_BYTES);
            if (header.remaining() < HEADER_BYTES || !isOfThisMachine(header)) {
                return;
            }
            long tableOffset = header.getLong(32);
            int entryBytes = Short.toUnsignedInt(header.getShort(54));
            int entries = Short.toUnsignedInt(header.getShort(56));
            for (int i = 0; i < entries; i++) {
                ByteBuffer entry = read(channel, tableOffset + (long) i * entryBytes, PROGRAM_HEADER_BYTES);
                boolean cut = entry.remaining() < PROGRAM_HEADER_BYTES
                        || (entry.getInt(0) == PT_LOAD && entry.getLong(8) + entry.getLong(32) > channel.size());
                if (cut) {
                    throw new ImageException(file + ": the file is cut short, " + channel.size() + " bytes");
                }
            }
        }
    }

    private static boolean isOfThisMachine(ByteBuffer header) {
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return header.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0) == MAGIC
                && header.get(4) == CLASS_64
                && (header.get(5) == LITTLE_ENDIAN) == little;
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
        if (position >= 0) {
            while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) > 0) {
                // A read may give less than was asked for.
            }
        }
        return buffer.flip();
    }
}
