package org.hpyve.host.boundary;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.bridge.Sharing;

/**
 * What the Python side of an interpreter is to be like.
 *
 * @param searchPath folders for the end of {@code sys.path}
 * @param strictText if true, extensions accept only {@code unicode} as text
 * @param bridge how extensions reach Java
 * @param waitsForThreads if true, closing waits first for the threads that are no daemons
 * @param sharing for extensions by their full names, whether one image of theirs serves all interpreters
 * @param streams where standard input and output lead
 * @param classFilter says by their names which Java classes Python code may reach; null if all
 * @param handleLimit most HPy handles that may be open at once; 0 for any number
 * @param nativeLimit most native memory of extensions, in bytes; 0 for any
 */
public record RuntimeSettings(
        List<Path> searchPath,
        boolean strictText,
        BridgeMode bridge,
        boolean waitsForThreads,
        Map<String, Sharing> sharing,
        StandardStreams streams,
        Predicate<String> classFilter,
        long handleLimit,
        long nativeLimit) {}
