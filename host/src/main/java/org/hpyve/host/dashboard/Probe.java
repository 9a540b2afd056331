package org.hpyve.host.dashboard;

import java.util.HashMap;
import java.util.Map;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterStats;
import org.hpyve.scheduler.TaskStats;

/** Reads the counts of an interpreter while it runs, and waits for nothing. */
final class Probe {

    private Probe() {}

    static Reading read(Interpreter interpreter) {
        boolean rested = interpreter.isAtRest();
        InterpreterStats stats = interpreter.stats();
        // A task that began and ended meanwhile has been counted.
        boolean atRest = rested
                && interpreter.isAtRest()
                && interpreter.taskStats().count() == stats.tasks().count();
        TaskStats tasks = stats.tasks();
        Map<String, Long> calls = new HashMap<>();
        stats.calls().forEach((module, each) -> calls.put(module, each.returned() + each.raised()));
        return new Reading(
                System.nanoTime(),
                atRest,
                interpreter.isRunning(),
                interpreter.isTracingLeaks(),
                stats.handlesOpened(),
                stats.handlesClosed(),
                stats.handlesPeak(),
                stats.handleLimit(),
                new Reading.Crossings(stats.nativeAnswered(), stats.deferred(), stats.bulk(), stats.upcalls()),
                stats.nativeBytes(),
                stats.nativeLimit(),
                stats.fields(),
                stats.globals(),
                tasks.count(),
                tasks.returned().nanos()
                        + tasks.threw().nanos()
                        + tasks.stopped().nanos(),
                stats.cpuTime().toNanos(),
                calls.values().stream().mapToLong(Long::longValue).sum(),
                calls,
                stats.mailboxSize());
    }
}
