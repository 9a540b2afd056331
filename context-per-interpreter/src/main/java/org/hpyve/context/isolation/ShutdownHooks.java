package org.hpyve.context.isolation;

import org.python.core.PySystemState;

/**
 * Jython has a thread wait for the end of the JVM for each system state, which closes its files then. The host has one for
 * all interpreters.
 */
public final class ShutdownHooks {

    private ShutdownHooks() {}

    /** Called in the place of making that thread; null is what Jython has where hooks are forbidden. */
    public static Thread none(PySystemState.PySystemStateCloser closer) {
        return null;
    }
}
