package org.hpyve.host;

import java.time.Duration;
import java.util.Map;
import org.hpyve.scheduler.TaskStats;

/**
 * Counts of one interpreter, read without stopping it.
 *
 * @param extensions what extensions do in it
 * @param tasks the tasks that it has run
 * @param cpuTime CPU time of the threads that ran it, while they did; threads that Python code started are not counted.
 *     Where interpreters share threads, only what they took while {@link InterpreterHost#meterCpuTime} was on
 * @param mailboxSize tasks that wait
 */
public record InterpreterStats(ExtensionStats extensions, TaskStats tasks, Duration cpuTime, int mailboxSize) {

    /** {@link ExtensionStats#handlesOpened}. */
    public long handlesOpened() {
        return extensions.handlesOpened();
    }

    /** {@link ExtensionStats#handlesClosed}. */
    public long handlesClosed() {
        return extensions.handlesClosed();
    }

    /** {@link ExtensionStats#handlesOpen}. */
    public long handlesOpen() {
        return extensions.handlesOpen();
    }

    /** {@link ExtensionStats#handlesPeak}. */
    public long handlesPeak() {
        return extensions.handlesPeak();
    }

    /** {@link ExtensionStats#handleLimit}. */
    public long handleLimit() {
        return extensions.handleLimit();
    }

    /** {@link ExtensionStats#nativeAnswered}. */
    public long nativeAnswered() {
        return extensions.nativeAnswered();
    }

    /** {@link ExtensionStats#deferred}. */
    public long deferred() {
        return extensions.deferred();
    }

    /** {@link ExtensionStats#bulk}. */
    public long bulk() {
        return extensions.bulk();
    }

    /** {@link ExtensionStats#upcalls}. */
    public long upcalls() {
        return extensions.upcalls();
    }

    /** {@link ExtensionStats#crossings}. */
    public long crossings() {
        return extensions.crossings();
    }

    /** {@link ExtensionStats#nativeBytes}. */
    public long nativeBytes() {
        return extensions.nativeBytes();
    }

    /** {@link ExtensionStats#nativeLimit}. */
    public long nativeLimit() {
        return extensions.nativeLimit();
    }

    /** {@link ExtensionStats#fields}. */
    public long fields() {
        return extensions.fields();
    }

    /** {@link ExtensionStats#globals}. */
    public long globals() {
        return extensions.globals();
    }

    /** {@link ExtensionStats#calls()}. */
    public Map<String, ExtensionStats.Calls> calls() {
        return extensions.calls();
    }

    /** {@link ExtensionStats#calls(String)}. */
    public ExtensionStats.Calls calls(String module) {
        return extensions.calls(module);
    }
}
