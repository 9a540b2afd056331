package org.hpyve.context;

import org.hpyve.bridge.Area;

/** Replays what C recorded. */
final class OperationLog implements Area.Replay {

    private final InterpreterContext context;

    OperationLog(InterpreterContext context) {
        this.context = context;
    }

    @Override
    public int step(byte[] log, int position) {
        throw new IllegalStateException(context.name());
    }
}
