package org.hpyve.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a shared library's file says of itself before it is opened: whether it is whole, what it depends on, and which
 * symbols it defines.
 *
 * <p>Layout: System V ABI, ELF-64. A file that is no ELF-64 of this machine's byte order is left to the dynamic linker,
 * which has a clear error for it; it seems to be whole and empty here. So does a table that lies outside the file.
 */
final class ElfFile {

    /**
     * A symbol with the binding {@code STB_GNU_UNIQUE}: the linker makes all definitions of its name in the process one.
     *
     * @param name as the linker knows it
     * @param position of the byte in the file that holds binding and type
     * @param info that byte
     */
    record Unique(String name, long position, byte info) {}

    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int DYNAMIC_BYTES = 16;
    private static final int SYMBOL_BYTES = 24;
    private static final int MAGIC = 0x7f454c46;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int SHT_DYNSYM = 11;
    private static final long DT_NULL = 0;
    private static final long DT_NEEDED = 1;
    private static final long DT_RPATH = 15;
    private static final long DT_RUNPATH = 29;
    private static final long DT_STRTAB = 5;
    private static final long DT_STRSZ = 10;
    private static final int STB_GLOBAL = 1;
    private static final int STB_GNU_UNIQUE = 10;

    private record Segment(int type, long offset, long address, long bytes) {}

    private final Path file;
    private final FileChannel channel;
    private final List<Segment> segments = new ArrayList<>();
    private final List<String> needed = new ArrayList<>();
    private final List<Unique> unique = new ArrayList<>();
    private final List<String> exported = new ArrayList<>();
    private String searchPath = "";
    private ByteBuffer strings = ByteBuffer.allocate(0);

    private ElfFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Reads a file. ImageException if a part of it that would be mapped is missing. */
    static ElfFile read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ElfFile elf = new ElfFile(file, channel);
            ByteBuffer header = elf.bytes(0, HEADER_BYTES);
            if (header.remaining() == HEADER_BYTES && isOfThisMachine(header)) {
                elf.readSegments(header);
                elf.readDynamic();
                elf.readSymbols(header);
            }
            return elf;
        }
    }

    /** The libraries that it depends on, as it names them. */
    List<String> needed() {
        return needed;
    }

    /** The folders where it looks for them, which may begin with {@code $ORIGIN}. */
    List<String> searchPath() {
        return searchPath.isEmpty() ? List.of() : List.of(searchPath.split(":"));
    }

    /** Does it define a symbol that others see? */
    boolean exports(String name) {
        return exported.contains(name);
    }

    /** The unique symbols that it defines. */
    List<Unique> unique() {
        return unique;
    }

    /** Makes unique symbols of a file global ones, which the linker finds in the library itself first. */
    static void makeGlobal(Path file, List<Unique> symbols) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (Unique symbol : symbols) {
                byte info = (byte) ((STB_GLOBAL << 4) | (symbol.info() & 0xf));
                channel.write(ByteBuffer.wrap(new byte[] {info}), symbol.position());
            }
        }
    }

    private static boolean isOfThisMachine(ByteBuffer header) {
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return header.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0) == MAGIC
                && header.get(4) == CLASS_64
                && (header.get(5) == LITTLE_ENDIAN) == little;
    }

    /** The linker does not check this: it maps what should be there, and who touches a missing page dies. */
    private void readSegments(ByteBuffer header) throws IOException {
        int entryBytes = Short.toUnsignedInt(header.getShort(54));
        int entries = Short.toUnsignedInt(header.getShort(56));
        ByteBuffer table = bytes(header.getLong(32), (long) entries * entryBytes);
        for (int i = 0; i < entries; i++) {
            int at = i * entryBytes;
            boolean cut = at + PROGRAM_HEADER_BYTES > table.limit();
            if (!cut) {
                Segment segment = new Segment(
                        table.getInt(at), table.getLong(at + 8), table.getLong(at + 16), table.getLong(at + 32));
                segments.add(segment);
                cut = segment.type == PT_LOAD && segment.offset + segment.bytes > channel.size();
            }
            if (cut) {
                throw new ImageException(file + ": the file is cut short, " + channel.size() + " bytes");
            }
        }
    }

    private void readDynamic() throws IOException {
        List<Long> neededAt = new ArrayList<>();
        long runPathAt = -1;
        long stringsAddress = 0;
        long stringsBytes = 0;
        for (Segment segment : segments) {
            if (segment.type != PT_DYNAMIC) {
                continue;
            }
            ByteBuffer entries = bytes(segment.offset, segment.bytes);
            while (entries.remaining() >= DYNAMIC_BYTES) {
                long tag = entries.getLong();
                long value = entries.getLong();
                if (tag == DT_NULL) {
                    break;
                } else if (tag == DT_NEEDED) {
                    neededAt.add(value);
                } else if (tag == DT_RUNPATH || (tag == DT_RPATH && runPathAt < 0)) {
                    runPathAt = value;
                } else if (tag == DT_STRTAB) {
                    stringsAddress = value;
                } else if (tag == DT_STRSZ) {
                    stringsBytes = value;
                }
            }
        }
        strings = bytes(offset(stringsAddress), stringsBytes);
        neededAt.forEach(at -> needed.add(string(at)));
        searchPath = runPathAt < 0 ? "" : string(runPathAt);
    }

    /** Only the table of sections says how many symbols there are. */
    private void readSymbols(ByteBuffer header) throws IOException {
        int entryBytes = Short.toUnsignedInt(header.getShort(58));
        int entries = Short.toUnsignedInt(header.getShort(60));
        ByteBuffer table = bytes(header.getLong(40), (long) entries * entryBytes);
        for (int at = 0; entryBytes > 0 && at + SECTION_HEADER_BYTES <= table.limit(); at += entryBytes) {
            if (table.getInt(at + 4) == SHT_DYNSYM) {
                readSymbols(table.getLong(at + 24), table.getLong(at + 32));
            }
        }
    }

    private void readSymbols(long position, long size) throws IOException {
        ByteBuffer symbols = bytes(position, size);
        for (int at = 0; at + SYMBOL_BYTES <= symbols.limit(); at += SYMBOL_BYTES) {
            byte info = symbols.get(at + 4);
            int binding = (info & 0xff) >>> 4;
            boolean defined = symbols.getShort(at + 6) != 0;
            if (defined && binding != 0) {
                String name = string(Integer.toUnsignedLong(symbols.getInt(at)));
                exported.add(name);
                if (binding == STB_GNU_UNIQUE) {
                    unique.add(new Unique(name, position + at + 4, info));
                }
            }
        }
    }

    /** Where an address of the mapped library lies in the file; -1 if nowhere. */
    private long offset(long address) {
        for (Segment segment : segments) {
            if (segment.type == PT_LOAD
                    && address - segment.address >= 0
                    && address - segment.address < segment.bytes) {
                return address - segment.address + segment.offset;
            }
        }
        return -1;
    }

    private String string(long at) {
        if (at < 0 || at >= strings.limit()) {
            return "";
        }
        int end = (int) at;
        while (end < strings.limit() && strings.get(end) != 0) {
            end++;
        }
        return new String(strings.array(), (int) at, end - (int) at, StandardCharsets.UTF_8);
    }

    /** A part of the file, or of it what is there. */
    private ByteBuffer bytes(long position, long count) throws IOException {
        long there = position < 0 ? 0 : Math.max(0, Math.min(count, channel.size() - position));
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(there, Integer.MAX_VALUE - 8))
                .order(ByteOrder.nativeOrder());
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) > 0) {
            // A read may give less than was asked for.
        }
        return buffer.flip();
    }
}
