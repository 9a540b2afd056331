package org.hpyve.host.boundary;

import org.hpyve.host.ExtensionStats;
import org.hpyve.host.Isolation;
import org.hpyve.host.PythonReference;

/** What the Python side of one interpreter asks of its host. Called by the thread that runs it, where nothing else is said. */
public interface HostSide {

    /** The interpreter's name. */
    String name();

    /** How far the interpreter is isolated. */
    Isolation isolation();

    /** What extensions have done until now. */
    ExtensionStats stats();

    /** An extension module is loaded for the first time. */
    void extensionLoading(String module);

    /**
     * Has something done in the interpreter, by whatever thread runs it next, between two tasks. Where the interpreter
     * takes nothing any more, nothing is to be done. Any thread.
     */
    void post(Runnable action);

    /** The group for threads that Python code starts, this interpreter's alone; null if the Python side is to make one. */
    ThreadGroup threadGroup();

    /** A reference that leaves the interpreter in the place of an object. */
    PythonReference refer(Object object, String typeName);

    /**
     * The object of such a reference.
     *
     * @throws IllegalArgumentException for one of another interpreter
     */
    Object resolve(PythonReference reference);

    /**
     * A Java object whose calls go to an object of the interpreter, from any thread.
     *
     * @param type an interface
     * @param function whether the object itself is what is called, and not methods of it
     */
    Object proxy(PythonReference reference, Class<?> type, boolean function);

    /** The object behind such a proxy of this interpreter; null for any other Java object. */
    PythonReference proxied(Object value);

    /** The interpreters of the host. */
    Peers peers();
}
