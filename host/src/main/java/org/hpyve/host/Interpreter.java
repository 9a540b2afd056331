package org.hpyve.host;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.hpyve.host.boundary.HostSide;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.Peers;
import org.hpyve.host.boundary.PythonRuntime;
import org.hpyve.scheduler.Mailbox;
import org.hpyve.scheduler.Resident;
import org.hpyve.scheduler.Stuck;
import org.hpyve.scheduler.TaskStats;
import org.hpyve.scheduler.TaskTimeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An isolated Python interpreter with its own modules, its own HPy context and its own images of extensions.
 *
 * <p>Every method may be called from any thread. Python code runs on the interpreter's own thread, or on one of those that
 * its host's interpreters share, one piece at a time; the caller waits, or gets a future from {@link #submit}. In a task of
 * the interpreter calls run at once.
 */
public final class Interpreter extends PythonCalls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Interpreter.class);

    /** How long finalizers may run when no task does; nobody waits for them, and there may be no other limit. */
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private final String name;
    private final int slot;
    private final InterpreterHost.Settings settings;
    private final Identity identity;
    private final InterpreterHooks hooks;

    /** References that were given away, also by threads that Python code started. */
    private final Set<PythonReference> references =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile Mailbox mailbox;

    /** Null after the end, so that who keeps a closed interpreter does not keep its objects. */
    private volatile PythonRuntime runtime;

    /** The last counts; null before the end. */
    private volatile ExtensionStats finalStats;

    private volatile CloseReport report;
    private final InterpreterEvent life = InterpreterEvent.started();

    Interpreter(String name, int slot, InterpreterHost.Settings settings, Identity identity, InterpreterHooks hooks) {
        this.name = name;
        this.slot = slot;
        this.settings = settings;
        this.identity = identity;
        this.hooks = hooks;
    }

    void start() {
        CreatedEvent creation = CreatedEvent.started();
        try {
            Mailbox started = settings.scheduler()
                    .mailbox(name, new Life())
                    .limits(settings.limits())
                    .start(() -> {
                        mailbox = Mailbox.current();
                        runtime = PythonRuntimes.create(new Side(), settings.runtime());
                        return null;
                    });
            mailbox = started;
            OpenRuntimes.add(runtime);
            creation.over(this);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** The interpreter whose task runs on the calling thread; {@code null} if there is none. */
    public static Interpreter current() {
        Mailbox current = Mailbox.current();
        return current != null && current.resident() instanceof Life life ? life.interpreter() : null;
    }

    /** The name, unique among the open interpreters of its host. */
    public String name() {
        return name;
    }

    /** Its number, unique in its host and never used again; {@code id} in Python's module {@code interpreters}. */
    public long id() {
        return identity.id();
    }

    /**
     * The lowest number that no other open interpreter of the host had when it was made. As soon as it is closed another may
     * get it, so that metrics can name interpreters by it without names that grow in number.
     */
    public int slot() {
        return slot;
    }

    Identity identity() {
        return identity;
    }

    /** The thread that runs this interpreter now, or ran it last. */
    public Thread thread() {
        return mailbox.thread();
    }

    /** What the interpreter has done and holds; also after it was closed. */
    public InterpreterStats stats() {
        return new InterpreterStats(extensionStats(), taskStats(), cpuTime(), waiting());
    }

    /** Its {@link InterpreterStats#tasks}. */
    public TaskStats taskStats() {
        return mailbox.tasks();
    }

    /** Its {@link InterpreterStats#cpuTime}. */
    public Duration cpuTime() {
        return Duration.ofNanos(mailbox.cpuNanos());
    }

    /** Its {@link InterpreterStats#extensions}. */
    public ExtensionStats extensionStats() {
        PythonRuntime current = runtime;
        // The last counts are there before the runtime goes.
        return current == null ? finalStats : current.stats();
    }

    /** From the next call on, notes which calls of extensions leave handles open, see {@link #leaks}, or stops that. */
    public void traceLeaks(boolean on) {
        runtime().traceLeaks(on);
    }

    /** Is {@link #traceLeaks} on? */
    public boolean isTracingLeaks() {
        PythonRuntime current = runtime;
        return current != null && current.isTracingLeaks();
    }

    /** How far the interpreter is isolated from others. */
    public Isolation isolation() {
        return settings.isolation();
    }

    /** The same calls with a deadline: from each call until its code has to be over. */
    public PythonCalls within(Duration deadline) {
        return new DeadlineCalls(this, Objects.requireNonNull(deadline, "deadline"));
    }

    /**
     * Does several things in one task, between which no other comes, and waits for it; at once in a task of this
     * interpreter.
     *
     * @return what the task returns
     */
    public <T> T perform(Function<Interpreter, T> task) {
        Objects.requireNonNull(task, "task");
        return ask(runtime -> task.apply(this));
    }

    /**
     * Queues a task and returns at once, unless the mailbox is full and the limits say to wait. In the task, calls of this
     * interpreter run at once.
     *
     * @return the task's result; it may be cancelled, with {@code true} also while it runs. A {@link
     *     RejectedExecutionException} if the interpreter is closed, a {@link org.hpyve.scheduler.MailboxFull} if too many
     *     tasks wait
     */
    public <T> CompletableFuture<T> submit(Function<Interpreter, T> task) {
        return submit(task, null);
    }

    /**
     * The same with a deadline.
     *
     * @param deadline from now until the task has to be over. One that waits longer never begins, one that runs longer is
     *     stopped; both end with a {@link TaskTimeout}
     */
    public <T> CompletableFuture<T> submit(Function<Interpreter, T> task, Duration deadline) {
        Objects.requireNonNull(task, "task");
        return mailbox.submit(() -> task.apply(this), deadline);
    }

    /** Raises {@code KeyboardInterrupt} in the Python code that runs now, which may catch it; without any, does nothing. */
    public void interrupt() {
        mailbox.interrupt();
    }

    /** The number of tasks that wait. */
    public int waiting() {
        return mailbox.depth();
    }

    /** Whether a task runs now. */
    public boolean isRunning() {
        return mailbox.isRunning();
    }

    /** Whether no task runs or waits, and no finalizer runs between tasks. */
    public boolean isAtRest() {
        return mailbox.isAtRest();
    }

    /** Whether the calling thread runs a finalizer of this interpreter, between tasks. */
    boolean isBetweenTasks() {
        return mailbox.isCurrent() && !mailbox.isRunning();
    }

    /** Has {@link #close} been called, or the interpreter been given up? */
    public boolean isClosed() {
        return mailbox.isClosed();
    }

    /** Notes the variables of {@code __main__}. */
    void keepVariables() {
        act(PythonRuntime::keepVariables);
    }

    /** Gives {@code __main__} the variables that were noted. */
    void restoreVariables() {
        act(PythonRuntime::restoreVariables);
    }

    /** Cancels tasks that wait, stops the one that runs. */
    void cancelAll() {
        mailbox.cancelAll();
    }

    /** How many tasks were stopped so far because their time was over. */
    long timeouts() {
        return mailbox.timeouts();
    }

    /** What the interpreter was given up for; null if it was not. */
    Stuck stuck() {
        return mailbox.stuck();
    }

    /** {@link #close(Duration)} that only asks; completes when the interpreter is closed or given up. */
    CompletableFuture<Void> closeAsync(Duration drain) {
        return mailbox.closeAsync(drain);
    }

    /** Asks for {@link #close} and does not wait. */
    void beginClose() {
        // How it ends is told to those who wait, by close().
        CompletableFuture<Void> unused = mailbox.closeAsync(settings.drain());
    }

    /** {@link #close(Duration)} with the time that the host has for it. */
    @Override
    public void close() {
        close(settings.drain());
    }

    /**
     * Accepts no more tasks, finishes those that wait, runs Python's exit functions, destroys native objects, releases the
     * context and closes the images. What of this extensions left open is logged.
     *
     * <p>Waits for all that, except in a task of this interpreter, where it only asks for it. When the time is over, tasks
     * that wait are cancelled and the one that runs is stopped. Code that cannot be stopped is given up after the limits'
     * patience, with the interpreter: {@link #closeReport} says where it is.
     *
     * @param drain how long tasks may go on
     */
    public void close(Duration drain) {
        mailbox.close(drain);
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

    /** What the scheduler does with this interpreter. */
    private final class Life implements Resident {

        private Interpreter interpreter() {
            return Interpreter.this;
        }

        @Override
        public void enter() {
            PythonRuntime current = runtime;
            if (current != null) {
                current.enter();
            }
        }

        @Override
        public void leave() {
            PythonRuntime current = runtime;
            if (current != null) {
                current.leave();
            }
        }

        @Override
        public void begin() {
            PythonRuntime current = runtime;
            if (current != null) {
                long unused = current.begin();
            }
        }

        @Override
        public void end() {
            PythonRuntime current = runtime;
            if (current != null) {
                current.end();
            }
        }

        @Override
        public void stop(String why, boolean insist) {
            PythonRuntime current = runtime;
            if (current != null) {
                // Whatever runs: the scheduler asks only while the task does that it wants to end.
                boolean unused = current.stop(0, why, insist);
            }
        }

        @Override
        public void interrupt() {
            PythonRuntime current = runtime;
            if (current != null) {
                boolean unused = current.interrupt();
            }
        }

        @Override
        public void abandoned(Stuck stuck) {
            PythonRuntime current = runtime;
            if (current == null) {
                // It has come back at the last moment.
                return;
            }
            ExtensionStats last = current.stats();
            LOG.error(
                    "interpreter '{}' is given up: {}; thread '{}' is at {}",
                    name,
                    stuck.reason(),
                    stuck.thread(),
                    stuck.stack());
            ended(new CloseReport(List.of(), 0, last.nativeBytes(), List.of(), stuck, List.of()), last);
        }

        @Override
        public void close() {
            PythonRuntime current = runtime;
            try {
                CloseReport left = current.close();
                if (!left.clean()) {
                    LOG.warn("interpreter '{}' was closed and left {}", name, left);
                }
                ended(left, current.stats());
            } finally {
                ended(null, current.stats());
                runtime = null;
                OpenRuntimes.remove(current);
                synchronized (references) {
                    references.forEach(PythonReference::release);
                    references.clear();
                }
            }
        }
    }

    /** The interpreter is closed or given up; the first report counts. Called by the thread that runs it, or the watch. */
    private synchronized void ended(CloseReport left, ExtensionStats last) {
        if (finalStats == null) {
            report = left;
            finalStats = last;
            life.over(this, left, last);
            hooks.closed().accept(this, left);
        }
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

        /** That of the interpreter's own thread, in which is also what Python code has Java start. */
        @Override
        public ThreadGroup threadGroup() {
            return mailbox.hasOwnThread() ? Thread.currentThread().getThreadGroup() : null;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Isolation isolation() {
            return Interpreter.this.isolation();
        }

        @Override
        public void post(Runnable work) {
            // Where nothing is taken any more, nothing is to be done.
            mailbox.keepUp(work, BETWEEN);
        }

        @Override
        public ExtensionStats stats() {
            return extensionStats();
        }

        @Override
        public void extensionLoading(String module) {
            hooks.extensionLoading().accept(Interpreter.this, module);
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

        @Override
        public Object proxy(PythonReference reference, Class<?> type, boolean function) {
            return InterfaceProxy.of(reference, type, function);
        }

        @Override
        public PythonReference proxied(Object value) {
            PythonReference target = InterfaceProxy.target(value);
            return target != null && target.interpreter() == Interpreter.this ? target : null;
        }

        @Override
        public Peers peers() {
            return hooks.peers().apply(Interpreter.this);
        }
    }

    @Override
    <T> T ask(Function<PythonRuntime, T> work) {
        return ask(work, null);
    }

    <T> T ask(Function<PythonRuntime, T> work, Duration deadline) {
        try {
            return mailbox.call(() -> work.apply(runtime()), deadline);
        } catch (PythonException | TaskTimeout e) {
            PythonException.raisedHere(e);
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
