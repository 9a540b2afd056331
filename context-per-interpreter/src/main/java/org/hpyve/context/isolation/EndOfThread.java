package org.hpyve.context.isolation;

import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyFrame;
import org.python.core.PyObject;
import org.python.core.ThreadState;
import org.python.core.TraceFunction;

/**
 * Ends a thread's Python code: {@code SystemExit} at each line from now on, so that no {@code except} and no
 * {@code finally} can hold it.
 */
public final class EndOfThread extends TraceFunction {

    private static final EndOfThread INSTANCE = new EndOfThread();

    private EndOfThread() {}

    /** Asks; frames that are made at this moment are missed, so ask again until the thread has ended. Any thread. */
    static void of(ThreadState thread) {
        // First, so that frames which are made from here on begin with it.
        thread.tracefunc = INSTANCE;
        for (PyFrame frame = thread.frame; frame != null; frame = frame.f_back) {
            frame.tracefunc = INSTANCE;
        }
    }

    /** In the place of ending the JVM, which is not one interpreter's, when nobody has caught SystemExit. */
    public static void notOfProcess(PyException exit) {}

    @Override
    public TraceFunction traceLine(PyFrame frame, int line) {
        throw new PyException(Py.SystemExit, Py.newString("the interpreter is closed"));
    }

    /** Jython does not undo a frame whose beginning fails: the first line does it. */
    @Override
    public TraceFunction traceCall(PyFrame frame) {
        return this;
    }

    @Override
    public TraceFunction traceReturn(PyFrame frame, PyObject result) {
        return this;
    }

    @Override
    public TraceFunction traceException(PyFrame frame, PyException exception) {
        return this;
    }
}
