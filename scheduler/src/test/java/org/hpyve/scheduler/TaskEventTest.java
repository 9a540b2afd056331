package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the JVM's flight recorder has of tasks. */
@ParameterizedClass
@EnumSource
class TaskEventTest extends SchedulerFixture {

    TaskEventTest(Mode mode) {
        super(mode);
    }

    @Test
    void everyTaskIsAnEventThatTellsHowItEnded(@TempDir Path folder) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Path file = folder.resolve("tasks.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("org.hpyve.Task").withoutThreshold();
            recording.start();
            Mailbox mailbox = open();
            mailbox.submit(() -> "returns").get();
            mailbox.submit(() -> {
                throw new IllegalStateException("throws");
            });
            CompletableFuture<Object> stopped = mailbox.submit(() -> {
                running.countDown();
                return resident.untilStopped();
            });
            running.await();
            stopped.cancel(true);
            mailbox.close(LONG);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getThread().getJavaName().startsWith(prefix))
                // Those of several threads lie in the file in any order.
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
        assertThat(events)
                .extracting(event -> event.getString("outcome"))
                // The last one is the closing of the resident.
                .containsExactly("returned", "threw", "stopped", "returned");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getEventType().getName()).isEqualTo("org.hpyve.Task");
            assertThat(event.getString("mailbox")).isEqualTo("alpha");
        });
    }
}
