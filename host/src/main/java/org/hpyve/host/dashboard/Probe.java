package org.hpyve.host.dashboard;

import java.util.Map;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterStats;

/** Reads the counts of an interpreter while it runs, and waits for nothing. */
final class Probe {

    private Probe() {}

    static Reading read(Interpreter interpreter) {
        boolean rested = atRest(interpreter);
        InterpreterStats stats = interpreter.stats();
        boolean atRest = rested && atRest(interpreter) && interpreter.stats().handlesOpened() == stats.handlesOpened();
        return new Reading(
                System.nanoTime(),
                atRest,
                interpreter.isRunning(),
                interpreter.isTracingLeaks(),
                stats.handlesOpened(),
                stats.handlesClosed(),
                stats.handlesPeak(),
                0,
                new Reading.Crossings(0, 0, 0, stats.crossings()),
                stats.nativeBytes(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                interpreter.waiting());
    }

    private static boolean atRest(Interpreter interpreter) {
        return !interpreter.isRunning() && interpreter.waiting() == 0;
    }
}
