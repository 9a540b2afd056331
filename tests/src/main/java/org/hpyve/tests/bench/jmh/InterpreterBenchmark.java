package org.hpyve.tests.bench.jmh;

import java.util.Collections;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Calls of Python by Java: the way of a task into the mailbox and back, and that of values on the owner thread. */
@State(Scope.Thread)
public class InterpreterBenchmark {

    private static final int CALLS = 100;

    private final List<Integer> numbers = Collections.nCopies(1000, 7);
    private final String text = "text ".repeat(200);
    private InterpreterHost host;
    private Interpreter python;

    /** Makes an interpreter with a function that gives back what it gets. */
    @Setup
    public void create() {
        host = InterpreterHost.builder().build();
        python = host.newInterpreter();
        python.exec("def same(value): return value");
    }

    /** Closes it. */
    @TearDown
    public void close() {
        host.close();
    }

    @Benchmark
    public Object taskFromAnotherThread() {
        return python.submit(self -> 1).join();
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Object callWithInt() {
        return onOwnerThread(1);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Object callWithListOfThousand() {
        return onOwnerThread(numbers);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Object callWithTextOfThousand() {
        return onOwnerThread(text);
    }

    private Object onOwnerThread(Object argument) {
        return python.submit(self -> {
                    Object result = null;
                    for (int i = 0; i < CALLS; i++) {
                        result = self.call("same", argument);
                    }
                    return result;
                })
                .join();
    }
}
