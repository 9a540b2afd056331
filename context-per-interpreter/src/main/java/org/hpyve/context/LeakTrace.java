package org.hpyve.context;

import java.util.ArrayDeque;
import java.util.List;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.NativeContext;
import org.python.core.Py;
import org.python.core.PyFrame;

/**
 * Notes which calls of extensions end with more handles open than they began with, while it is on.
 *
 * <p>Owned by an interpreter's context. Any thread switches it, at any time; the rest is for the thread that runs the
 * interpreter.
 */
public final class LeakTrace {

    /** A call under way: how things were when it began. */
    private static final class Call {

        private final HpyCallable callee;
        private final int depth;
        private final int tracing;
        private final long opened;
        /** With what calls within this one have left since. */
        private long open;

        private final int[] constants;

        private Call(HpyCallable callee, int depth, int tracing, long opened, long open, int[] constants) {
            this.callee = callee;
            this.depth = depth;
            this.tracing = tracing;
            this.opened = opened;
            this.open = open;
            this.constants = constants;
        }
    }

    private final NativeContext bridge;
    private final HandleTable table;
    private final LeakNotes notes;

    /** Calls under way, outermost first; some may have ended while this was off. */
    private final ArrayDeque<Call> calls = new ArrayDeque<>();

    private int switchedOn;
    private List<TracedLeak> atClose;

    LeakTrace(NativeContext bridge) {
        this.bridge = bridge;
        this.table = bridge.table();
        this.notes = new LeakNotes(table);
    }

    /** Switches on or off, for calls that begin from now on. What was noted stays. Any thread. */
    public synchronized void set(boolean on) {
        if (on != isOn()) {
            bridge.setTracing(on ? ++switchedOn : 0);
        }
    }

    /** Any thread. */
    public boolean isOn() {
        return bridge.tracing() != 0;
    }

    /** The handles that calls have left open and that still are, or were at close; the most numerous first. */
    public List<TracedLeak> leaks() {
        return atClose == null ? notes.leaks() : atClose;
    }

    /** Nothing more is noted; the handle table is still there. */
    void close() {
        set(false);
        atClose = notes.leaks();
    }

    /** A call begins at this depth; its arguments have no handles yet. */
    void begin(int depth, HpyCallable callee) {
        // Of those that began while this was on and ended while it was off.
        while (!calls.isEmpty() && calls.peekLast().depth >= depth) {
            calls.removeLast();
        }
        long opened = bridge.opened();
        calls.addLast(
                new Call(callee, depth, bridge.tracing(), opened, opened - bridge.closed(), table.constantCounts()));
    }

    /** The call that began at this depth is over, and the handles of its arguments are closed. */
    void end(int depth) {
        Call call = calls.peekLast();
        if (call == null || call.depth != depth || call.tracing != bridge.tracing()) {
            // It began while this was off.
            return;
        }
        calls.removeLast();
        long left = bridge.opened() - bridge.closed() - call.open;
        if (left > 0) {
            note(call, left);
        }
    }

    private void note(Call call, long left) {
        int[] constants = table.constantCounts();
        boolean any = false;
        for (int i = 0; i < constants.length; i++) {
            constants[i] = Math.max(0, constants[i] - (i < call.constants.length ? call.constants[i] : 0));
            any |= constants[i] > 0;
        }
        for (Call outer : calls) {
            outer.open += left;
            for (int i = 0; any && i < outer.constants.length; i++) {
                outer.constants[i] += constants[i];
            }
        }
        PyFrame caller = Py.getThreadState().frame;
        notes.add(new LeakNotes.Note(
                call.callee,
                caller == null ? "" : caller.f_code.co_filename,
                caller == null ? 0 : caller.f_lineno,
                call.opened,
                bridge.opened(),
                any ? constants : LeakNotes.NO_CONSTANTS));
    }
}
