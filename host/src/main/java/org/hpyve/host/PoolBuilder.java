package org.hpyve.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Describes a pool: {@link InterpreterHost#pool}. Not for use by several threads. */
public final class PoolBuilder {

    /** When the health check is made. */
    public enum When {
        /** Before an interpreter that was idle is given out; whoever gets it waits for that. */
        BEFORE_USE,
        /** After an interpreter was returned, and before it is idle. */
        AFTER_USE
    }

    private final InterpreterHost host;
    private String name = "pool";
    private int minIdle;
    private int max = Runtime.getRuntime().availableProcessors();
    private int maxPending = Integer.MAX_VALUE;
    private Duration acquireTimeout = Duration.ofSeconds(30);
    private long uses = Long.MAX_VALUE;
    private Duration age;
    private long leakedHandles = Long.MAX_VALUE;
    private long nativeBytes = Long.MAX_VALUE;
    private boolean recycleAfterTimeout;
    private Duration idleTime;
    private Consumer<Interpreter> warmUp = interpreter -> {};
    private Duration warmUpTime = Duration.ofSeconds(60);
    private Predicate<Interpreter> check;
    private When checkWhen = When.AFTER_USE;
    private Duration checkTime = Duration.ofSeconds(2);
    private boolean freshGlobals;
    private Duration drain;
    private PoolListener listener = new PoolListener() {};

    PoolBuilder(InterpreterHost host, Duration drain) {
        this.host = host;
        this.drain = drain;
    }

    /**
     * The name of the pool, in its host unique among the open ones; {@code pool} if not called. Its interpreters are {@code
     * NAME-1} to {@code NAME-MAX}, and a new one gets a name that is free.
     */
    public PoolBuilder name(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a pool needs a name");
        }
        name = value;
        return this;
    }

    /** The most interpreters, from 1; if not called, as many as there are processors. */
    public PoolBuilder max(int interpreters) {
        if (interpreters < 1) {
            throw new IllegalArgumentException("a pool has at least one interpreter, not " + interpreters);
        }
        max = interpreters;
        return this;
    }

    /** How many interpreters are kept ready, beside those in use, as long as there are less than the most; 0 if not called. */
    public PoolBuilder minIdle(int interpreters) {
        if (interpreters < 0) {
            throw new IllegalArgumentException("a negative number of interpreters");
        }
        minIdle = interpreters;
        return this;
    }

    /**
     * How many callers may wait for an interpreter, beside those for whom one can be made; one more gets {@link PoolFull}.
     * Any number if not called.
     */
    public PoolBuilder maxPending(int callers) {
        if (callers < 0) {
            throw new IllegalArgumentException("a negative number of callers");
        }
        maxPending = callers;
        return this;
    }

    /** How long a caller waits for an interpreter until it gets {@link PoolTimeout}; 30 seconds if not called. */
    public PoolBuilder acquireTimeout(Duration time) {
        acquireTimeout = checked("acquireTimeout", time);
        return this;
    }

    /** Closes an interpreter that was used so often; a task or a lease is one use. */
    public PoolBuilder recycleAfterUses(long most) {
        if (most < 1) {
            throw new IllegalArgumentException("an interpreter is used at least once");
        }
        uses = most;
        return this;
    }

    /** Closes an interpreter that is so old, or up to a tenth less, when it is not in use. */
    public PoolBuilder recycleAfterAge(Duration most) {
        age = checked("age", most);
        return this;
    }

    /** Closes an interpreter in which, after a use, more handles are open than before the first one, by more than so many. */
    public PoolBuilder recycleAfterLeakedHandles(long most) {
        leakedHandles = most;
        return this;
    }

    /** Closes an interpreter whose extensions hold more native memory after a use, in bytes. */
    public PoolBuilder recycleAfterNativeBytes(long most) {
        nativeBytes = most;
        return this;
    }

    /**
     * Whether an interpreter is closed after one of its tasks was stopped for its time; if not called it is kept, as it can
     * be used like after any other exception. Code that was in the middle of changing something may have left it half done.
     */
    public PoolBuilder recycleAfterTimeout(boolean recycle) {
        recycleAfterTimeout = recycle;
        return this;
    }

    /** Closes an interpreter that was idle for so long, as long as more than {@link #minIdle} are. Never if not called. */
    public PoolBuilder idleTime(Duration most) {
        idleTime = checked("idleTime", most);
        return this;
    }

    /** Runs statements in each new interpreter before its first use. */
    public PoolBuilder warmUp(String source) {
        Objects.requireNonNull(source, "source");
        return warmUp(interpreter -> interpreter.exec(source));
    }

    /** Runs a file in each new interpreter before its first use, as {@link PythonCalls#run} does. */
    public PoolBuilder warmUp(Path script) {
        Path absolute = script.toAbsolutePath();
        return warmUp(interpreter -> interpreter.run(absolute, List.of()));
    }

    /**
     * Does something with each new interpreter before its first use, in a task of the interpreter. If that fails, the
     * interpreter is closed, the listener told, and another one made after a while, which becomes longer with each failure.
     */
    public PoolBuilder warmUp(Consumer<Interpreter> work) {
        warmUp = Objects.requireNonNull(work, "warmUp");
        return this;
    }

    /** How long the warm-up may take; 60 seconds if not called. */
    public PoolBuilder warmUpTime(Duration most) {
        warmUpTime = checked("warmUpTime", most);
        return this;
    }

    /** Closes an interpreter in which a Python expression is not true, or raises. */
    public PoolBuilder healthCheck(String expression) {
        Objects.requireNonNull(expression, "expression");
        return healthCheck(interpreter -> Boolean.TRUE.equals(interpreter.eval("bool((\n" + expression + "\n))")));
    }

    /** Closes an interpreter for which this, in one of its tasks, is not true, or throws. */
    public PoolBuilder healthCheck(Predicate<Interpreter> healthy) {
        check = Objects.requireNonNull(healthy, "check");
        return this;
    }

    /** When the health check is made; {@link When#AFTER_USE} if not called. */
    public PoolBuilder checkWhen(When when) {
        checkWhen = Objects.requireNonNull(when, "when");
        return this;
    }

    /** How long the health check may take; 2 seconds if not called. */
    public PoolBuilder checkTime(Duration most) {
        checkTime = checked("checkTime", most);
        return this;
    }

    /**
     * Whether variables of {@code __main__} are, after each use, what they were after the warm-up; if not called they stay,
     * as in any interpreter that goes on running. Only the variables: what changed in modules and in objects stays.
     */
    public PoolBuilder freshGlobals(boolean fresh) {
        freshGlobals = fresh;
        return this;
    }

    /** How long {@link InterpreterPool#close()} lets users go on; if not called, as long as the host has for that. */
    public PoolBuilder drain(Duration time) {
        drain = checked("drain", time);
        return this;
    }

    /** Is told what happens. */
    public PoolBuilder listener(PoolListener value) {
        listener = Objects.requireNonNull(value, "listener");
        return this;
    }

    private static Duration checked(String what, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(what + " is negative: " + time);
        }
        return time;
    }

    /**
     * The pool, which begins to make the interpreters that are to be ready. It does not wait for them.
     *
     * @throws IllegalArgumentException if more interpreters are to be idle than there may be
     * @throws IllegalStateException if the host is closed, or has an open pool of that name
     */
    public InterpreterPool build() {
        if (minIdle > max) {
            throw new IllegalArgumentException(minIdle + " idle interpreters in a pool of " + max);
        }
        PoolSettings settings = new PoolSettings(
                name,
                minIdle,
                max,
                maxPending,
                acquireTimeout,
                uses,
                age,
                leakedHandles,
                nativeBytes,
                recycleAfterTimeout,
                idleTime,
                warmUp,
                warmUpTime,
                check,
                checkWhen,
                checkTime,
                freshGlobals,
                drain,
                listener);
        return host.open(settings);
    }
}
