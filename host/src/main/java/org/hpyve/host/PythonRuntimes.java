package org.hpyve.host;

import java.lang.reflect.InvocationTargetException;
import org.hpyve.context.isolation.JythonPatches;
import org.hpyve.host.boundary.HostSide;
import org.hpyve.host.boundary.PythonRuntime;
import org.hpyve.host.boundary.RuntimeSettings;
import org.hpyve.host.runtime.JythonRuntime;

/** Makes the Python side of an interpreter, at the level of isolation that its host asks for. */
final class PythonRuntimes {

    private PythonRuntimes() {}

    /**
     * To be called before any class is loaded that uses Jython. A copy of Jython loads some of the originals, too.
     *
     * @throws IllegalStateException if the program has used Jython before, and interpreters are to share it
     */
    static void prepare(Isolation isolation) {
        try {
            JythonPatches.apply();
        } catch (IllegalStateException e) {
            if (isolation == Isolation.SHARED_RUNTIME) {
                throw e;
            }
        }
    }

    static PythonRuntime create(HostSide host, RuntimeSettings settings) {
        return switch (host.isolation()) {
            case SHARED_RUNTIME -> new JythonRuntime(host, settings);
            case OWN_RUNTIME -> inOwnLoader(host, settings);
        };
    }

    /**
     * Netty, which Jython's sockets use, keeps an exception of the moment when it was initialized, and with it all classes
     * that were on the stack. That must not be those of an interpreter's own copy.
     */
    private static void initializeNetty() {
        try {
            Class.forName("io.netty.util.concurrent.GlobalEventExecutor");
        } catch (ClassNotFoundException e) {
            // Then there are no sockets.
            return;
        }
    }

    private static PythonRuntime inOwnLoader(HostSide host, RuntimeSettings settings) {
        initializeNetty();
        RuntimeLoader loader = new RuntimeLoader();
        try {
            loader.loadClass(JythonPatches.class.getName()).getMethod("apply").invoke(null);
            return (PythonRuntime) loader.loadClass(JythonRuntime.class.getName())
                    .getConstructor(HostSide.class, RuntimeSettings.class)
                    .newInstance(host, settings);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the Python side of an interpreter cannot be loaded", e);
        }
    }
}
