package org.hpyve.host;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.stream.Stream;
import org.hpyve.host.runtime.JythonRuntime;

/**
 * Loads Jython, and all that is written against its classes, once more. Everything else, the native library included,
 * comes from the loader above, so that one bridge serves all.
 */
final class RuntimeLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private static final List<String> OWN =
            List.of("org.python.", "com.ziclix.python.", "org.hpyve.context.", "org.hpyve.host.runtime.");

    /** A class of each place where these packages lie; they are not initialized here. */
    private static final List<String> SAMPLES = List.of(
            "org.python.core.PySystemState", "org.hpyve.context.InterpreterContext", JythonRuntime.class.getName());

    RuntimeLoader() {
        super("hpyve-runtime", places(), RuntimeLoader.class.getClassLoader());
    }

    private static URL[] places() {
        return SAMPLES.stream().flatMap(RuntimeLoader::place).distinct().toArray(URL[]::new);
    }

    private static Stream<URL> place(String name) {
        try {
            Class<?> sample = Class.forName(name, false, RuntimeLoader.class.getClassLoader());
            return Stream.of(sample.getProtectionDomain().getCodeSource().getLocation());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (OWN.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }
}
