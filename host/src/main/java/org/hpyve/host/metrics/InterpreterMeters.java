package org.hpyve.host.metrics;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.hpyve.host.ExtensionStats;
import org.hpyve.host.Interpreter;
import org.hpyve.scheduler.TaskOutcome;

/**
 * The meters of one interpreter. They hold the interpreter weakly, and read its counts whenever they are asked. For one
 * thread at a time.
 */
final class InterpreterMeters implements AutoCloseable {

    private final MeterSet meters;
    private final Tags tags;
    private final Interpreter interpreter;
    private final Set<String> modules = new HashSet<>();

    /** Registers them. */
    InterpreterMeters(MeterRegistry registry, Tags host, Interpreter interpreter) {
        this.meters = new MeterSet(registry);
        this.tags = host.and("interpreter", Integer.toString(interpreter.slot()));
        this.interpreter = interpreter;
        addHandles();
        addCrossings();
        addMemory();
        addTasks();
        interpreter.extensionStats().calls().keySet().forEach(this::addModule);
    }

    private void addHandles() {
        gauge("hpy.handles.open", "Handles that are open", null, ExtensionStats::handlesOpen);
        gauge("hpy.handles.peak", "The most handles that were open at once", null, ExtensionStats::handlesPeak);
        gauge(
                "hpy.handles.limit",
                "The most handles that may be open at once; 0 for any number",
                null,
                ExtensionStats::handleLimit);
        counter("hpy.handles.opened", "Handles that were opened", tags, ExtensionStats::handlesOpened);
        counter("hpy.handles.closed", "Handles that were closed", tags, ExtensionStats::handlesClosed);
    }

    private void addCrossings() {
        crossings("native", ExtensionStats::nativeAnswered);
        crossings("deferred", ExtensionStats::deferred);
        crossings("bulk", ExtensionStats::bulk);
        crossings("upcall", ExtensionStats::upcalls);
    }

    private void crossings(String how, ToLongFunction<ExtensionStats> value) {
        counter(
                "hpy.crossings",
                "How extensions were answered: in native code, by recording, by a block, by a call into Java",
                tags.and("class", how),
                value);
    }

    private void addMemory() {
        gauge(
                "hpy.native.memory",
                "Native memory that extensions hold through the interpreter",
                BaseUnits.BYTES,
                ExtensionStats::nativeBytes);
        gauge("hpy.fields", "HPyFields that are set", null, ExtensionStats::fields);
        gauge("hpy.globals", "HPyGlobals that hold something", null, ExtensionStats::globals);
    }

    private void addTasks() {
        for (TaskOutcome outcome : TaskOutcome.values()) {
            meters.add(FunctionTimer.builder(
                            "interpreter.tasks",
                            interpreter,
                            each -> each.taskStats().of(outcome).count(),
                            each -> each.taskStats().of(outcome).nanos(),
                            NANOSECONDS)
                    .description("Tasks that were run, and how long they took")
                    .tags(tags.and("outcome", outcome.name().toLowerCase(Locale.ROOT))));
        }
        meters.add(FunctionCounter.builder(
                        "interpreter.cpu", interpreter, each -> each.cpuTime().toNanos() / 1e9)
                .description("CPU time of the threads that ran the interpreter, while they did")
                .baseUnit("seconds")
                .tags(tags));
        meters.add(Gauge.builder("interpreter.mailbox.size", interpreter, Interpreter::waiting)
                .description("Tasks that wait")
                .tags(tags));
    }

    /** Registers the calls of an extension module, once. */
    void addModule(String module) {
        if (modules.add(module)) {
            Tags own = tags.and("module", module);
            String what = "Calls of functions of an extension, by how they ended";
            counter(
                    "hpy.calls",
                    what,
                    own.and("outcome", "returned"),
                    stats -> stats.calls(module).returned());
            counter(
                    "hpy.calls",
                    what,
                    own.and("outcome", "raised"),
                    stats -> stats.calls(module).raised());
        }
    }

    /** @param unit null for a number of things that the name tells */
    private void gauge(String name, String what, String unit, ToLongFunction<ExtensionStats> value) {
        meters.add(Gauge.builder(name, interpreter, reading(value))
                .description(what)
                .baseUnit(unit)
                .tags(tags));
    }

    private void counter(String name, String what, Tags with, ToLongFunction<ExtensionStats> value) {
        meters.add(FunctionCounter.builder(name, interpreter, reading(value))
                .description(what)
                .tags(with));
    }

    private static ToDoubleFunction<Interpreter> reading(ToLongFunction<ExtensionStats> value) {
        return interpreter -> value.applyAsLong(interpreter.extensionStats());
    }

    /** Removes them. */
    @Override
    public void close() {
        meters.close();
    }
}
