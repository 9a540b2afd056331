package org.hpyve.host;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hpyve.host.boundary.HostSide;
import org.hpyve.host.boundary.PythonRuntime;
import org.hpyve.scheduler.OwnerThread;
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

    /** References that were given away; touched by the owner thread only. */
    private final Set<PythonReference> references = Collections.newSetFromMap(new WeakHashMap<>());

    private volatile OwnerThread owner;

    /** Null after the end, so that who keeps a closed interpreter does not keep its objects. */
    private volatile PythonRuntime runtime;

    /** The last counts; null before the end. */
    private volatile InterpreterStats finalStats;

    private volatile CloseReport report;

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
                        runtime = PythonRuntimes.create(new Side(), settings);
                        return null;
                    });
            OpenRuntimes.add(runtime);
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
        return current == null ? finalStats : current.stats();
    }

    /** How far the interpreter is isolated from others. */
    public Isolation isolation() {
        return settings.isolation();
    }

    /** Runs Python statements in {@code __main__}. */
    public void exec(String source) {
        act(() -> runtime().exec(source, "<exec>"));
    }

    /**
     * Runs a file as {@code python FILE ARGUMENTS} would: as {@code __main__}, with {@code sys.argv}, its folder first on
     * {@code sys.path}.
     */
    public void run(Path script, List<String> arguments) {
        act(() -> runtime().run(script, arguments));
    }

    /**
     * The value of a Python expression in {@code __main__}.
     *
     * @return None as null, bool, int as Integer, Long or BigInteger, float as Double, unicode and 7-bit str as String,
     *     other str as byte[], list and tuple as List, dict as Map, set as Set, all copied; everything else as a
     *     {@link PythonReference}
     */
    public Object eval(String expression) {
        return ask(() -> runtime().eval(expression));
    }

    /** Sets a variable of {@code __main__}. */
    public void set(String variable, Object value) {
        act(() -> runtime().set(variable, value));
    }

    /**
     * The value of a variable of {@code __main__}.
     *
     * @throws PythonException NameError if there is none
     */
    public Object get(String variable) {
        return ask(() -> runtime().get(variable));
    }

    /**
     * Calls a function.
     *
     * @param function a variable of {@code __main__}, or an expression with dots such as {@code module.function}
     */
    public Object call(String function, Object... arguments) {
        return ask(() -> runtime().call(function, arguments));
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

    /**
     * What was left of the interpreter when it was closed.
     *
     * @throws IllegalStateException if it is not closed yet
     */
    public CloseReport closeReport() {
        CloseReport current = report;
        if (current == null) {
            throw new IllegalStateException("interpreter '" + name + "' is not closed yet");
        }
        return current;
    }

    private Void release() {
        PythonRuntime current = runtime;
        try {
            CloseReport left = current.close();
            report = left;
            if (!left.clean()) {
                LOG.warn("interpreter '{}' was closed and left {}", name, left);
            }
        } finally {
            finalStats = current.stats();
            runtime = null;
            OpenRuntimes.remove(current);
            references.forEach(PythonReference::release);
            references.clear();
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

    /** What the Python side may ask. */
    private final class Side implements HostSide {

        @Override
        public String name() {
            return name;
        }

        @Override
        public Isolation isolation() {
            return Interpreter.this.isolation();
        }

        @Override
        public InterpreterStats stats() {
            return Interpreter.this.stats();
        }

        @Override
        public PythonReference refer(Object object, String typeName) {
            PythonReference reference = new PythonReference(Interpreter.this, object, typeName);
            references.add(reference);
            return reference;
        }

        @Override
        public Object resolve(PythonReference reference) {
            if (reference.interpreter() != Interpreter.this) {
                throw new IllegalArgumentException(reference + " cannot be used in interpreter '" + name + "'");
            }
            return reference.object();
        }
    }

    private void act(Runnable work) {
        ask(() -> {
            work.run();
            return null;
        });
    }

    private <T> T ask(Supplier<T> work) {
        try {
            return owner.call(work::get);
        } catch (PythonException e) {
            e.raisedHere();
            throw e;
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
