package org.hpyve.context.code;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.hpyve.bridge.FileState;
import org.python.core.Py;
import org.python.core.PyCode;
import org.python.core.PyException;
import org.python.core.imp;

/**
 * The source of a module or package.
 *
 * @param file where it is
 * @param displayName its name as Python code sees it ({@code __file__}, {@code co_filename}), which is relative where
 *     the entry of {@code sys.path} is
 */
record SourceFile(File file, String displayName) {

    /** Not the record's own, for the sake of own runtimes: the JDK keeps the class of a record whose equals() ran. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SourceFile source && file.equals(source.file) && displayName.equals(source.displayName);
    }

    @Override
    public int hashCode() {
        return 31 * file.hashCode() + displayName.hashCode();
    }

    /** IOError if the file is gone. */
    FileState state() {
        try {
            return FileState.of(file.toPath());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    byte[] bytes() {
        try {
            return Files.readAllBytes(file.toPath());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private PyException unreadable(IOException reason) {
        return new PyException(Py.IOError, "cannot read '%s': %s".formatted(displayName, reason));
    }

    /**
     * The file's code. A compiled file beside it that Jython would take is taken; none is written. A syntax error is the
     * calling interpreter's, and so are the compiler's warnings.
     */
    PyCode compile() {
        String moduleName = file.getName().replaceFirst("\\.py$", "");
        PyCode compiled = precompiled(moduleName);
        if (compiled != null) {
            return compiled;
        }
        byte[] classFile =
                imp.compileSource(moduleName, new ByteArrayInputStream(bytes()), displayName, file.lastModified());
        return SharedCode.define(moduleName, classFile, displayName);
    }

    /** Null if there is no compiled file, or one of another source or of another version of Jython. */
    private PyCode precompiled(String moduleName) {
        File compiled = new File(imp.makeCompiledFilename(file.getPath()));
        if (!compiled.isFile() || compiled.lastModified() < file.lastModified()) {
            return null;
        }
        try (InputStream stream = new FileInputStream(compiled)) {
            imp.CodeData data = imp.readCodeData(displayName, stream, true, file.lastModified());
            return data == null ? null : SharedCode.define(moduleName, data.getBytes(), displayName);
        } catch (IOException | RuntimeException | LinkageError e) {
            return null;
        }
    }
}
