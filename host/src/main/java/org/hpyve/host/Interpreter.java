package org.hpyve.host;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hpyve.bridge.NativeContext;
import org.hpyve.context.InterpreterContext;
import org.hpyve.scheduler.OwnerThread;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An isolated Python interpreter with its own modules, its own HPy context and its own images of extensions.
 *
 * <p>Every method may be called from any thread. Python code runs on the interpreter's own thread, one piece at a time;
 * the caller waits, or gets a future from {@link #submit}. On that thread itself, as in a task, calls run at once.
 *
 * <p>Python exceptions come as {@link PythonException}. Values are converted: see {@link #eval}.
 */
public final class Interpreter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Interpreter.class);

    private final String name;
    private final InterpreterHost.Settings settings;
    private final Consumer<Interpreter> whenClosed;
    private final Values values = new Values(this);
    private volatile OwnerThread owner;

    /** Null after the end, so that who keeps a closed interpreter does not keep its objects. */
    private volatile PythonRuntime runtime;

    /** The last counts; null before the end. */
    private volatile InterpreterStats finalStats;

    private volatile NativeContext.Leaks leaks;

    Interpreter(String name, InterpreterHost.Settings settings, Consumer<Interpreter> whenClosed) {
        this.name = name;
        this.settings = settings;
        this.whenClosed = whenClosed;
    }

    void start() {
        try {
            owner = OwnerThread.builder("hpyve-" + name)
                    .stackSize(settings.stackSize())
                    .daemon(settings.daemon())
                    .closing(this::release)
                    .start(() -> {
                        runtime = new PythonRuntime(this, settings);
                        return null;
                    });
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** The name, unique among the open interpreters of its host. */
    public String name() {
        return name;
    }

    /** The thread that runs this interpreter. */
    public Thread thread() {
        return owner.thread();
    }

    /** Counts of handles, crossings and native memory; also after the interpreter was closed. */
    public InterpreterStats stats() {
        PythonRuntime current = runtime;
        // The last counts are there before the runtime goes.
        return current == null ? finalStats : stats(current.counters());
    }

    private static InterpreterStats stats(InterpreterContext.Counters counters) {
        return new InterpreterStats(
                counters.handlesOpened(),
                counters.handlesClosed(),
                counters.handlesPeak(),
                counters.crossings(),
                counters.nativeBytes());
    }

    /** Runs Python statements in {@code __main__}. */
    public void exec(String source) {
        call(() -> {
            runtime().exec(source, "<exec>");
            return null;
        });
    }

    /**
     * Runs a file as {@code python FILE ARGUMENTS} would: as {@code __main__}, with {@code sys.argv}, its folder first on
     * {@code sys.path}.
     */
    public void run(Path script, List<String> arguments) {
        call(() -> {
            runtime().run(script, arguments);
            return null;
        });
    }

    /**
     * The value of a Python expression in {@code __main__}.
     *
     * @return None as null, bool, int as Integer, Long or BigInteger, float as Double, unicode and 7-bit str as String,
     *     other str as byte[], list and tuple as List, dict as Map, set as Set, all copied; everything else as a
     *     {@link PythonReference}
     */
    public Object eval(String expression) {
        return call(() -> values.toJava(runtime().eval(expression)));
    }

    /** Sets a variable of {@code __main__}. */
    public void set(String variable, Object value) {
        call(() -> {
            runtime().globals().__setitem__(variable.intern(), values.toPython(value));
            return null;
        });
    }

    /**
     * The value of a variable of {@code __main__}.
     *
     * @throws PythonException NameError if there is none
     */
    public Object get(String variable) {
        return call(() -> {
            PyObject value = runtime().globals().__finditem__(variable.intern());
            if (value == null) {
                throw Py.NameError("name '" + variable + "' is not defined");
            }
            return values.toJava(value);
        });
    }

    /**
     * Calls a function.
     *
     * @param function a variable of {@code __main__}, or an expression with dots such as {@code module.function}
     */
    public Object call(String function, Object... arguments) {
        return call(() -> {
            PyObject[] converted = new PyObject[arguments.length];
            for (int i = 0; i < converted.length; i++) {
                converted[i] = values.toPython(arguments[i]);
            }
            return values.toJava(runtime().eval(function).__call__(converted));
        });
    }

    /**
     * Queues a task for the interpreter's thread and returns at once. In the task, calls of this interpreter run at once.
     *
     * @return the task's result; a {@link java.util.concurrent.RejectedExecutionException} if the interpreter is closed
     */
    public <T> CompletableFuture<T> submit(Function<Interpreter, T> task) {
        return owner.submit(() -> task.apply(this));
    }

    /** Has {@link #close} been called? */
    public boolean isClosed() {
        return owner.isClosed();
    }

    /** Asks for {@link #close} and does not wait. */
    void beginClose() {
        // How it ends is told to those who wait, by close().
        CompletableFuture<Void> unused = owner.closeAsync();
    }

    /**
     * Finishes queued tasks, runs Python's exit functions, destroys native objects, releases the context and closes the
     * images; waits for that, except on the interpreter's own thread. What extensions left open is logged.
     */
    @Override
    public void close() {
        owner.close();
    }

    /** What extensions left open at close; null before. */
    NativeContext.Leaks leaks() {
        return leaks;
    }

    private Void release() {
        PythonRuntime current = runtime;
        try {
            leaks = current.close();
            if (!leaks.none()) {
                LOG.warn(
                        "interpreter '{}' was closed with {} open handles, {} open builders or trackers and {} native bytes",
                        name,
                        leaks.handles(),
                        leaks.builders(),
                        leaks.nativeBytes());
            }
        } finally {
            finalStats = stats(current.counters());
            runtime = null;
            whenClosed.accept(this);
        }
        return null;
    }

    private PythonRuntime runtime() {
        PythonRuntime current = runtime;
        if (current == null) {
            throw new RejectedExecutionException("interpreter '" + name + "' is closed");
        }
        return current;
    }

    private interface Work<T> {
        T run();
    }

    private <T> T call(Work<T> work) {
        try {
            return owner.call(() -> {
                try {
                    return work.run();
                } catch (PyException e) {
                    throw runtime().describe(e);
                }
            });
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private CancellationException interrupted() {
        Thread.currentThread().interrupt();
        return new CancellationException("interrupted while waiting for interpreter '" + name + "'");
    }

    @Override
    public String toString() {
        return "Interpreter[" + name + "]";
    }
}
