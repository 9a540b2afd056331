package org.hpyve.host;

import java.time.Duration;
import java.util.Objects;
import org.hpyve.host.boundary.Channel;
import org.hpyve.scheduler.MessageQueue;

/**
 * A queue between the interpreters of a host, and between them and threads of Java: first in, first out, with or without a
 * bound. Any thread may put and take; none polls while it waits.
 *
 * <p>Python code sees it as {@code interpreters.Queue}, with the same {@link #id}; {@link Interpreter#set} gives it to an
 * interpreter. Values are converted as those of {@link Interpreter#eval} and {@link Interpreter#set} are; lists, dicts and
 * sets are copied when they are put. What Python code has put and Java has no form for comes as an object that can only be
 * put into a queue again.
 *
 * <p>A value that was put by an interpreter that is closed before somebody takes it is replaced: {@link #UNBOUND}, unless
 * the Python code that made the queue or put the value has said otherwise.
 */
public final class InterpreterQueue implements AutoCloseable {

    /** What is taken in the place of a value of an interpreter that is closed. */
    public static final Object UNBOUND = Channel.UNBOUND;

    private final Channel channel;
    private final InterpreterRegistry registry;

    InterpreterQueue(Channel channel, InterpreterRegistry registry) {
        this.channel = channel;
        this.registry = registry;
    }

    /** Its number, unique among the queues of its host. */
    public long id() {
        return channel.id();
    }

    /** How many values it holds at most; 0 for no bound. */
    public int capacity() {
        return channel.capacity();
    }

    /** The number of values in it; an estimate while others use it. */
    public int size() {
        return channel.size();
    }

    /**
     * Puts a value at the end and waits for room.
     *
     * @throws IllegalArgumentException if the value has no Python form; {@link JavaObject} gives one to any object
     * @throws org.hpyve.scheduler.ClosedQueueException if the queue is closed, also while waiting
     */
    public void put(Object value) throws InterruptedException {
        boolean unused = put(value, MessageQueue.FOREVER);
    }

    /**
     * Puts a value at the end and waits for room.
     *
     * @return false if it was full all the time
     */
    public boolean put(Object value, Duration wait) throws InterruptedException {
        return put(value, wait.toNanos());
    }

    /**
     * Puts a value at the end if there is room at once.
     *
     * @return false if it is full
     */
    public boolean offer(Object value) {
        try {
            return put(value, 0);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted without waiting", e);
        }
    }

    private boolean put(Object value, long nanos) throws InterruptedException {
        return channel.put(JavaParcels.pack(value, registry), null, null, nanos);
    }

    /**
     * Takes the first value and waits for one.
     *
     * @throws org.hpyve.scheduler.ClosedQueueException if the queue is closed and empty, also while waiting
     * @throws IllegalStateException in the place of a value of a closed interpreter that is to be an error
     */
    public Object take() throws InterruptedException {
        return value(channel.take(MessageQueue.FOREVER));
    }

    /**
     * Takes the first value and waits for one.
     *
     * @param empty what to return if there was none all the time; None comes as null
     */
    public Object poll(Duration wait, Object empty) throws InterruptedException {
        Object parcel = channel.take(wait.toNanos());
        return parcel == null ? empty : value(parcel);
    }

    /** The same, with null if there was none. */
    public Object poll(Duration wait) throws InterruptedException {
        return poll(wait, null);
    }

    private Object value(Object parcel) {
        if (parcel == Channel.ERROR) {
            throw new IllegalStateException("the interpreter that has put the value is closed");
        }
        return parcel == UNBOUND ? UNBOUND : JavaParcels.unpack(parcel, registry);
    }

    /** Takes no further values, and wakes all who wait; what is in it can be taken. Closing the host does the same. */
    @Override
    public void close() {
        channel.close();
    }

    /** @throws IllegalArgumentException if the host is another one */
    Channel channel(InterpreterRegistry of) {
        if (of != registry) {
            throw new IllegalArgumentException(this + " belongs to another host");
        }
        return channel;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InterpreterQueue queue && queue.channel == channel;
    }

    @Override
    public int hashCode() {
        return Objects.hash(channel);
    }

    @Override
    public String toString() {
        return "InterpreterQueue[" + id() + "]";
    }
}
