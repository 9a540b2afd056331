package org.hpyve.scheduler;

import java.util.List;

/**
 * Code that could not be stopped.
 *
 * @param thread the name of the thread that is in it, and stays in it
 * @param reason why it was to stop
 * @param stack where the thread was, the innermost call first
 */
public record Stuck(String thread, String reason, List<StackTraceElement> stack) {

    /** Copies the stack. */
    public Stuck {
        stack = List.copyOf(stack);
    }
}
