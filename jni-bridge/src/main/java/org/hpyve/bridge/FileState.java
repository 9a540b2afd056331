package org.hpyve.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One state of a real file, by whichever path it is reached: equal as long as the file was neither written nor replaced.
 *
 * <p>Times of modification are often the same for all versions of a file, and an inode's number is given out again at
 * once. So the time counts too at which the system saw the last change, which programs cannot set.
 *
 * @param attributes device and inode, size, and both times
 */
public record FileState(Map<String, Object> attributes) {

    /** The state that a file has now. */
    public static FileState of(Path file) throws IOException {
        return new FileState(Files.readAttributes(file, "unix:fileKey,size,lastModifiedTime,ctime"));
    }
}
