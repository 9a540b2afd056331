package org.hpyve.host.dashboard;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.hpyve.host.Interpreter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What somebody with the token may do. Any thread; nothing is waited for. */
final class Operator {

    private static final Logger LOG = LoggerFactory.getLogger(Operator.class);

    private final Chronicle chronicle;
    private final Executor threads;
    private final Consumer<Interpreter> recycler;

    /** @param recycler ends an interpreter, and may take its time */
    Operator(Chronicle chronicle, Executor threads, Consumer<Interpreter> recycler) {
        this.chronicle = chronicle;
        this.threads = threads;
        this.recycler = recycler;
    }

    void trace(Interpreter interpreter, boolean on) {
        interpreter.traceLeaks(on);
        chronicle.add("operator", interpreter.name(), on ? "leaks are traced" : "leaks are not traced any more");
    }

    void recycle(Interpreter interpreter) {
        chronicle.add("operator", interpreter.name(), "is to be recycled");
        threads.execute(() -> {
            try {
                recycler.accept(interpreter);
            } catch (RuntimeException e) {
                LOG.warn("interpreter '{}' could not be recycled", interpreter.name(), e);
            }
        });
    }
}
