package org.hpyve.context.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;

/**
 * Changes to classes of Jython where it has no hook, made while they are loaded: their bytes are read from the class
 * path, changed, and defined in the place of the originals, in the same class loader. No agent and no option of the
 * JVM is needed. What is changed is listed in {@link PatchTable}.
 *
 * <p>A class that is loaded already cannot be changed, so this must run before anything uses Jython.
 */
public final class JythonPatches {

    private static final ClassLoader LOADER = JythonPatches.class.getClassLoader();

    private static boolean applied;

    /** What went wrong the first time, or null; it goes wrong only once in the same way. */
    private static String failure;

    private final Map<String, ClassPatch> waiting = new LinkedHashMap<>();

    private JythonPatches() {
        PatchTable.classes().forEach(patch -> waiting.put(patch.name(), patch));
    }

    /**
     * Changes Jython's classes, the first time; later calls do nothing.
     *
     * @throws IllegalStateException if Jython was used before, or is another version than the one that is known here
     */
    public static synchronized void apply() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        if (!applied) {
            try {
                new JythonPatches().defineAll();
                applied = true;
            } catch (IllegalStateException e) {
                failure = e.getMessage();
                throw e;
            }
        }
    }

    private void defineAll() {
        while (!waiting.isEmpty()) {
            define(waiting.values().iterator().next());
        }
    }

    private void define(ClassPatch patch) {
        waiting.remove(patch.name());
        ClassReader original = read(patch.name());
        // Defining a class loads its superclass.
        ClassPatch superclass = waiting.get(original.getSuperName());
        if (superclass != null) {
            define(superclass);
        }
        byte[] changed = patch.change(original);
        try {
            Class<?> anchor = Class.forName(PatchTable.anchor(patch.name()), false, LOADER);
            MethodHandles.privateLookupIn(anchor, MethodHandles.lookup()).defineClass(changed);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "Jython is in use already, so interpreters cannot be kept apart: make the first InterpreterHost"
                            + " before anything else uses org.python (" + patch.javaName() + ")",
                    e);
        } catch (ReflectiveOperationException e) {
            throw unknownVersion(patch.javaName() + " cannot be defined", e);
        }
    }

    private static ClassReader read(String name) {
        try (InputStream bytes = LOADER.getResourceAsStream(name + ".class")) {
            if (bytes == null) {
                throw unknownVersion("there is no " + name, null);
            }
            return new ClassReader(bytes);
        } catch (IOException e) {
            throw unknownVersion(name + " cannot be read", e);
        }
    }

    static IllegalStateException unknownVersion(String found, Throwable cause) {
        return new IllegalStateException(
                "this Jython is not the one that Hpyve knows, so interpreters cannot be kept apart: " + found, cause);
    }
}
