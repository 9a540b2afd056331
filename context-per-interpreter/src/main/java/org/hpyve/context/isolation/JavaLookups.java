package org.hpyve.context.isolation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.python.core.Py;
import org.python.core.SyspathJavaLoader;

/**
 * Jython's search for Java classes and packages. For most names that a Python module has not, it looks whether the class
 * path has a class of that name, several times, and makes a table of all packages of the JVM; interpreters that import at
 * the same time wait for each other at the archives of the class path. Here the process remembers both.
 *
 * <p>Any thread.
 */
public final class JavaLookups {

    private static final int MOST = 10_000;

    /** Classes that the class path does not have. What is not there now is not expected later. */
    private static final Set<String> ABSENT = ConcurrentHashMap.newKeySet();

    private static final MethodHandle FIND_ON_SYS_PATH = findOnSysPath();
    private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();

    /** @param classes how many classes the JVM had loaded when it had these packages */
    private record Packages(long classes, Map<String, String> names) {}

    private static volatile Packages packages = new Packages(-1, Map.of());

    private JavaLookups() {}

    /** Called in the place of {@code Class.forName(name, true, loader)}. */
    public static Class<?> load(String name, ClassLoader loader) throws ClassNotFoundException {
        Class<?> found = find(name, loader);
        ClassFilter.named(found);
        return initialized(found);
    }

    private static Class<?> initialized(Class<?> found) throws ClassNotFoundException {
        return Class.forName(found.getName(), true, found.getClassLoader());
    }

    private static Class<?> find(String name, ClassLoader loader) throws ClassNotFoundException {
        ClassLoader classPath = loader instanceof SyspathJavaLoader ? loader.getParent() : loader;
        if (!isClassPath(classPath)) {
            return Class.forName(name, false, loader);
        }
        if (!ABSENT.contains(name)) {
            try {
                return Class.forName(name, false, classPath);
            } catch (ClassNotFoundException e) {
                if (ABSENT.size() >= MOST) {
                    ABSENT.clear();
                }
                ABSENT.add(name);
            }
        }
        if (loader == classPath) {
            throw new Absent(name);
        }
        return Class.forName(onSysPath(name, loader).getName(), false, loader);
    }

    /** A loader of what the JVM was started with; others may find tomorrow what they do not find today. */
    private static boolean isClassPath(ClassLoader loader) {
        ClassLoader application = ClassLoader.getSystemClassLoader();
        return loader == application
                || (loader != null && loader == Py.class.getClassLoader() && loader.getParent() == application);
    }

    private static Class<?> onSysPath(String name, ClassLoader loader) throws ClassNotFoundException {
        try {
            return (Class<?>) FIND_ON_SYS_PATH.invoke(loader, name);
        } catch (ClassNotFoundException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle findOnSysPath() {
        try {
            var method = ClassLoader.class.getDeclaredMethod("findClass", String.class);
            var own = SyspathJavaLoader.class.getDeclaredMethod(method.getName(), method.getParameterTypes());
            own.setAccessible(true);
            return MethodHandles.lookup().unreflect(own);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("SyspathJavaLoader cannot be asked", e);
        }
    }

    /** Called in the place of making the table of all packages that the JVM knows, with those above them. */
    @SuppressWarnings("deprecation") // What replaces getPackages() leaves out those of the JDK.
    public static Map<String, String> packages() {
        long classes = CLASSES.getTotalLoadedClassCount();
        Packages known = packages;
        if (known.classes != classes) {
            Map<String, String> names = new TreeMap<>();
            for (Package each : Package.getPackages()) {
                for (String name = each.getName();
                        !name.isEmpty() && names.put(name, "") == null;
                        name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
                    // The packages above follow, unless they are there.
                }
            }
            known = new Packages(classes, names);
            packages = known;
        }
        return known.names;
    }

    /** Nobody looks where it comes from. */
    private static final class Absent extends ClassNotFoundException {

        private static final long serialVersionUID = 1L;

        Absent(String name) {
            super(name);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
