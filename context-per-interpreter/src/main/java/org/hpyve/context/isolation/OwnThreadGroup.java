package org.hpyve.context.isolation;

/**
 * The group of the threads that one interpreter's code starts, whichever thread runs the interpreter. Any thread.
 */
final class OwnThreadGroup {

    /** The host's, or made when it is needed; null before. */
    private ThreadGroup group;

    private boolean made;
    private boolean closed;

    synchronized void set(ThreadGroup given) {
        group = given;
    }

    synchronized ThreadGroup orNull() {
        return group;
    }

    synchronized ThreadGroup get() {
        if (group == null) {
            if (closed) {
                return Thread.currentThread().getThreadGroup();
            }
            group = new ThreadGroup(top(), "hpyve threads");
            made = true;
        }
        return group;
    }

    /** Not below that of the current thread, which may be another interpreter's. */
    private static ThreadGroup top() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        return top;
    }

    /** Up to Java 18 a group stays in its parent's list until it is destroyed: now, or when its last thread has ended. */
    @SuppressWarnings("removal")
    synchronized void close() {
        closed = true;
        if (made) {
            group.setDaemon(true);
            try {
                group.destroy();
            } catch (IllegalThreadStateException e) {
                // There still is a thread, or the last one has ended this moment.
            }
        }
        group = null;
    }
}
