package org.hpyve.host.dashboard;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hpyve.host.Interpreter;
import org.hpyve.host.LeakedHandle;
import org.hpyve.host.LiveHandles;

/** Asks an interpreter what only it can say, and does not wait for long. Any thread. */
final class Inspector {

    /** What is open now. */
    record Handles(List<LiveHandles> live, boolean tracing, List<LeakedHandle> leaks) {}

    /** The interpreter has not found time. */
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1;

        Busy(String message) {
            super(message, null, false, false);
        }
    }

    private static final long PATIENCE_SECONDS = 2;

    private final ExecutorService threads;

    Inspector(ExecutorService threads) {
        this.threads = threads;
    }

    Handles handles(Interpreter interpreter) {
        Future<Handles> answer = threads.submit(() -> read(interpreter));
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            boolean unused = answer.cancel(true);
            throw new Busy(interpreter.name() + " is busy; its handles can be listed between two tasks");
        } catch (InterruptedException e) {
            boolean unused = answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new Busy("interrupted");
        } catch (ExecutionException e) {
            throw new Busy(
                    interpreter.name() + " does not answer: " + e.getCause().getMessage());
        }
    }

    private static Handles read(Interpreter interpreter) {
        return interpreter.perform(self -> new Handles(self.liveHandles(), self.isTracingLeaks(), self.leaks()));
    }
}
