package org.hpyve.context.isolation;

import static org.hpyve.context.isolation.MethodPatch.atStart;
import static org.hpyve.context.isolation.MethodPatch.checked;
import static org.hpyve.context.isolation.MethodPatch.inPlaceOf;
import static org.hpyve.context.isolation.MethodPatch.onResult;

/** The part of {@link PatchTable} by which Python code can be stopped. */
final class StopPatches {

    private static final String CORE = "org/python/core/";
    private static final String ITERTOOLS = "org/python/modules/itertools/";
    private static final String NEXT = "__iternext__()Lorg/python/core/PyObject;";

    private StopPatches() {}

    static void addTo(PatchTable table) {
        table.add(CORE + "PyFrame", atStart("setline(I)V", Stopping.class, "atLine"));
        loops(table);
        waits(table);
        streams(table);
    }

    /** Built-in functions run over iterators by {@code asIterable}, or ask for the next of what may have no end. */
    private static void loops(PatchTable table) {
        check(table, CORE + "WrappedIterIterator", "hasNext()Z");
        for (String iterator : new String[] {"PyCallIter", "PyXRangeIter", "JavaIterator"}) {
            check(table, CORE + iterator, NEXT);
        }
        String[] endless = {
            "count$1",
            "cycle$1",
            "repeat$1",
            "repeat$2",
            "product$1",
            "permutations$1",
            "combinations$1",
            "combinationsWithReplacement$1",
        };
        for (String iterator : endless) {
            check(table, ITERTOOLS + iterator, NEXT);
        }
        for (String comparator : new String[] {"PyObjectComparator", "PyObjectDefaultComparator"}) {
            table.add(
                    CORE + "PyList$" + comparator,
                    new StorePatch("comparatorException", "Lorg/python/core/PyException;", Stopping.class, "inSort"));
        }
        // Where a regular expression tries the alternatives.
        check(table, "org/python/modules/sre/SRE_STATE", "SRE_MATCH([III)I");
    }

    private static void check(PatchTable table, String type, String method) {
        table.add(type, checked(method, Stopping.class, "check"));
    }

    private static void waits(PatchTable table) {
        String exception = ")Lorg/python/core/PyException;";
        table.add(
                CORE + "Py",
                onResult("JavaError(Ljava/lang/Throwable;" + exception, Waiting.class, "raised"),
                onResult("IOError(Ljava/io/IOException;" + exception, Waiting.class, "raised"));
        String condition = "java/util/concurrent/locks/Condition";
        table.add(
                "org/python/modules/_threading/Condition",
                new CallPatch(condition, "await()V", Waiting.class),
                new CallPatch(condition, "awaitNanos(J)J", Waiting.class));
        table.add("org/python/modules/time/Time", inPlaceOf("sleep(D)V", Waiting.class, "sleep"));
    }

    private static void streams(PatchTable table) {
        String channels = "java/nio/channels/Channels";
        table.add(
                CORE + "io/StreamIO",
                new CallPatch(
                        channels,
                        "newChannel(Ljava/io/OutputStream;)Ljava/nio/channels/WritableByteChannel;",
                        Streams.class),
                new CallPatch(
                        channels,
                        "newChannel(Ljava/io/InputStream;)Ljava/nio/channels/ReadableByteChannel;",
                        Streams.class));
    }
}
