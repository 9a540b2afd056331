package org.hpyve.host;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.bridge.Sharing;
import org.hpyve.host.boundary.Channel;
import org.hpyve.host.boundary.Cleanup;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.RuntimeSettings;
import org.hpyve.host.boundary.StandardStreams;
import org.hpyve.scheduler.MailboxLimits;
import org.hpyve.scheduler.Scheduler;

/**
 * Makes interpreters and closes those that are still open when it is closed.
 *
 * <p>Any thread may use it. Hosts do not know of each other; the names of interpreters are unique within one host.
 */
public final class InterpreterHost implements AutoCloseable {

    /** What the interpreters of a host have in common. */
    record Settings(
            Isolation isolation, RuntimeSettings runtime, Scheduler scheduler, MailboxLimits limits, Duration drain) {}

    private final Settings settings;
    private final InterpreterRegistry registry = new InterpreterRegistry();
    private final AtomicLong serial = new AtomicLong();
    private final Slots slots = new Slots();
    private final HostEvents events = new HostEvents();
    private final InterpreterHooks hooks =
            new InterpreterHooks(self -> new Neighbours(this, registry, self), events::extensionLoading, this::forget);

    /** Guards what follows. */
    private final Object lock = new Object();

    /** The names of interpreters that are being started; they are taken, but nobody sees these interpreters yet. */
    private final Set<String> starting = new HashSet<>();

    private final Map<String, Interpreter> started = new HashMap<>();
    private final Map<String, InterpreterPool> pools = new HashMap<>();
    private boolean poolsClosed;
    private boolean closed;

    private InterpreterHost(Settings settings) {
        this.settings = settings;
    }

    /** A host with the defaults of {@link Builder}. */
    public static InterpreterHost create() {
        return builder().build();
    }

    /** Begins the description of a host. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A new interpreter named {@code interpreter-N}, for the next N whose name is free.
     *
     * @throws IllegalStateException if the host is closed
     */
    public Interpreter newInterpreter() {
        return newInterpreter((Interpreter) null);
    }

    /** One that Python code of another makes, or Java. */
    Interpreter newInterpreter(Interpreter maker) {
        Interpreter interpreter = null;
        while (interpreter == null) {
            interpreter = startUnlessTaken("interpreter-" + serial.incrementAndGet(), maker);
        }
        return interpreter;
    }

    /**
     * A new interpreter, ready for use.
     *
     * @param name for messages and metrics; not empty
     * @throws IllegalArgumentException if an open interpreter of this host has the name
     * @throws IllegalStateException if the host is closed
     */
    public Interpreter newInterpreter(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an interpreter needs a name");
        }
        Interpreter interpreter = startUnlessTaken(name, null);
        if (interpreter == null) {
            throw new IllegalArgumentException("an interpreter named '" + name + "' is open");
        }
        return interpreter;
    }

    /** Null if an open interpreter has the name. */
    private Interpreter startUnlessTaken(String name, Interpreter maker) {
        synchronized (lock) {
            if (closed) {
                throw hostClosed();
            }
            if (started.containsKey(name) || !starting.add(name)) {
                return null;
            }
        }
        Identity identity = registry.newIdentity(maker);
        int slot = slots.take(identity);
        Interpreter interpreter = new Interpreter(name, slot, settings, identity, hooks);
        boolean running = false;
        boolean tooLate;
        try {
            interpreter.start();
            running = true;
        } finally {
            synchronized (lock) {
                starting.remove(name);
                if (running) {
                    events.begin(interpreter);
                    started.put(name, interpreter);
                    registry.add(interpreter);
                }
                tooLate = closed;
                lock.notifyAll();
            }
            if (!running) {
                slots.give(slot, identity);
            }
        }
        events.created(interpreter);
        if (tooLate) {
            IllegalStateException refused = hostClosed();
            try {
                interpreter.close();
            } catch (RuntimeException | Error e) {
                refused.addSuppressed(e);
            }
            throw refused;
        }
        return interpreter;
    }

    private static IllegalStateException hostClosed() {
        return new IllegalStateException("the host is closed");
    }

    /** Called at the end of every interpreter, also of one whose start was given up and whose name is another's now. */
    private void forget(Interpreter interpreter, CloseReport report) {
        synchronized (lock) {
            started.remove(interpreter.name(), interpreter);
        }
        registry.remove(interpreter);
        events.ended(interpreter, report == null ? new CloseReport(List.of(), 0, 0, List.of()) : report);
        slots.give(interpreter.slot(), interpreter.identity());
    }

    /** A new queue without a bound, for the interpreters of this host and for Java. */
    public InterpreterQueue newQueue() {
        return newQueue(0);
    }

    /**
     * A new queue for the interpreters of this host and for Java.
     *
     * @param capacity how many values it holds; 0 for no bound
     */
    public InterpreterQueue newQueue(int capacity) {
        return new InterpreterQueue(registry.newChannel(capacity, Channel.Orphans.REPLACED), registry);
    }

    /** Begins the description of a pool of interpreters of this host, which is closed before the host is. */
    public PoolBuilder pool() {
        return new PoolBuilder(this, settings.drain());
    }

    InterpreterPool open(PoolSettings described) {
        InterpreterPool pool = new InterpreterPool(this, described);
        synchronized (lock) {
            if (poolsClosed) {
                throw hostClosed();
            }
            if (pools.putIfAbsent(pool.name(), pool) != null) {
                throw new IllegalStateException("a pool named '" + pool.name() + "' is open");
            }
        }
        pool.begin(() -> {
            synchronized (lock) {
                pools.remove(pool.name());
            }
        });
        return pool;
    }

    /** Closes the pools, side by side. */
    private void closePools() {
        List<InterpreterPool> open;
        synchronized (lock) {
            poolsClosed = true;
            open = List.copyOf(pools.values());
        }
        open.forEach(InterpreterPool::beginClose);
        open.forEach(InterpreterPool::close);
    }

    /** Has a listener told what becomes of interpreters from now on, including those that are open. */
    public void addListener(HostListener listener) {
        events.add(Objects.requireNonNull(listener, "listener"));
    }

    /** Does not tell the listener any more; calls that are under way go on. */
    public void removeListener(HostListener listener) {
        events.remove(listener);
    }

    /**
     * Whether threads that interpreters share are to measure the CPU time of each, for {@link InterpreterStats#cpuTime}: two
     * system calls whenever a thread turns to an interpreter. Not needed where each has a thread of its own. Off at first;
     * on until it was switched off as often as on, which {@code HpyveMetrics} does, too.
     */
    public void meterCpuTime(boolean on) {
        settings.scheduler().meterCpu(on);
    }

    /** The interpreters that are open now, in no order. */
    public List<Interpreter> interpreters() {
        synchronized (lock) {
            return List.copyOf(started.values());
        }
    }

    /**
     * Closes all pools, and then all interpreters, side by side, and waits for them. No new one can be made; one that is just being made is
     * waited for, closed too, and refused to who asked for it.
     *
     * <p>All are closed even if some fail at that; then the first failure is thrown, with the others as suppressed ones.
     */
    @Override
    public void close() {
        closePools();
        List<Interpreter> open = endStarts();
        open.forEach(Interpreter::beginClose);
        List<Runnable> steps = new ArrayList<>();
        open.forEach(interpreter -> steps.add(interpreter::close));
        steps.add(settings.scheduler()::close);
        steps.add(registry::close);
        Cleanup.runAll(steps);
    }

    /** Refuses further starts, waits for those under way, whatever interrupts say, and returns what is open then. */
    private List<Interpreter> endStarts() {
        boolean interrupted = false;
        List<Interpreter> open;
        synchronized (lock) {
            closed = true;
            while (!starting.isEmpty()) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            open = List.copyOf(started.values());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return open;
    }

    /** Describes a host. Not for use by several threads. */
    public static final class Builder {

        private Isolation isolation = Isolation.SHARED_RUNTIME;
        private final List<Path> searchPath = new ArrayList<>();
        private boolean strictText;
        private BridgeMode bridge;
        private long stackSize = 16L << 20;
        private boolean daemon = true;
        private final Map<String, Sharing> sharing = new HashMap<>();
        private int workers;
        private Limits limits = Limits.NONE;
        private Duration drain = Duration.ofSeconds(30);
        private StandardStreams streams = StandardStreams.OF_PROCESS;
        private Predicate<String> classFilter;
        private HpyMode hpyMode = HpyMode.UNIVERSAL;

        private Builder() {}

        /**
         * Has a number of threads run all interpreters of the host, in the place of one thread for each. An interpreter is
         * then run by one thread after the other, still one at a time.
         *
         * @param threads at least 1
         */
        public Builder workers(int threads) {
            if (threads < 1) {
                throw new IllegalArgumentException("at least one thread is needed, not " + threads);
            }
            workers = threads;
            return this;
        }

        /** What each interpreter may use; {@link Limits#NONE} if not called. */
        public Builder limits(Limits value) {
            limits = Objects.requireNonNull(value, "limits");
            return this;
        }

        /** How long {@link Interpreter#close()} lets tasks go on before it stops them; 30 seconds if not called. */
        public Builder drain(Duration time) {
            drain = Objects.requireNonNull(time, "drain");
            return this;
        }

        /** How far the interpreters are kept apart; {@link Isolation#SHARED_RUNTIME} if not called. */
        public Builder isolation(Isolation level) {
            isolation = Objects.requireNonNull(level, "isolation");
            return this;
        }

        /** Adds a folder to the end of {@code sys.path} of every interpreter. */
        public Builder searchPath(Path folder) {
            searchPath.add(folder.toAbsolutePath());
            return this;
        }

        /** If true, extensions accept only {@code unicode} as text; by default a 7-bit {@code str} is text too. */
        public Builder strictText(boolean strict) {
            strictText = strict;
            return this;
        }

        /**
         * How extensions reach Java. If not called, the system property {@value BridgeMode#PROPERTY} says it when the host
         * is built, and without it {@link BridgeMode#DEFAULT} holds.
         */
        public Builder bridge(BridgeMode mode) {
            bridge = Objects.requireNonNull(mode, "bridge");
            return this;
        }

        /** The stack of a thread that runs interpreters, in bytes; 16 MiB if not called. */
        public Builder stackSize(long bytes) {
            stackSize = bytes;
            return this;
        }

        /**
         * Whether the interpreters' threads are daemons; true if not called. Threads that Python code starts are like
         * the thread that starts them, unless it says otherwise.
         *
         * <p>With true, as servers want it, an interpreter that nobody closed does not keep the JVM from ending, and
         * closing an interpreter does not wait for the threads of its code, except for those that were made
         * non-daemons. With false an interpreter ends like a program: closing it first waits, without limit, for all
         * threads of the module {@code threading} that are no daemons, and then runs exit functions.
         */
        public Builder daemon(boolean value) {
            daemon = value;
            return this;
        }

        /**
         * Has one image of an extension serve all interpreters: its C variables are then theirs in common, and its code
         * runs on several threads at once. Without this each interpreter has an image of its own, unless the extension
         * itself asks for one for all.
         *
         * @param module its full name, such as {@code package.module}
         */
        public Builder shareImage(String module) {
            sharing.put(module, Sharing.SHARED);
            return this;
        }

        /**
         * Has each interpreter get an image of its own, also if the extension asks for one for all.
         *
         * @param module its full name, such as {@code package.module}
         */
        public Builder privateImage(String module) {
            sharing.put(module, Sharing.PRIVATE);
            return this;
        }

        /**
         * Sends what the interpreters print to a stream, a {@code str} as its bytes and a {@code unicode} in UTF-8. It is
         * flushed with each line and at the end of each task, and not closed; what it throws is an {@code IOError} in
         * Python. Without this they print to the process's standard output, as C code does in any case.
         */
        public Builder stdout(OutputStream stream) {
            Objects.requireNonNull(stream, "stream");
            return stdout(name -> stream);
        }

        /**
         * Sends what each interpreter prints to a stream of its own.
         *
         * @param streams makes the stream of an interpreter by its name, on the thread that makes the interpreter
         */
        public Builder stdout(Function<String, OutputStream> streams) {
            this.streams = new StandardStreams(
                    this.streams.in(), Objects.requireNonNull(streams, "streams"), this.streams.err());
            return this;
        }

        /** The same for standard error, which is flushed at once. */
        public Builder stderr(OutputStream stream) {
            Objects.requireNonNull(stream, "stream");
            return stderr(name -> stream);
        }

        /** The same for standard error, with a stream for each interpreter. */
        public Builder stderr(Function<String, OutputStream> streams) {
            this.streams = new StandardStreams(
                    this.streams.in(), this.streams.out(), Objects.requireNonNull(streams, "streams"));
            return this;
        }

        /** Where {@code sys.stdin} and {@code raw_input} read from, all interpreters the same. */
        public Builder stdin(InputStream stream) {
            Objects.requireNonNull(stream, "stream");
            return stdin(name -> stream);
        }

        /** Where {@code sys.stdin} and {@code raw_input} of an interpreter read from, by its name. */
        public Builder stdin(Function<String, InputStream> streams) {
            this.streams = new StandardStreams(
                    Objects.requireNonNull(streams, "streams"), this.streams.out(), this.streams.err());
            return this;
        }

        /**
         * Says which Java classes Python code may import, find or make, by their names; all if not called. One that is
         * refused is an {@code ImportError} that names it, and with any filter there is no reflection and no class loader.
         * What Python's standard library is built on it may use. A filter, no sandbox: Python's own functions, such as
         * {@code open}, are not concerned, and what an allowed class does and returns is not either.
         *
         * @param allowed asked at least once for each class that Python code comes to, on any thread
         */
        public Builder classFilter(Predicate<String> allowed) {
            classFilter = Objects.requireNonNull(allowed, "allowed");
            return this;
        }

        /** How extensions are treated; {@link HpyMode#UNIVERSAL} if not called, the only one that this version has. */
        public Builder hpyMode(HpyMode mode) {
            hpyMode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * The host.
         *
         * @throws IllegalArgumentException if this Java has not the bridge that is asked for
         * @throws IllegalStateException if the program has used Jython before, and interpreters are to share it
         * @throws UnsupportedOperationException if another mode of HPy is asked for than this version has
         */
        public InterpreterHost build() {
            if (hpyMode != HpyMode.UNIVERSAL) {
                throw new UnsupportedOperationException(
                        "HPy mode " + hpyMode + " is not supported: this version has UNIVERSAL only");
            }
            BridgeMode mode = (bridge == null ? BridgeMode.byDefault() : bridge).resolved();
            PythonRuntimes.prepare(isolation);
            RuntimeSettings runtime = new RuntimeSettings(
                    List.copyOf(searchPath),
                    strictText,
                    mode,
                    !daemon,
                    Map.copyOf(sharing),
                    streams,
                    classFilter,
                    limits.openHandles(),
                    limits.nativeBytes());
            Scheduler.Builder scheduler =
                    Scheduler.builder().stackSize(stackSize).daemon(daemon);
            if (workers > 0) {
                scheduler.workers(workers);
            }
            return new InterpreterHost(
                    new Settings(isolation, runtime, scheduler.build(), limits.ofMailbox(!daemon), drain));
        }
    }
}
