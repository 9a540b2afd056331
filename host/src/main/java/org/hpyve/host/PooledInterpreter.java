package org.hpyve.host;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.hpyve.host.boundary.PythonRuntime;

/**
 * An interpreter of a pool while it is somebody's: until it is closed, which returns it. Any thread may use it, and return
 * it. Whoever returns it is to keep nothing of the interpreter.
 */
public final class PooledInterpreter extends PythonCalls implements AutoCloseable {

    private final PoolKeeper keeper;
    private final PoolMember member;
    private final AtomicBoolean returned = new AtomicBoolean();

    PooledInterpreter(PoolKeeper keeper, PoolMember member) {
        this.keeper = keeper;
        this.member = member;
    }

    /**
     * The interpreter itself, for tasks, deadlines and counts. It is not to be closed.
     *
     * @throws IllegalStateException if it was returned
     */
    public Interpreter interpreter() {
        if (returned.get()) {
            throw new IllegalStateException("interpreter '" + member.name() + "' was returned to its pool");
        }
        return member.interpreter();
    }

    @Override
    <T> T ask(Function<PythonRuntime, T> work) {
        return interpreter().ask(work);
    }

    /** Has the pool close the interpreter when it is returned, as nobody should use it again. */
    public void discard() {
        member.discard();
    }

    /**
     * Returns the interpreter. Does not wait: tasks that wait in it are cancelled, one that runs is stopped, and the next
     * caller gets the interpreter when it has come to rest. Does nothing when called again.
     */
    @Override
    public void close() {
        if (returned.compareAndSet(false, true)) {
            keeper.giveBack(member, false);
        }
    }

    @Override
    public String toString() {
        return "PooledInterpreter[" + member.name() + (returned.get() ? ", returned]" : "]");
    }
}
