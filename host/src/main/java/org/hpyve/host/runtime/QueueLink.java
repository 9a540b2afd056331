package org.hpyve.host.runtime;

import org.hpyve.context.isolation.Waiting;
import org.hpyve.host.boundary.Channel;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.NotShareable;
import org.hpyve.scheduler.ClosedQueueException;
import org.hpyve.scheduler.MessageQueue;
import org.python.core.ArgParser;
import org.python.core.Py;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyException;
import org.python.core.PyObject;

/**
 * One interpreter's end of a queue: the methods of a Python {@code Queue} that have to be fast, as functions.
 *
 * <p>Used by all threads of its interpreter. Public only because Python calls it.
 */
public final class QueueLink {

    private static final String[] PUT = {"obj", "block", "timeout", "unbounditems"};
    private static final String[] GET = {"block", "timeout"};

    private final Channel channel;
    private final InterpretersLink link;
    private final Parcels parcels;
    private final Identity self;

    QueueLink(Channel channel, InterpretersLink link) {
        this.channel = channel;
        this.link = link;
        this.parcels = link.parcels();
        this.self = link.peers().self();
    }

    Channel channel() {
        return channel;
    }

    public long id() {
        return channel.id();
    }

    public int capacity() {
        return channel.capacity();
    }

    /** What becomes of items whose interpreter is closed, by number. */
    public int orphans() {
        return channel.orphans().number();
    }

    public int size() {
        return channel.size();
    }

    public PyObject put() {
        return new Put();
    }

    public PyObject get() {
        return new Get();
    }

    private PyObject put(PyObject object, Channel.Orphans orphans, long nanos) {
        Object parcel;
        try {
            parcel = parcels.pack(object);
        } catch (NotShareable e) {
            throw link.notShareable(e);
        }
        boolean done;
        try {
            done = waiting(nanos, left -> channel.put(parcel, self, orphans, left));
        } catch (ClosedQueueException e) {
            throw closed();
        }
        if (!done) {
            throw link.exception("QueueFull");
        }
        return Py.None;
    }

    private PyObject get(long nanos) {
        Object parcel;
        try {
            parcel = waiting(nanos, channel::take);
        } catch (ClosedQueueException e) {
            throw closed();
        }
        if (parcel instanceof PyObject object) {
            return object;
        }
        if (parcel == null) {
            throw link.exception("QueueEmpty");
        }
        if (parcel == Channel.UNBOUND) {
            return link.unbound();
        }
        if (parcel == Channel.ERROR) {
            throw link.exception(
                    "ItemInterpreterDestroyed", Py.newString("the interpreter that has put the item is closed"));
        }
        try {
            return parcels.unpack(parcel);
        } catch (NotShareable e) {
            throw link.notShareable(e);
        }
    }

    private PyException closed() {
        return link.exception("QueueNotFoundError", Py.newString("queue " + id() + " is closed"));
    }

    private interface Wait<T> {
        T once(long nanos) throws InterruptedException;
    }

    /** Waits, also after interrupts, unless the thread is to stop what it does. */
    private static <T> T waiting(long nanos, Wait<T> wait) {
        if (nanos == MessageQueue.FOREVER || nanos == 0) {
            return Waiting.uninterrupted(() -> wait.once(nanos));
        }
        long start = System.nanoTime();
        return Waiting.uninterrupted(() -> wait.once(Math.max(0, nanos - (System.nanoTime() - start))));
    }

    private static long nanos(boolean block, PyObject timeout) {
        if (timeout == null || timeout == Py.None) {
            return block ? MessageQueue.FOREVER : 0;
        }
        double seconds = timeout.asDouble();
        if (!(seconds >= 0)) {
            throw Py.ValueError("'timeout' must be a non-negative number");
        }
        // What is too large becomes the largest number, which means no end.
        return block ? (long) (seconds * 1e9) : 0;
    }

    /** One of the functions. */
    abstract class Method extends PyBuiltinFunction {

        private static final long serialVersionUID = 1L;

        Method(String name, String doc) {
            super(name, doc);
        }

        Channel channel() {
            return channel;
        }
    }

    private final class Put extends Method {

        private static final long serialVersionUID = 1L;

        Put() {
            super("put", "Puts an object at the end of the queue.");
        }

        @Override
        public PyObject __call__(PyObject object) {
            return put(object, null, MessageQueue.FOREVER);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            ArgParser parser = new ArgParser("put", args, keywords, PUT, 1);
            PyObject unbound = parser.getPyObject(3, Py.None);
            return put(
                    parser.getPyObject(0),
                    unbound == Py.None ? null : Channel.Orphans.of(link.orphansNumber(unbound)),
                    nanos(parser.getPyObject(1, Py.True).__nonzero__(), parser.getPyObject(2, Py.None)));
        }
    }

    private final class Get extends Method {

        private static final long serialVersionUID = 1L;

        Get() {
            super("get", "Takes the first object of the queue.");
        }

        @Override
        public PyObject __call__() {
            return get(MessageQueue.FOREVER);
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            ArgParser parser = new ArgParser("get", args, keywords, GET, 0);
            return get(nanos(parser.getPyObject(0, Py.True).__nonzero__(), parser.getPyObject(1, Py.None)));
        }
    }
}
