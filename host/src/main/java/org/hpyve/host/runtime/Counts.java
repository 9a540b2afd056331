package org.hpyve.host.runtime;

import java.util.HashMap;
import java.util.Map;
import org.hpyve.context.Counters;
import org.hpyve.context.InterpreterContext;
import org.hpyve.context.ModuleCalls;
import org.hpyve.host.ExtensionStats;

/** The counts of a context as the host gives them. */
final class Counts {

    private Counts() {}

    /** Those of now. Any thread. */
    static ExtensionStats of(InterpreterContext context) {
        Counters counters = context.counters();
        return new ExtensionStats(
                counters.handlesOpened(),
                counters.handlesClosed(),
                counters.handlesPeak(),
                counters.handleLimit(),
                counters.answered(),
                counters.deferred(),
                counters.bulk(),
                counters.crossings() - counters.bulk(),
                counters.nativeBytes(),
                counters.nativeLimit(),
                counters.fields(),
                counters.globals(),
                calls(context));
    }

    private static Map<String, ExtensionStats.Calls> calls(InterpreterContext context) {
        Map<String, ExtensionStats.Calls> calls = new HashMap<>();
        for (ModuleCalls each : context.openers().calls()) {
            // What belongs to no module is no function that is called.
            if (!each.module().isEmpty()) {
                calls.put(each.module(), new ExtensionStats.Calls(each.returned(), each.raised()));
            }
        }
        return calls;
    }
}
