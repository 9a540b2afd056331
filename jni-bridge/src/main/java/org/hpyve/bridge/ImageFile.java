package org.hpyve.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Opens a copy of an extension's file, so that the image has nothing in common with any other.
 *
 * <p>The copy has a path of its own, because the dynamic linker gives out an open image again for a path that it
 * knows; it is deleted as soon as it is open. Two things follow from that:
 *
 * <ul>
 *   <li>Libraries that the extension finds by {@code $ORIGIN} are not beside the copy. They are looked for where the
 *       extension is, and opened before it: the linker then finds them by their {@code DT_SONAME}, or by a link beside the
 *       copy. So they are bound without the extension, too, and no image becomes a part of them.
 *   <li>The linker makes unique symbols, such as variables of C++ templates, one for all copies, and never closes an
 *       image that has one. In the copy they are made ordinary ones; but not those that a library of the extension
 *       defines as well, for these two mean the same variable.
 * </ul>
 */
final class ImageFile implements AutoCloseable {

    private static final List<String> ORIGINS = List.of("$ORIGIN", "${ORIGIN}");

    private final Path file;
    private final Path folder;
    private final List<Long> libraries = new ArrayList<>();

    private ImageFile(Path file) throws IOException {
        this.file = file;
        this.folder = Files.createTempDirectory("hpyve-");
    }

    /**
     * Opens an image of a file.
     *
     * @throws ImageException if the file is no whole shared library of this machine, or a symbol that it needs is missing
     * @throws IOException if the file cannot be read
     */
    static Mapping open(Path file) throws IOException {
        checkExists(file);
        try (ImageFile image = new ImageFile(file)) {
            return image.open();
        }
    }

    /** Does an extension export the symbol by which it asks for one image? */
    static boolean isMarked(Path file) throws IOException {
        checkExists(file);
        return ElfFile.read(file).exports(Image.SHARE_SYMBOL);
    }

    private static void checkExists(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file");
        }
    }

    private Mapping open() throws IOException {
        Path copy = folder.resolve(file.getFileName());
        try {
            copyTo(copy);
            ElfFile elf = ElfFile.read(copy);
            for (String library : elf.needed()) {
                openLibrary(library, elf.searchPath());
            }
            List<ElfFile.Unique> own =
                    elf.unique().stream().filter(symbol -> !isInLibrary(symbol)).toList();
            if (!own.isEmpty()) {
                ElfFile.makeGlobal(copy, own);
            }
            return new Mapping(file, Image.open(copy.toString()));
        } catch (ImageException e) {
            throw new ImageException(e.getMessage().replace(copy.toString(), file.toString()));
        }
    }

    /** Not {@code Files.copy}, which keeps that a file is read-only. */
    private void copyTo(Path copy) throws IOException {
        try (FileChannel from = FileChannel.open(file);
                FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long done = 0;
            long some;
            while ((some = from.transferTo(done, Long.MAX_VALUE - done, to)) > 0) {
                done += some;
            }
        }
    }

    private void openLibrary(String name, List<String> searchPath) throws IOException {
        String path = name;
        if (name.indexOf('/') < 0) {
            for (String entry : searchPath) {
                String below = belowOrigin(entry);
                Path found = below == null
                        ? Path.of(entry).resolve(name)
                        : Path.of(file.toAbsolutePath().getParent() + below, name);
                if (Files.isRegularFile(found)) {
                    path = found.toString();
                    if (below != null) {
                        link(Path.of(folder + below, name).normalize(), found);
                    }
                    break;
                }
            }
        }
        try {
            libraries.add(Image.open(path));
        } catch (ImageException e) {
            // It will be missed when the image is opened, or found in a way that is not known here.
            return;
        }
    }

    /** What comes behind {@code $ORIGIN}; null for a folder that does not begin so. */
    private static String belowOrigin(String entry) {
        for (String origin : ORIGINS) {
            if (entry.equals(origin) || entry.startsWith(origin + "/")) {
                return entry.substring(origin.length());
            }
        }
        return null;
    }

    private void link(Path link, Path target) throws IOException {
        if (link.startsWith(folder) && !Files.exists(link)) {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, target);
        }
    }

    private boolean isInLibrary(ElfFile.Unique symbol) {
        return libraries.stream().anyMatch(library -> Image.symbol(library, symbol.name()) != 0);
    }

    /** The libraries stay open as long as an image needs them. */
    @Override
    public void close() throws IOException {
        libraries.forEach(Image::closeImage);
        try (Stream<Path> tree = Files.walk(folder)) {
            tree.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
