package org.hpyve.host.dashboard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The last things that happened, and who is told of new ones. Any thread. */
final class Chronicle {

    private static final int MOST = 200;

    /** What an interpreter has left may be a long list. */
    private static final int LONGEST = 1000;

    private final Consumer<Happening> listener;
    private final Deque<Happening> last = new ArrayDeque<>();
    private long serial;

    /** @param listener called in the order of events, under the lock; it must not wait */
    Chronicle(Consumer<Happening> listener) {
        this.listener = listener;
    }

    synchronized void add(String kind, String interpreter, String text) {
        String all = String.valueOf(text);
        String kept = all.length() > LONGEST ? all.substring(0, LONGEST) + " ..." : all;
        Happening happening = new Happening(++serial, System.currentTimeMillis(), kind, interpreter, kept);
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
