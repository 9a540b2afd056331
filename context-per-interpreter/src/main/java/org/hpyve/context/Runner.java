package org.hpyve.context;

import org.hpyve.bridge.NativeContext;
import org.python.core.Py;
import org.python.core.PyException;

/**
 * The thread that runs an interpreter, and may use its context: one at a time, at first the one that makes this. Others
 * may ask whether it is theirs; the rest is for that thread.
 */
final class Runner {

    private final String interpreter;
    private final NativeContext bridge;
    /** Null if there is none. Not volatile: what a thread reads here is itself only if it has put itself here. */
    private Thread thread;
    /** The one that was it last. */
    private Thread last;

    private boolean closed;

    Runner(String interpreter, NativeContext bridge) {
        this.interpreter = interpreter;
        this.bridge = bridge;
        thread = Thread.currentThread();
        last = thread;
    }

    boolean isHere() {
        return Thread.currentThread() == thread;
    }

    void enter() {
        Thread now = Thread.currentThread();
        if (now != last) {
            bridge.moved();
            last = now;
        }
        thread = now;
    }

    void leave() {
        thread = null;
    }

    /**
     * StackOverflowError here, where nothing has begun, rather than later, where something would be left undone.
     *
     * @return {@code frames}; a result keeps the recursion a recursion
     */
    static int touchStack(int frames) {
        return frames == 0 ? 0 : 1 + touchStack(frames - 1);
    }

    /** Nobody may use the context any more. */
    void close() {
        thread = null;
        last = null;
        closed = true;
    }

    /** The RuntimeError for a thread that may not call. */
    PyException refusal(HpyCallable callee) {
        if (closed) {
            return Py.RuntimeError("interpreter '" + interpreter + "' is closed: " + callee.qualifiedName()
                    + "() cannot be called any more");
        }
        Thread runs = thread;
        return Py.RuntimeError("interpreter '%s': %s() called on thread '%s'; %s"
                .formatted(
                        interpreter,
                        callee.qualifiedName(),
                        Thread.currentThread().getName(),
                        runs == null
                                ? "no thread runs the interpreter now"
                                : "extensions run on '" + runs.getName() + "' only"));
    }
}
