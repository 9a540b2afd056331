package org.hpyve.host;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.hpyve.host.boundary.Channel;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.NoInterpreter;

/** The interpreters and the queues of a host by their numbers. Any thread; no locks. */
final class InterpreterRegistry {

    private final AtomicLong interpreterIds = new AtomicLong();
    private final Map<Long, Interpreter> interpreters = new ConcurrentSkipListMap<>();
    private final AtomicLong channelIds = new AtomicLong();

    /** A queue is there as long as somebody has it. */
    private final Map<Long, WeakReference<Channel>> channels = new ConcurrentSkipListMap<>();

    private volatile boolean closed;

    /** For an interpreter that is to be made by Python code of another, or by Java. */
    Identity newIdentity(Interpreter maker) {
        return new Identity(interpreterIds.getAndIncrement(), maker == null ? null : maker.identity());
    }

    /** The interpreter can be used. */
    void add(Interpreter interpreter) {
        interpreters.put(interpreter.identity().id(), interpreter);
    }

    /** The interpreter is closed. */
    void remove(Interpreter interpreter) {
        Identity gone = interpreter.identity();
        interpreters.remove(gone.id());
        gone.end();
        channels().forEach(channel -> channel.senderIsGone(gone));
    }

    List<Interpreter> all() {
        return List.copyOf(interpreters.values());
    }

    Interpreter get(long id) {
        Interpreter interpreter = interpreters.get(id);
        if (interpreter == null) {
            throw new NoInterpreter(id);
        }
        return interpreter;
    }

    /**
     * The same interpreter.
     *
     * @throws IllegalArgumentException if it is closed, or another host's
     */
    Interpreter owned(Interpreter interpreter) {
        if (interpreters.get(interpreter.id()) != interpreter) {
            throw new IllegalArgumentException(
                    "interpreter '" + interpreter.name() + "' is closed or belongs to another host");
        }
        return interpreter;
    }

    Channel newChannel(int capacity, Channel.Orphans orphans) {
        channels.values().removeIf(reference -> reference.get() == null);
        Channel channel = new Channel(channelIds.getAndIncrement(), capacity, orphans);
        channels.put(channel.id(), new WeakReference<>(channel));
        if (closed) {
            channel.close();
        }
        return channel;
    }

    /** Null if there is none, or nobody has it. */
    Channel channel(long id) {
        WeakReference<Channel> reference = channels.get(id);
        return reference == null ? null : reference.get();
    }

    List<Channel> channels() {
        List<Channel> all = new ArrayList<>();
        channels.values().stream()
                .map(WeakReference::get)
                .filter(Objects::nonNull)
                .forEach(all::add);
        return all;
    }

    /** Nobody is to wait in a queue of a closed host. */
    void close() {
        closed = true;
        channels().forEach(Channel::close);
    }
}
