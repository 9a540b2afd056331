package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A host for pools and all interpreters that its pools have made; when it is closed, nothing may be left of them. */
final class PoolFixture {

    /** Enough for anything that is to happen at all. */
    static final Duration SOON = Duration.ofSeconds(30);

    private final Set<Thread> threadsBefore = threads();
    private final List<Interpreter> made = new CopyOnWriteArrayList<>();
    private final Map<RecycleReason, List<String>> recycled = new ConcurrentHashMap<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final InterpreterHost host;

    /** What extensions may leave behind; tests that make them leave something set it. */
    boolean leaks;

    /** @param workers 0 for a thread for each interpreter */
    PoolFixture(int workers, Limits limits, Path... folders) {
        InterpreterHost.Builder builder =
                InterpreterHost.builder().limits(limits).drain(Duration.ofSeconds(10));
        if (workers > 0) {
            builder.workers(workers);
        }
        for (Path folder : folders) {
            builder.searchPath(folder);
        }
        host = builder.build();
    }

    InterpreterHost host() {
        return host;
    }

    PoolBuilder pool() {
        return pool(interpreter -> {});
    }

    PoolBuilder pool(Consumer<Interpreter> warmUp) {
        return host.pool()
                .warmUp(interpreter -> {
                    made.add(interpreter);
                    warmUp.accept(interpreter);
                })
                .listener(new PoolListener() {
                    @Override
                    public void recycled(String interpreter, RecycleReason reason) {
                        recycled.computeIfAbsent(reason, key -> new CopyOnWriteArrayList<>())
                                .add(interpreter);
                    }

                    @Override
                    public void creationFailed(String interpreter, Throwable cause) {
                        failures.add(cause);
                    }
                });
    }

    /** The interpreters that pools have made, in order. */
    List<Interpreter> made() {
        return made;
    }

    /** The names of recycled interpreters. */
    List<String> recycled(RecycleReason reason) {
        return recycled.getOrDefault(reason, List.of());
    }

    List<Throwable> failures() {
        return failures;
    }

    /** Checks that these are somebody's. */
    static void areLeased(PooledInterpreter... leases) {
        assertThat(leases).allMatch(lease -> !lease.interpreter().isClosed());
    }

    /** Waits until something is so. */
    static void await(String what, BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(1);
        }
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("hpyve-"))
                .collect(Collectors.toSet());
    }

    /** Closes the host; nothing may be left. */
    void close() throws InterruptedException {
        host.close();
        await("no thread is left", () -> threadsBefore.containsAll(threads()));
        for (Interpreter interpreter : made) {
            await(
                    interpreter + " is closed",
                    () -> interpreter.closeAsync(Duration.ZERO).isDone());
            assertThat(leaks || interpreter.closeReport().clean() || interpreter.stuck() != null)
                    .as("%s left %s", interpreter, interpreter.closeReport())
                    .isTrue();
        }
        assertThat(host.interpreters()).isEmpty();
    }
}
