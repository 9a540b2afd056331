package org.hpyve.context.isolation;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import org.python.core.PySystemState;

/** Jython's own archive, in which its standard library lies. */
public final class LibraryArchive {

    private static final Path PATH = find();

    private LibraryArchive() {}

    /** The file; null if Jython does not lie in one. */
    public static Path path() {
        return PATH;
    }

    private static Path find() {
        CodeSource source = PySystemState.class.getProtectionDomain().getCodeSource();
        URL archive = source == null ? null : source.getLocation();
        if (archive == null || !"file".equals(archive.getProtocol())) {
            return null;
        }
        try {
            return Path.of(archive.toURI());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }
}
