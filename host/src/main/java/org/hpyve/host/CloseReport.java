package org.hpyve.host;

import java.util.ArrayList;
import java.util.List;
import org.hpyve.scheduler.Stuck;

/**
 * What was left of an interpreter when it was closed; nothing of it, but the threads and what is stuck, outlives the
 * interpreter.
 *
 * @param handles handles that extensions left open, by the type of the object and the module that opened them
 * @param builders list builders, tuple builders and trackers that extensions left open
 * @param nativeBytes native memory that extensions did not give back, in bytes; freed at close
 * @param threads names of threads that Python code started and that did not end when they were asked to
 * @param stuck the code that could not be stopped, whose interpreter was therefore given up with all that it has; null
 *     if the interpreter was closed
 * @param leaks which calls have left those handles open, as far as {@link Interpreter#traceLeaks} has noted it
 */
public record CloseReport(
        List<OpenHandles> handles,
        int builders,
        long nativeBytes,
        List<String> threads,
        Stuck stuck,
        List<LeakedHandle> leaks) {

    /**
     * Open handles that are alike.
     *
     * @param type the name of the objects' type, such as {@code list}
     * @param module the full name of the extension module whose code opened them; empty for handles of a constant, such
     *     as {@code None}, of which nobody knows that
     */
    public record OpenHandles(String type, String module, long count) {}

    /** Of an interpreter that was closed. */
    public CloseReport(List<OpenHandles> handles, int builders, long nativeBytes, List<String> threads) {
        this(handles, builders, nativeBytes, threads, null, List.of());
    }

    /** Copies the lists. */
    public CloseReport {
        handles = List.copyOf(handles);
        threads = List.copyOf(threads);
        leaks = List.copyOf(leaks);
    }

    /** The number of handles left open. */
    public long handleCount() {
        return handles.stream().mapToLong(OpenHandles::count).sum();
    }

    /** For logs: what was left, or {@code nothing}. */
    @Override
    public String toString() {
        List<String> left = new ArrayList<>();
        handles.forEach(open -> left.add(open.count() + " open handles of " + open.type()
                + (open.module().isEmpty() ? "" : " by " + open.module())));
        leaks.forEach(leak -> left.add("of these " + leak));
        if (builders > 0) {
            left.add(builders + " open builders or trackers");
        }
        if (nativeBytes > 0) {
            left.add(nativeBytes + " native bytes");
        }
        threads.forEach(thread -> left.add("running thread '" + thread + "'"));
        if (stuck != null) {
            left.add("thread '" + stuck.thread() + "', which could not be stopped"
                    + (stuck.stack().isEmpty() ? "" : " at " + stuck.stack().get(0)));
        }
        return left.isEmpty() ? "nothing" : String.join(", ", left);
    }

    /** Was nothing left? */
    public boolean clean() {
        return handles.isEmpty() && builders == 0 && nativeBytes == 0 && threads.isEmpty() && stuck == null;
    }
}
