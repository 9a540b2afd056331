package org.hpyve.host.dashboard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The last things that happened, and who is told of new ones. Any thread. */
final class Chronicle {

    private static final int MOST = 200;

    private final Consumer<Happening> listener;
    private final Deque<Happening> last = new ArrayDeque<>();
    private long serial;

    /** @param listener called in the order of events, under the lock; it must not wait */
    Chronicle(Consumer<Happening> listener) {
        this.listener = listener;
    }

    synchronized void add(String kind, String interpreter, String text) {
        Happening happening = new Happening(++serial, System.currentTimeMillis(), kind, interpreter, text);
        last.addLast(happening);
        if (last.size() > MOST) {
            last.removeFirst();
        }
        listener.accept(happening);
    }

    /** The oldest first. */
    synchronized List<Happening> last() {
        return List.copyOf(last);
    }
}
