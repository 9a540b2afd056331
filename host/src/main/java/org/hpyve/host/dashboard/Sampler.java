package org.hpyve.host.dashboard;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all interpreters once a second, on a thread of its own. It only reads counts and waits for no interpreter. What
 * it saw last may be read by any thread.
 */
final class Sampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    private final InterpreterHost host;
    private final Consumer<List<Track>> listener;
    private final Map<Integer, Track> tracks = new HashMap<>();
    private final ScheduledExecutorService thread;
    private volatile List<Track> last = List.of();

    /** @param listener called after each look, by the sampler's thread, with what {@link #tracks} then returns */
    Sampler(InterpreterHost host, String threadName, Consumer<List<Track>> listener) {
        this.host = host;
        this.listener = listener;
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, threadName);
            made.setDaemon(true);
            return made;
        });
    }

    /** Looks now, and then every so often. */
    void start(long periodMillis) {
        var unused = thread.scheduleAtFixedRate(this::lookSafely, 0, periodMillis, TimeUnit.MILLISECONDS);
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            // Whatever it is, it must not end the looks to come.
            LOG.warn("the dashboard could not look at the interpreters", e);
        }
    }

    private void look() {
        Set<Interpreter> open = new HashSet<>(host.interpreters());
        tracks.values().removeIf(track -> !open.contains(track.interpreter()));
        for (Interpreter interpreter : open) {
            int slot = interpreter.slot();
            Track track = tracks.get(slot);
            if (track == null || track.interpreter() != interpreter) {
                track = new Track(interpreter);
                tracks.put(slot, track);
            }
            track.add(Probe.read(interpreter));
        }
        last = tracks.values().stream()
                .sorted(Comparator.comparingInt(Track::slot))
                .toList();
        listener.accept(last);
    }

    /** The interpreters that were open at the last look, in the order of their slots. Any thread. */
    List<Track> tracks() {
        return last;
    }

    /** The interpreter in a slot; null if there is none. Any thread. */
    Track track(int slot) {
        return last.stream().filter(track -> track.slot() == slot).findFirst().orElse(null);
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        thread.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
