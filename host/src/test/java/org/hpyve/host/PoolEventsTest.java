package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others learn of a pool: its listener, and who records the JVM; at both levels of isolation. */
class PoolEventsTest {

    @TempDir
    Path folder;

    /** Notes what it is told, and throws: that must harm nobody. */
    private static final class Witness implements PoolListener {

        private final List<String> told = new CopyOnWriteArrayList<>();

        private void tell(String what) {
            told.add(what);
            throw new IllegalStateException("a listener that fails");
        }

        @Override
        public void acquired(Duration waited) {
            tell("acquired " + !waited.isNegative());
        }

        @Override
        public void acquireTimedOut(Duration waited) {
            tell("timed out " + (waited.toMillis() >= 5));
        }

        @Override
        public void rejected() {
            tell("rejected");
        }

        @Override
        public void returned(Duration used) {
            tell("returned " + !used.isZero());
        }

        @Override
        public void created(String interpreter, Duration took) {
            tell("created " + interpreter);
        }

        @Override
        public void creationFailed(String interpreter, Throwable cause) {
            tell("not created " + interpreter + " " + cause.getMessage());
        }

        @Override
        public void recycled(String interpreter, RecycleReason reason) {
            tell("recycled " + interpreter + " " + reason);
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void aListenerIsToldEverything(Isolation isolation) {
        Witness witness = new Witness();
        AtomicBoolean failed = new AtomicBoolean();
        try (InterpreterHost host =
                InterpreterHost.builder().isolation(isolation).build()) {
            InterpreterPool pool = host.pool()
                    .name("told")
                    .max(1)
                    .maxPending(1)
                    .recycleAfterUses(1)
                    .warmUp(python -> python.exec(failed.getAndSet(true) ? "ready = 1" : "raise ValueError('once')"))
                    .listener(witness)
                    .build();
            try (PooledInterpreter lease = pool.acquire()) {
                assertThat(lease.eval("ready")).isEqualTo(1);
                var waiting = pool.submit(python -> 1, Duration.ofMillis(10));
                assertThat(pool.submit(python -> 2)).isCompletedExceptionally();
                assertThat(waiting.handle((result, failure) -> failure).join()).isNotNull();
            }
        }
        assertThat(witness.told)
                .containsExactly(
                        "not created told-1 ValueError: once",
                        "created told-1",
                        "acquired true",
                        "rejected",
                        "timed out true",
                        "returned true",
                        "recycled told-1 USES");
    }

    @Test
    void aRecordingHasWaitsRecycledInterpretersAndTheirLives() throws Exception {
        try (Recording recording = new Recording();
                InterpreterHost host = InterpreterHost.create()) {
            recording.enable("org.hpyve.PoolWait").withThreshold(Duration.ZERO);
            recording.enable("org.hpyve.InterpreterRecycled");
            recording.enable("org.hpyve.Interpreter").withThreshold(Duration.ZERO);
            recording.start();
            InterpreterPool pool =
                    host.pool().name("recorded").max(1).recycleAfterUses(2).build();
            for (int i = 0; i < 2; i++) {
                assertThat(pool.<Object>call(python -> python.eval("1"))).isEqualTo(1);
            }
            pool.close();
            recording.stop();
            Path file = folder.resolve("pool.jfr");
            recording.dump(file);

            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertThat(events.stream()
                            .filter(event -> event.getEventType().getName().equals("org.hpyve.Interpreter")))
                    .isNotEmpty()
                    .allMatch(event -> event.getString("interpreter").equals("recorded-1")
                            && event.getString("isolation").equals("SHARED_RUNTIME")
                            && !event.getBoolean("givenUp")
                            && !event.getDuration().isZero());
            assertThat(events.stream()
                            .filter(event -> event.getEventType().getName().equals("org.hpyve.PoolWait")))
                    .hasSize(2)
                    .allMatch(event -> event.getString("pool").equals("recorded")
                            && event.getString("interpreter").equals("recorded-1")
                            && !event.getDuration().isNegative());
            assertThat(events.stream()
                            .filter(event -> event.getEventType().getName().equals("org.hpyve.InterpreterRecycled")))
                    .hasSize(1)
                    .allMatch(event -> event.getString("reason").equals("USES") && event.getInt("uses") == 2);
        }
    }
}
