package org.hpyve.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/**
 * The images that serve more than one interpreter: one for each real file, opened for the first user and closed behind
 * the last.
 *
 * <p>Any thread. Opening takes turns, also with constructors of the library that run meanwhile; private images have no
 * part in that but for a look whether there is a shared one.
 */
final class SharedMappings {

    /** What makes a file the same one: a file that was replaced or rewritten is another. */
    private record Identity(Object file, FileTime modified, long size) {

        static Identity of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object key = attributes.fileKey();
            return new Identity(
                    key != null ? key : file.toRealPath(), attributes.lastModifiedTime(), attributes.size());
        }
    }

    private static final class Entry {

        final Mapping mapping;
        int users;

        Entry(Mapping mapping) {
            this.mapping = mapping;
        }
    }

    private static final Map<Identity, Entry> OPEN = new HashMap<>();

    private SharedMappings() {}

    /** The mapping of a file for one more user; opened if there is none. */
    static synchronized Mapping acquire(Path file) throws IOException {
        Identity identity = Identity.of(file);
        Entry entry = OPEN.get(identity);
        if (entry == null) {
            entry = new Entry(ImageFile.open(file));
            OPEN.put(identity, entry);
        }
        entry.users++;
        return entry.mapping;
    }

    /** A user has ended. */
    static synchronized void release(Mapping mapping) {
        OPEN.values().removeIf(entry -> {
            if (entry.mapping != mapping || --entry.users > 0) {
                return false;
            }
            mapping.close();
            return true;
        });
    }
}
