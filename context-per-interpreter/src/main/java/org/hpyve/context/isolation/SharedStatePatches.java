package org.hpyve.context.isolation;

import static org.hpyve.context.isolation.MethodPatch.atStart;
import static org.hpyve.context.isolation.MethodPatch.inPlaceOf;

/** The part of {@link PatchTable} that is about threads, callbacks, registries, and what Jython finds once for all. */
final class SharedStatePatches {

    private static final String CORE = "org/python/core/";
    private static final String MODULES = "org/python/modules/";
    private static final String OBJECT = "Lorg/python/core/PyObject;";

    private SharedStatePatches() {}

    static void addTo(PatchTable table) {
        registries(table);
        threads(table);
        foundOnce(table);
        caches(table);
        collector(table);
    }

    private static void threads(PatchTable table) {
        table.interpreters(MODULES + "thread/thread", "stack_size");
        table.interpreters(MODULES + "thread/thread", "group");
        table.add(
                MODULES + "thread/thread",
                atStart(
                        "_newFunctionThread(Lorg/python/core/PyObject;Lorg/python/core/PyTuple;)"
                                + "Lorg/python/core/FunctionThread;",
                        InterpreterThreads.class,
                        "starting"));
        // SystemExit ends a thread, a task or an exit function; Jython ends the JVM with it.
        table.add(
                CORE + "Py",
                inPlaceOf("maybeSystemExit(Lorg/python/core/PyException;)V", EndOfThread.class, "notOfProcess"));
        String proxy = "proxy(Ljava/lang/Class;)Ljava/lang/Object;";
        table.add(CORE + "PyMethod", inPlaceOf(proxy, BoundCalls.class, "proxy"));
        table.add(CORE + "PyFunction", inPlaceOf(proxy, BoundCalls.class, "proxy"));
        table.add(
                CORE + "ThreadState",
                atStart("setSystemState(Lorg/python/core/PySystemState;)V", ThreadStates.class, "changing"));
        table.add(
                CORE + "ThreadStateMapping",
                inPlaceOf("_current_frames()Lorg/python/core/PyDictionary;", ThreadStates.class, "currentFrames"));
        for (String lock : new String[] {"Lock", "RLock"}) {
            table.add(
                    MODULES + "_threading/" + lock,
                    inPlaceOf(lock + "_acquire(Z)Z", Waiting.class, "acquire"),
                    inPlaceOf(lock + "___enter__()" + OBJECT, Waiting.class, "enter"),
                    inPlaceOf("__enter__(Lorg/python/core/ThreadState;)" + OBJECT, Waiting.class, "enter"));
        }
        table.add(
                MODULES + "thread/PyLocal",
                new CallPatch("java/lang/ThreadLocal", "get()Ljava/lang/Object;", RunnerLocals.class),
                new CallPatch("java/lang/ThreadLocal", "set(Ljava/lang/Object;)V", RunnerLocals.class));
        table.add(MODULES + "thread/PyLock", inPlaceOf("acquire(Z)Z", Waiting.class, "acquire"));
    }

    private static void registries(PatchTable table) {
        table.add(
                CORE + "PyType",
                atStart("attachSubclass(Lorg/python/core/PyType;)V", Subclasses.class, "attached"),
                inPlaceOf("type___subclasses__()" + OBJECT, Subclasses.class, "list"),
                inPlaceOf("needsFinalizer()Z", DelMethods.class, "defined"));
    }

    /** Null at first in each interpreter, so that Jython looks again; pickle's are found at import, and are set here. */
    private static void foundOnce(PatchTable table) {
        table.interpreters(CORE + "Py", "warnings_mod");
        table.add(
                CORE + "PyTableCode",
                new CallPatch(CORE + "Py", "warning(" + OBJECT + "Ljava/lang/String;)V", EndOfStack.class));
        table.interpreters(CORE + "PyBytecode", "dis");
        table.interpreters(CORE + "PyBytecode", "opname");
        table.interpreters(MODULES + "_json/_json", "errmsg_fn");
        table.interpreters(MODULES + "itertools/count", "NumberClass");
        for (String registry : new String[] {"dispatch_table", "extension_registry", "inverted_registry"}) {
            table.interpreters(MODULES + "cPickle", registry);
        }
    }

    /** By class of Python; they would keep the classes of closed interpreters. */
    private static void caches(PatchTable table) {
        table.interpreters(MODULES + "cPickle", "classmap");
        table.interpreters(MODULES + "jffi/CType$Pointer", "typeCache");
    }

    private static void collector(PatchTable table) {
        table.add(
                MODULES + "gc",
                inPlaceOf("collect()I", Collector.class, "collect"),
                refused("set_debug(I)V"),
                refused("setMonitorGlobal(Z)V"),
                refused("monitorObject(" + OBJECT + ")V"),
                refused("monitorObject(" + OBJECT + "Z)V"),
                refused("setJythonGCFlags(S)V"),
                refused("addJythonGCFlags(S)V"),
                refused("removeJythonGCFlags(S)V"),
                refused("unmonitorAll()V"),
                refused("stopMonitoring()V"),
                refused("registerPreFinalizationProcess(Ljava/lang/Runnable;)V"),
                refused("registerPreFinalizationProcess(Ljava/lang/Runnable;I)V"),
                refused("registerPostFinalizationProcess(Ljava/lang/Runnable;)V"),
                refused("registerPostFinalizationProcess(Ljava/lang/Runnable;I)V"));
    }

    private static ClassPatch.Edit refused(String method) {
        return atStart(method, Collector.class, "refuse");
    }
}
