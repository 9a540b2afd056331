package org.hpyve.host.boundary;

import java.util.List;
import java.util.Map;
import org.hpyve.host.InterpreterQueue;

/**
 * The interpreters of a host as the Python code of one of them reaches the others. Called by any thread of that one.
 *
 * <p>Those that Java made can be seen, but only those that Python code made can be used. What code in another interpreter
 * raises comes as {@link org.hpyve.host.PythonException}; an {@link IllegalStateException} says that something is refused,
 * a {@link NoInterpreter} that there is no interpreter.
 */
public interface Peers {

    /** Who asks. */
    Identity self();

    /** The open interpreters, by number. */
    List<Identity> all();

    /** One of them. */
    Identity get(long id);

    /** Makes one with the settings of the host. */
    Identity create();

    /** Does it run Python code that somebody waits for? */
    boolean isRunning(long id);

    /** Closes it and waits for that. */
    void close(long id);

    /** Runs statements in its {@code __main__} and waits for that. */
    void exec(long id, String source);

    /** Sets variables of its {@code __main__}. */
    void prepare(long id, Map<String, Object> parcels);

    /**
     * Has it call something and waits for that.
     *
     * @return the result, as a parcel
     * @throws NotShareable if it cannot take what it is given, or give back the result
     */
    Object call(long id, Parcel.Call call);

    /** A new queue for all interpreters of the host. */
    Channel newChannel(int capacity, Channel.Orphans orphans);

    /** The queue of that number; null if there is none. */
    Channel channel(long id);

    /** The queues that somebody has, by number. */
    List<Channel> channels();

    /**
     * The queue behind Java's view of it.
     *
     * @throws IllegalArgumentException if it belongs to another host
     */
    Channel channel(InterpreterQueue queue);

    /** Java's view of a queue. */
    InterpreterQueue queue(Channel channel);
}
