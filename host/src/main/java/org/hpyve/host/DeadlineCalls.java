package org.hpyve.host;

import java.time.Duration;
import java.util.function.Function;
import org.hpyve.host.boundary.PythonRuntime;

/** An interpreter's calls, each of which has to be over when a time has passed since it was made. */
final class DeadlineCalls extends PythonCalls {

    private final Interpreter interpreter;
    private final Duration deadline;

    DeadlineCalls(Interpreter interpreter, Duration deadline) {
        this.interpreter = interpreter;
        this.deadline = deadline;
    }

    @Override
    <T> T ask(Function<PythonRuntime, T> work) {
        return interpreter.ask(work, deadline);
    }

    @Override
    public String toString() {
        return interpreter + " within " + deadline;
    }
}
