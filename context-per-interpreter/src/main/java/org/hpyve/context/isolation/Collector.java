package org.hpyve.context.isolation;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.modules._weakref.GlobalRef;
import org.python.modules.gc;

/** The module {@code gc} in an interpreter: there is one collector, and nobody changes it for others. */
public final class Collector {

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Map<GlobalRef, ?> REFERENCES = references();

    private Collector() {}

    private static Map<GlobalRef, ?> references() {
        try {
            Field objects = GlobalRef.class.getDeclaredField("objects");
            objects.setAccessible(true);
            @SuppressWarnings("unchecked")
            Map<GlobalRef, ?> all = (Map<GlobalRef, ?>) objects.get(null);
            return all;
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("weak references have no table", e);
        }
    }

    /** {@code gc.collect()}; in the thread that runs the interpreter it returns after callbacks and {@code __del__} of what was collected. */
    public static int collect() {
        System.gc();
        Home home = Home.current();
        if (home != null) {
            System.runFinalization();
            awaitReferences();
            home.runDue();
        }
        return gc.UNKNOWN_COUNT;
    }

    /** Until Jython's thread has noticed all references that the collector has cleared. */
    private static void awaitReferences() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (REFERENCES.keySet().stream().anyMatch(each -> !each.isCleared() && each.refersTo(null))
                    && System.nanoTime() - end < 0) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void refuse(int argument) {
        // What is off already may be turned off.
        if (argument != 0) {
            refuse("gc.set_debug()");
        }
    }

    public static void refuse(short argument) {
        refuse("a flag of gc");
    }

    public static void refuse(boolean argument) {
        refuse("gc.setMonitorGlobal()");
    }

    public static void refuse(PyObject argument) {
        refuse("gc.monitorObject()");
    }

    public static void refuse(PyObject argument, boolean initString) {
        refuse("gc.monitorObject()");
    }

    public static void refuse() {
        refuse("monitoring by gc");
    }

    public static void refuse(Runnable process) {
        refuse("a process of gc");
    }

    public static void refuse(Runnable process, int index) {
        refuse("a process of gc");
    }

    private static void refuse(String what) {
        if (Home.current() != null) {
            throw Py.RuntimeError(what + " is for the whole process; an interpreter cannot change it");
        }
    }
}
