package org.hpyve.host;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.hpyve.host.boundary.PythonRuntime;

/**
 * The Python sides that are open, so that what Python code has written to its files is there even if nobody closed its
 * interpreter before the JVM ends.
 */
final class OpenRuntimes {

    private static final Set<PythonRuntime> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(null, () -> OPEN.forEach(PythonRuntime::closeFiles), "hpyve files", 0, false));
    }

    private OpenRuntimes() {}

    static void add(PythonRuntime runtime) {
        OPEN.add(runtime);
    }

    static void remove(PythonRuntime runtime) {
        OPEN.remove(runtime);
    }
}
