package org.hpyve.tests.bench.jmh;

import java.util.Collections;
import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Calls of Python from a thread of Java's own: the way into the mailbox and back, and the values on it. */
@State(Scope.Thread)
public class InterpreterBenchmark {

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
    public Object callWithInt() {
        return python.call("same", 1);
    }

    @Benchmark
    public Object callWithListOfThousand() {
        return python.call("same", numbers);
    }

    @Benchmark
    public Object callWithTextOfThousand() {
        return python.call("same", text);
    }
}
