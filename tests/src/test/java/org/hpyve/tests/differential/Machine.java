package org.hpyve.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;

/** An interpreter with one kind of bridge that runs programs, one after the other. Used by one thread. */
final class Machine implements AutoCloseable {

    /** What remains after so many further runs of a program is a leak; what comes once is memory that is kept for later. */
    private static final int RUNS_UNTIL_LEAK = 4;

    /** The JVM needs a moment to hand over what the collector has found. */
    private static final long HANDED_OVER_NANOS = 20_000_000;

    private final BridgeMode mode;
    private final InterpreterHost host;
    private final Interpreter interpreter;
    private final PyObject run;

    /** The folder has the extension {@code machine} and {@code world.py}. */
    Machine(BridgeMode mode, Path folder) {
        this.mode = mode;
        host = InterpreterHost.builder().bridge(mode).searchPath(folder).build();
        // Messages that name the interpreter are the same for all machines.
        interpreter = host.newInterpreter("machine");
        interpreter.exec("import world");
        run = interpreter
                .submit(self -> Py.getSystemState()
                        .modules
                        .__getitem__(Py.newString("world"))
                        .__getattr__("run"))
                .join();
    }

    /** A run under way. */
    final class Run {

        private final Program program;
        private final long handlesBefore = interpreter.stats().handlesOpen();
        private final long bytesBefore = interpreter.stats().nativeBytes();
        private final CompletableFuture<String> transcript;

        private Run(Program program) {
            this.program = program;
            transcript = submit(program);
        }

        /** What could be seen of it, as text; checks that nothing is left. */
        String transcript() {
            String text = transcript.join();
            assertThat(interpreter.stats().handlesOpen())
                    .as("handles that were open before and are open after, with the bridge %s", mode)
                    .isEqualTo(handlesBefore);
            if (interpreter.stats().nativeBytes() > bytesBefore) {
                assertThat(leaks())
                        .as("leaks native memory with the bridge %s", mode)
                        .isFalse();
            }
            return text;
        }

        private boolean leaks() {
            for (int i = 0; i < RUNS_UNTIL_LEAK; i++) {
                long before = interpreter.stats().nativeBytes();
                // Structs of dead instances are memory until the collector has run, and the next call has begun.
                System.gc();
                LockSupport.parkNanos(HANDED_OVER_NANOS);
                submit(program).join();
                if (interpreter.stats().nativeBytes() <= before) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Starts a program. */
    Run start(Program program) {
        return new Run(program);
    }

    private CompletableFuture<String> submit(Program program) {
        return interpreter.submit(
                self -> text(run.__call__(code(program.main()), code(program.first()), code(program.second()))));
    }

    /** The parts of what {@code world.run} returns, on lines of their own; the transcript has many. */
    private static String text(PyObject told) {
        StringBuilder text = new StringBuilder();
        for (PyObject part : ((PyTuple) told).getArray()) {
            text.append(part instanceof PyString lines ? lines.getString() : Description.of(part))
                    .append('\n');
        }
        return text.toString();
    }

    private static PyString code(List<Step> steps) {
        return new PyString(new String(Program.code(steps), StandardCharsets.ISO_8859_1));
    }

    BridgeMode mode() {
        return mode;
    }

    @Override
    public void close() {
        host.close();
        assertThat(interpreter.closeReport().clean())
                .as("%s", interpreter.closeReport())
                .isTrue();
    }
}
