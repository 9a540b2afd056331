package org.hpyve.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes interpreters and closes those that are still open when it is closed.
 *
 * <p>Any thread may use it. Hosts do not know of each other; the names of interpreters are unique within one host.
 */
public final class InterpreterHost implements AutoCloseable {

    /** What the interpreters of a host have in common. */
    record Settings(List<Path> searchPath, boolean strictText, long stackSize) {}

    private final Settings settings;
    private final ConcurrentHashMap<String, Interpreter> interpreters = new ConcurrentHashMap<>();
    private final AtomicLong serial = new AtomicLong();
    private volatile boolean closed;

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
        Interpreter interpreter = null;
        while (interpreter == null) {
            interpreter = startUnlessTaken("interpreter-" + serial.incrementAndGet());
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
        Interpreter interpreter = startUnlessTaken(name);
        if (interpreter == null) {
            throw new IllegalArgumentException("an interpreter named '" + name + "' is open");
        }
        return interpreter;
    }

    /** Null if an open interpreter has the name. */
    private Interpreter startUnlessTaken(String name) {
        if (closed) {
            throw new IllegalStateException("the host is closed");
        }
        Interpreter interpreter = new Interpreter(name, settings, () -> interpreters.remove(name));
        if (interpreters.putIfAbsent(name, interpreter) != null) {
            return null;
        }
        try {
            interpreter.start();
        } catch (RuntimeException | Error e) {
            interpreters.remove(name);
            throw e;
        }
        if (closed) {
            interpreter.close();
            throw new IllegalStateException("the host is closed");
        }
        return interpreter;
    }

    /** The interpreters that are open now, in no order. */
    public List<Interpreter> interpreters() {
        return List.copyOf(interpreters.values());
    }

    /** Closes all interpreters, side by side, and waits for them. No new one can be made. */
    @Override
    public void close() {
        closed = true;
        List<Interpreter> open = new ArrayList<>(interpreters.values());
        open.forEach(Interpreter::beginClose);
        open.forEach(Interpreter::close);
    }

    /** Describes a host. Not for use by several threads. */
    public static final class Builder {

        private final List<Path> searchPath = new ArrayList<>();
        private boolean strictText;
        private long stackSize = 16L << 20;

        private Builder() {}

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

        /** The stack of an interpreter's thread, in bytes; 16 MiB if not called. */
        public Builder stackSize(long bytes) {
            stackSize = bytes;
            return this;
        }

        /** The host. */
        public InterpreterHost build() {
            return new InterpreterHost(new Settings(List.copyOf(searchPath), strictText, stackSize));
        }
    }
}
