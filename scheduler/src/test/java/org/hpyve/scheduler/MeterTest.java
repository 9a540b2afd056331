package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted of tasks, and how much CPU time is told. */
@ParameterizedClass
@EnumSource
class MeterTest extends SchedulerFixture {

    private final Mailbox owner = open();

    MeterTest(Mode mode) {
        super(mode);
    }

    @AfterEach
    void close() {
        owner.close(LONG);
    }

    /** Computes for so long, by the thread's own count. */
    private static Object burn(long millis) {
        var threads = java.lang.management.ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + millis * 1_000_000;
        long turns = 0;
        while (threads.getCurrentThreadCpuTime() < end) {
            turns++;
        }
        return turns;
    }

    @Test
    void tasksAreCountedByOutcomeBeforeAnybodyLearnsOfTheirEnd() throws Exception {
        for (int i = 1; i <= 50; i++) {
            owner.call(() -> null);
            assertThat(owner.tasks().returned().count()).isEqualTo(i);
        }
        assertThatThrownBy(() -> owner.call(() -> {
                    throw new IOException("expected");
                }))
                .isInstanceOf(IOException.class);
        assertThat(owner.tasks().threw().count()).isOne();
        assertThat(owner.tasks().stopped().count()).isZero();
        assertThat(owner.tasks().count()).isEqualTo(51);
        assertThat(owner.tasks().of(TaskOutcome.THREW)).isEqualTo(owner.tasks().threw());
    }

    @Test
    void theTimeOfTasksIsSummed() throws Exception {
        long begin = System.nanoTime();
        owner.call(() -> {
            Thread.sleep(20);
            return null;
        });
        long most = System.nanoTime() - begin;
        assertThat(owner.tasks().returned().nanos()).isBetween(20_000_000L, most);
        assertThat(owner.tasks().returned().total().toMillis()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void aTaskThatIsStoppedIsCountedAsThatAndOneThatNeverBeganIsNot() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Object> first = owner.submit(() -> {
            running.countDown();
            release.await();
            return null;
        });
        CompletableFuture<Object> second = owner.submit(() -> null);
        running.await();
        second.cancel(true);
        first.cancel(true);
        release.countDown();
        owner.call(() -> null);
        assertThat(owner.tasks().stopped().count()).isOne();
        assertThat(owner.tasks().count()).isEqualTo(2);
    }

    @Test
    void whatAMailboxComputesIsItsCpuTimeAlsoAfterItsEnd() throws Exception {
        scheduler.meterCpu(true);
        owner.call(() -> burn(30));
        owner.close(LONG);
        assertThat(owner.cpuNanos()).isBetween(30_000_000L, 20_000_000_000L);
    }

    @Test
    void cpuTimeIsMeasuredAsLongAsAnybodyWantsIt() throws Exception {
        scheduler.meterCpu(true);
        scheduler.meterCpu(true);
        scheduler.meterCpu(false);
        owner.call(() -> burn(30));
        owner.close(LONG);
        assertThat(owner.cpuNanos()).isBetween(30_000_000L, 20_000_000_000L);
    }
}
