package org.hpyve.bridge;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An extension's shared library as it lies in memory, with the numbers of its {@code HPyGlobal} variables.
 *
 * <p>Owned by the one {@link Image} that it is private to, or by {@link SharedMappings}.
 */
final class Mapping {

    private final Path source;
    private final long address;
    private final Map<Long, Integer> numbers = new HashMap<>();

    /**
     * @param source the file that it is a copy of
     * @param address what {@code dlopen} gave
     */
    Mapping(Path source, long address) {
        this.source = source;
        this.address = address;
    }

    Path source() {
        return source;
    }

    long address() {
        return address;
    }

    /** The number of a variable of this image; the first call writes it into the variable. Any thread. */
    synchronized int number(long variable) {
        return numbers.computeIfAbsent(variable, unnumbered -> {
            int number = GlobalNumbers.acquire();
            NativeMemory.store(unnumbered, Long.BYTES, number);
            return number;
        });
    }

    /** Unmaps the image. Nobody uses it any more. */
    void close() {
        Image.closeImage(address);
        numbers.values().forEach(GlobalNumbers::release);
    }
}
