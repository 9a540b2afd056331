package org.hpyve.tests.bench.jmh;

import java.lang.reflect.Constructor;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.bridge.ContextTags;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.NativeContext;
import org.hpyve.bridge.upcall.Upcalls;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Handles of objects, opened, read and closed by Java. */
@State(Scope.Thread)
public class HandleTableBenchmark {

    private final Object object = new Object();
    private int tag;
    private NativeContext context;
    private HandleTable table;
    private long open;

    /** Makes a context that nobody calls. */
    @Setup
    public void create() throws ReflectiveOperationException {
        Constructor<?> upcalls = Upcalls.class.getConstructors()[0];
        tag = ContextTags.acquire("jmh");
        context = new NativeContext(
                "jmh",
                tag,
                BridgeMode.byDefault(),
                (Upcalls) upcalls.newInstance(new Object[upcalls.getParameterCount()]),
                (handles, log, position, end, progress) -> {
                    throw new IllegalStateException("nothing was recorded");
                },
                (thrown, member) -> {
                    throw new IllegalStateException(thrown);
                });
        table = context.table();
        open = table.open(object, HandleTable.NO_KIND, HandleTable.NO_LENGTH, 0);
    }

    /** Releases it. */
    @TearDown
    public void release() {
        table.close(open);
        context.release();
        ContextTags.release(tag);
    }

    @Benchmark
    public boolean openAndClose() {
        return table.close(table.open(object, HandleTable.NO_KIND, HandleTable.NO_LENGTH, 0));
    }

    @Benchmark
    public Object get() {
        return table.get(open);
    }

    @Benchmark
    public boolean dupAndClose() {
        table.dup(open);
        return table.close(open);
    }
}
