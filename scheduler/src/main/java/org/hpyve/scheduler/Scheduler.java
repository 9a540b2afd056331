package org.hpyve.scheduler;

import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs mailboxes: each on a thread of its own, or all on a number of threads, where each has a home thread and idle threads
 * help busy ones. Mailboxes share no lock while they run.
 *
 * <p>Any thread may use it.
 */
public final class Scheduler implements AutoCloseable {

    private static final AtomicInteger SERIAL = new AtomicInteger();

    /**
     * What threads are to be like.
     *
     * @param stackSize in bytes; 0 for the JVM's default
     * @param daemon whether the JVM may end while they live
     * @param loader their context class loader
     */
    record Threads(long stackSize, boolean daemon, ClassLoader loader) {}

    private final String name;
    private final Threads threads;
    private final Watch watch;

    /** Null where each mailbox has a thread of its own. */
    private final Workers shared;

    private volatile boolean closed;

    private Scheduler(Builder builder) {
        name = builder.name;
        threads = new Threads(builder.stackSize, builder.daemon, builder.loader);
        String suffix = "-" + SERIAL.incrementAndGet();
        watch = new Watch(name + "-watch" + suffix);
        shared = builder.workers == 0 ? null : new Workers(name + "-worker" + suffix, builder.workers, true, threads);
    }

    /** Begins the description of a scheduler. */
    public static Builder builder() {
        return new Builder();
    }

    /** Begins the description of a mailbox. */
    public MailboxBuilder mailbox(String mailboxName, Resident resident) {
        return new MailboxBuilder(this, mailboxName, resident);
    }

    /**
     * Runs something that may wait for long, such as for what other mailboxes do. On a thread that many mailboxes share,
     * another takes its place if it is needed; on other threads this only runs it.
     */
    public static <T, E extends Exception> T blocking(Action<? extends T, ? extends E> wait)
            throws E, InterruptedException {
        return Waiting.<T, E>blocking(wait::run);
    }

    /**
     * Whether shared threads are to measure the CPU time of each mailbox, which costs two system calls whenever a thread
     * turns to one. That of mailboxes with threads of their own is known in any case. On until it was switched off as often
     * as on.
     */
    public void meterCpu(boolean on) {
        if (shared != null) {
            shared.meterCpu(on);
        }
    }

    Mailbox open(String mailboxName, Resident resident, MailboxLimits limits) {
        Workers workers = shared != null ? shared : new Workers(name + "-" + mailboxName, 1, false, threads);
        if (closed || !workers.add()) {
            throw new RejectedExecutionException("the scheduler is closed");
        }
        Mailbox mailbox = new Mailbox(mailboxName, resident, workers, watch, limits);
        watch.add(mailbox);
        return mailbox;
    }

    /**
     * Opens no mailbox any more, and ends the threads when the last one has ended. If that is so already, waits for the
     * threads, unless the caller is one of them.
     */
    @Override
    public void close() {
        closed = true;
        if (shared != null) {
            shared.end();
        }
        watch.end();
        if (!(Thread.currentThread() instanceof Worker)) {
            if (shared != null) {
                shared.join();
            }
            watch.join();
        }
    }

    /** Describes a scheduler. For use by one thread at a time. */
    public static final class Builder {

        /**
         * 16 MiB. Python recursion to Jython's limit of 1,000 calls, by way of attribute hooks, operators or sort keys,
         * was measured to need up to 1.5 MiB when the JVM interprets it. The rest is for the frames of extensions and of
         * JNI in between, which the recursion limit does not count, and for programs that raise the limit. The size is
         * an address range: only pages that were touched take memory.
         */
        public static final long DEFAULT_STACK_SIZE = 16L << 20;

        private String name = "hpyve";
        private int workers;
        private long stackSize = DEFAULT_STACK_SIZE;
        private boolean daemon = true;
        private ClassLoader loader = Thread.currentThread().getContextClassLoader();

        private Builder() {}

        /** What the names of threads begin with; {@code hpyve} if not called. */
        public Builder name(String prefix) {
            name = Objects.requireNonNull(prefix, "name");
            return this;
        }

        /** Each mailbox has a thread of its own. The default. */
        public Builder dedicated() {
            workers = 0;
            return this;
        }

        /**
         * All mailboxes share threads, which are started when they are needed.
         *
         * @param count at least 1
         */
        public Builder workers(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("at least one thread is needed, not " + count);
            }
            workers = count;
            return this;
        }

        /**
         * Sets the stack size of threads; {@link #DEFAULT_STACK_SIZE} if not called.
         *
         * @param bytes greater than 0, which the JVM rounds up to whole pages, or 0 for the JVM's own default
         * @throws IllegalArgumentException if negative
         */
        public Builder stackSize(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("negative stack size: " + bytes);
            }
            stackSize = bytes;
            return this;
        }

        /**
         * Whether the JVM may end while threads live; true if not called, so that a mailbox which nobody closed does not
         * keep a finished program from ending.
         */
        public Builder daemon(boolean value) {
            daemon = value;
            return this;
        }

        /** Sets the context class loader of threads; that of the thread that made this builder if not called. */
        public Builder contextClassLoader(ClassLoader value) {
            loader = value;
            return this;
        }

        /** The scheduler, which has no thread yet. */
        public Scheduler build() {
            return new Scheduler(this);
        }
    }
}
