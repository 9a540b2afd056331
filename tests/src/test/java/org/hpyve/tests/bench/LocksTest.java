package org.hpyve.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interpreters that are busy at the same time wait for no lock of ours. */
class LocksTest {

    @TempDir
    private Path folder;

    /** What the next test relies on: a lock that both take is found, and known as ours. */
    @Test
    void aLockThatTwoTakeIsFound() throws Exception {
        Object shared = new Object();
        Function<List<Object>, Object> locked = arguments -> {
            synchronized (shared) {
                for (int i = 0; i < 100_000; i++) {
                    Thread.onSpinWait();
                }
            }
            return null;
        };

        var result = LockProfile.record(
                2, folder, python -> python.set("locked", locked), "locked()", Duration.ofMillis(500));

        assertThat(result.contentions()).anySatisfy(lock -> {
            assertThat(lock.lock()).isEqualTo("java.lang.Object");
            assertThat(lock.place()).contains("LocksTest");
            assertThat(lock.ours()).isTrue();
        });
    }

    @Test
    void mixedWorkOfTwoInterpretersWaitsForNoLockOfOurs() throws Exception {
        BenchCommand.build(folder);

        var result = LockProfile.record(2, folder, MixedWork::prepare, MixedWork.PROGRAM, Duration.ofSeconds(3));

        assertThat(result.rounds()).isPositive();
        assertThat(result.contentions()).noneMatch(LockProfile.Contention::ours);
    }
}
