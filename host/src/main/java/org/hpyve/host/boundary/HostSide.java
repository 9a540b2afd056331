package org.hpyve.host.boundary;

import org.hpyve.host.InterpreterStats;
import org.hpyve.host.Isolation;
import org.hpyve.host.PythonReference;

/** What the Python side of one interpreter asks of its host. Called by the thread that runs the interpreter. */
public interface HostSide {

    /** The interpreter's name. */
    String name();

    /** How far the interpreter is isolated. */
    Isolation isolation();

    /** Has something done by the thread that runs the interpreter, when it comes to it. Any thread. */
    void post(Runnable work);

    /** Counts until now. */
    InterpreterStats stats();

    /** A reference that leaves the interpreter in the place of an object. */
    PythonReference refer(Object object, String typeName);

    /**
     * The object of such a reference.
     *
     * @throws IllegalArgumentException for one of another interpreter
     */
    Object resolve(PythonReference reference);
}
