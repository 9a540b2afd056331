package org.hpyve.context.isolation;

import org.python.core.PyException;
import org.python.core.PyFrame;
import org.python.core.PyObject;
import org.python.core.ThreadState;
import org.python.core.TraceFunction;

/**
 * Has a thread do something at the next line of its Python code, whatever it is at. It stands before the function that
 * traces the frame, if there is one.
 *
 * <p>Put into frames by any thread, without a lock: a frame that ends meanwhile is missed, so who needs to be sure asks
 * again.
 */
final class Interjection extends TraceFunction {

    private final TraceFunction traced;
    private final Runnable what;

    private Interjection(TraceFunction traced, Runnable what) {
        this.traced = traced;
        this.what = what;
    }

    /** Asks once in each frame that the thread is in now; what is asked must be harmless when it is done twice. */
    static void into(ThreadState thread, Runnable what) {
        for (PyFrame frame = thread.frame; frame != null; frame = frame.f_back) {
            TraceFunction traced = frame.tracefunc;
            if (!(traced instanceof Interjection)) {
                frame.tracefunc = new Interjection(traced, what);
            }
        }
    }

    @Override
    public TraceFunction traceLine(PyFrame frame, int line) {
        frame.tracefunc = traced;
        what.run();
        return traced == null ? null : traced.traceLine(frame, line);
    }

    @Override
    public TraceFunction traceCall(PyFrame frame) {
        return traced == null ? null : traced.traceCall(frame);
    }

    @Override
    public TraceFunction traceReturn(PyFrame frame, PyObject result) {
        return traced == null ? null : traced.traceReturn(frame, result);
    }

    @Override
    public TraceFunction traceException(PyFrame frame, PyException exception) {
        return traced == null ? null : traced.traceException(frame, exception);
    }
}
