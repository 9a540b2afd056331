package org.hpyve.bridge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The images that serve more than one interpreter: one for each state of a real file, opened for the first user and
 * closed behind the last.
 *
 * <p>Any thread. Opening takes turns, also with constructors of the library that run meanwhile; private images have no
 * part in that but for a look whether there is a shared one.
 */
final class SharedMappings {

    private static final class Entry {

        final Mapping mapping;
        int users;

        Entry(Mapping mapping) {
            this.mapping = mapping;
        }
    }

    private static final Map<FileState, Entry> OPEN = new HashMap<>();

    private SharedMappings() {}

    /** The mapping of a file for one more user; opened if there is none. */
    static synchronized Mapping acquire(Path file) throws IOException {
        FileState state = FileState.of(file);
        Entry entry = OPEN.get(state);
        if (entry == null) {
            entry = new Entry(ImageFile.open(file));
            OPEN.put(state, entry);
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
