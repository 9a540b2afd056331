package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Deadlines, limits of time, cancelling and interrupting: how tasks end before they end. */
@ParameterizedClass
@EnumSource
class DeadlinesTest extends SchedulerFixture {

    private static final Duration SOON = Duration.ofMillis(60);

    DeadlinesTest(Mode mode) {
        super(mode);
    }

    private static Throwable failure(CompletableFuture<?> future) throws InterruptedException {
        try {
            return new AssertionError("returned " + future.get());
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (CancellationException e) {
            return e;
        }
    }

    @Test
    void aTaskInTimeKnowsNothingOfItsDeadline() throws Exception {
        Mailbox mailbox = open();
        assertThat(mailbox.submit(() -> "done", LONG).get()).isEqualTo("done");
        assertThat(mailbox.call(() -> "done", Duration.ofSeconds(Long.MAX_VALUE)))
                .isEqualTo("done");
    }

    @Test
    void aTaskThatHasNotBegunByItsDeadlineNeverDoes() throws Exception {
        Mailbox mailbox = open();
        Hold hold = Hold.of(mailbox);
        CompletableFuture<Object> late = mailbox.submit(
                () -> {
                    throw new AssertionError("ran");
                },
                SOON);
        CompletableFuture<String> patient = mailbox.submit(() -> "ran");
        assertThat(failure(late)).isInstanceOf(TaskTimeout.class).hasMessageContaining("'alpha' did not begin");
        hold.release();
        assertThat(patient.get()).isEqualTo("ran");
    }

    @Test
    void aDeadlineThatIsOverAtOnceLetsNothingRun() throws Exception {
        Mailbox mailbox = open();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Object> late = mailbox.submit(
                    () -> {
                        throw new AssertionError("ran");
                    },
                    Duration.ZERO);
            assertThat(failure(late)).isInstanceOf(TaskTimeout.class).hasMessageContaining("did not begin");
        }
    }

    @Test
    void aTaskThatRunsPastItsDeadlineIsStoppedAndTheMailboxGoesOn() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<Object> runaway = mailbox.submit(resident::untilStopped, SOON);
        assertThat(failure(runaway))
                .isInstanceOf(TaskTimeout.class)
                .hasMessageContaining("ran past its deadline")
                .hasRootCauseMessage("stopped: a task of 'alpha' ran past its deadline");
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
        assertThat(mailbox.isClosed()).isFalse();
    }

    @Test
    void aCallerGetsTheTimeoutItself() {
        Mailbox mailbox = open();
        assertThatThrownBy(() -> mailbox.call(resident::untilStopped, SOON)).isInstanceOf(TaskTimeout.class);
    }

    @Test
    void aResultThatComesTooLateIsATimeout() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<Object> late = mailbox.submit(
                () -> {
                    try {
                        return resident.untilStopped();
                    } catch (IllegalStateException e) {
                        return "caught";
                    }
                },
                SOON);
        assertThat(failure(late)).isInstanceOf(TaskTimeout.class).hasNoCause();
    }

    @Test
    void politeRequestsAreFollowedByFirmOnes() throws Exception {
        Mailbox mailbox = open();
        long begin = System.nanoTime();
        CompletableFuture<Object> stubborn = mailbox.submit(resident::untilInsisted, SOON);
        assertThat(failure(stubborn)).isInstanceOf(TaskTimeout.class);
        long took = System.nanoTime() - begin;
        assertThat(took).isGreaterThan(SOON.toNanos() + Watch.POLITE);
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
    }

    @Test
    void whoWaitsIsToldInTimeOfATaskThatCannotBeStoppedNow() throws Exception {
        Mailbox mailbox = open();
        CountDownLatch release = new CountDownLatch(1);
        long begin = System.nanoTime();
        CompletableFuture<Object> slow = mailbox.submit(
                () -> {
                    // Code that hears of nothing.
                    while (release.getCount() > 0) {
                        Thread.yield();
                    }
                    return "late";
                },
                SOON);
        assertThat(failure(slow)).isInstanceOf(TaskTimeout.class);
        assertThat(System.nanoTime() - begin).isGreaterThan(SOON.toNanos() + Watch.TELL);
        assertThat(mailbox.isRunning()).isTrue();
        release.countDown();
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
        assertThat(resident.timesAbandoned()).isZero();
    }

    @Test
    void whatOutlivesAllPatienceIsAbandonedAndClosesTheResidentIfItReturns() throws Exception {
        Mailbox mailbox = open("alpha", resident, MailboxLifeTest.patient(SOON));
        Mailbox other = open("beta");
        Hold hold = new Hold();
        CompletableFuture<Object> lost = mailbox.submit(hold::run, SOON);
        CompletableFuture<Object> behind = mailbox.submit(() -> null);
        assertThat(failure(lost)).isInstanceOf(TaskTimeout.class);
        assertThat(failure(behind))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("'alpha' is abandoned");
        await(() -> resident.timesAbandoned() == 1);
        assertThat(mailbox.stuck().reason()).contains("ran past its deadline");
        // The thread is lost, not its place.
        assertThat(other.call(() -> "served")).isEqualTo("served");
        assertThat(resident.timesClosed()).isZero();
        hold.release();
        await(() -> resident.timesClosed() == 1);
        assertThat(resident.timesClosed()).isOne();
        assertThat(lost).isCompletedExceptionally();
    }

    @Test
    void whoLearnsOfALossMayCloseTheMailbox() throws Exception {
        Mailbox mailbox = open("alpha", resident, MailboxLifeTest.patient(SOON));
        Hold hold = new Hold();
        CompletableFuture<Object> lost = mailbox.submit(hold::run, LONG);
        CompletableFuture<Object> behind =
                mailbox.submit(() -> null).whenComplete((nothing, thrown) -> mailbox.close(LONG));
        hold.awaitRunning();
        lost.cancel(true);
        assertThat(failure(behind)).hasMessageContaining("'alpha' is abandoned");
        mailbox.close(LONG);
        hold.release();
        await(() -> resident.timesClosed() == 1);
    }

    @Test
    void theReturnOfAnAbandonedTaskAndItsLossDoNotMeet() throws Exception {
        // The patience is over just when the task ends.
        for (int i = 0; i < 100; i++) {
            CheckedResident fickle = resident();
            Mailbox mailbox = open("alpha", fickle, MailboxLifeTest.patient(Duration.ofMillis(1)));
            int spin = i % 20;
            CompletableFuture<Object> task = mailbox.submit(
                    () -> {
                        try {
                            return fickle.untilStopped();
                        } finally {
                            long end = System.nanoTime() + 4_500_000 + spin * 50_000L;
                            while (System.nanoTime() < end) {
                                Thread.onSpinWait();
                            }
                        }
                    },
                    Duration.ofMillis(1));
            assertThat(failure(task)).isInstanceOf(TaskTimeout.class);
            mailbox.close(LONG);
            await(() -> fickle.timesClosed() == 1);
            assertThat(fickle.timesClosed()).isOne();
            assertThat(fickle.timesAbandoned()).isEqualTo(mailbox.stuck() == null ? 0 : 1);
        }
    }

    @Test
    void aTaskThatWaitsForAnotherIsStoppedAndTheOtherIsNot() throws Exception {
        Mailbox mailbox = open();
        Mailbox slow = open("slow");
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<String> other = slow.submit(() -> Scheduler.<String, InterruptedException>blocking(() -> {
            release.await();
            return "done";
        }));
        assertThat(failure(mailbox.submit(other::get, SOON)))
                .isInstanceOf(TaskTimeout.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(failure(mailbox.submit(() -> other.get(1, TimeUnit.MINUTES), SOON)))
                .isInstanceOf(TaskTimeout.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
        assertThat(other).isNotDone();
        release.countDown();
        assertThat(other.get()).isEqualTo("done");
    }

    @Test
    void theLimitOfTimeHoldsForEachTask() throws Exception {
        MailboxLimits limits = new MailboxLimits(100, Duration.ZERO, SOON, null, LONG, LONG);
        Mailbox mailbox = open("alpha", resident, limits);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> mailbox.call(resident::untilStopped)).isInstanceOf(TaskTimeout.class);
            assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
        }
    }

    @Test
    void aTaskMayWaitLongButNotUseMuchCpuTime() throws Exception {
        MailboxLimits limits = new MailboxLimits(100, Duration.ZERO, null, Duration.ofMillis(20), LONG, LONG);
        Mailbox mailbox = open("alpha", resident, limits);
        assertThat(mailbox.call(() -> {
                    Thread.sleep(60);
                    return "slept";
                }))
                .isEqualTo("slept");
        assertThatThrownBy(() -> mailbox.call(resident::untilStopped))
                .isInstanceOf(TaskTimeout.class)
                .hasMessageContaining("more than 20 ms of CPU time");
    }

    @Test
    void deadlinesOfManyTasksAreKeptInAnyOrder() throws Exception {
        Mailbox mailbox = open();
        Hold hold = Hold.of(mailbox);
        List<CompletableFuture<Object>> late = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            late.add(mailbox.submit(
                    () -> {
                        throw new AssertionError("ran");
                    },
                    Duration.ofMillis(i * 7 % 40)));
        }
        for (CompletableFuture<Object> each : late) {
            assertThat(failure(each)).isInstanceOf(TaskTimeout.class);
        }
        hold.release();
    }

    @Test
    void noDeadlineIsMissedWhileOthersComeAndGo() throws Exception {
        // Each runaway ends only by its deadline: one that is forgotten hangs here.
        Mailbox mailbox = open();
        for (int i = 0; i < 60; i++) {
            for (int j = 0; j < 100; j++) {
                mailbox.submit(() -> null, Duration.ofMillis(1 + j % 3));
            }
            assertThat(failure(mailbox.submit(resident::untilStopped, Duration.ofMillis(1 + i % 3))))
                    .isInstanceOf(TaskTimeout.class);
        }
    }

    @Test
    void whatDependsOnATimeoutDoesNotHoldUpOtherDeadlines() throws Exception {
        Mailbox mailbox = open();
        Hold hold = Hold.of(mailbox);
        CountDownLatch blocks = new CountDownLatch(1);
        CompletableFuture<Object> first = mailbox.submit(() -> null, SOON);
        CompletableFuture<Boolean> dependent = first.handle((value, thrown) -> {
            try {
                blocks.countDown();
                hold.awaitReleased();
                return true;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        blocks.await();
        assertThat(failure(mailbox.submit(() -> null, SOON))).isInstanceOf(TaskTimeout.class);
        CheckedResident other = resident();
        assertThat(failure(open("beta", other).submit(other::untilStopped, SOON)))
                .isInstanceOf(TaskTimeout.class);
        hold.release();
        assertThat(dependent.get()).isTrue();
    }

    @Test
    void aResidentThatFailsToStopDoesNotHoldUpOtherDeadlines() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Mailbox broken = scheduler
                .mailbox("broken", new Resident() {
                    @Override
                    public void stop(String why, boolean insist) {
                        throw new IllegalStateException("expected in this test");
                    }
                })
                .start();
        broken.submit(
                () -> {
                    release.await();
                    return null;
                },
                Duration.ofMillis(1));
        Thread.sleep(10);
        Mailbox mailbox = open();
        if (mode != Mode.ONE_WORKER) {
            assertThat(failure(mailbox.submit(resident::untilStopped, SOON))).isInstanceOf(TaskTimeout.class);
        }
        assertThat(failure(mailbox.submit(() -> null, Duration.ZERO))).isInstanceOf(TaskTimeout.class);
        release.countDown();
        broken.close(LONG);
    }

    @Test
    void cancelWithTrueStopsARunningTask() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<Object> running = mailbox.submit(resident::untilStopped);
        await(mailbox::isRunning);
        assertThat(running.cancel(true)).isTrue();
        assertThat(running).isCancelled();
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
    }

    @Test
    void cancelWithFalseLetsARunningTaskEnd() throws Exception {
        Mailbox mailbox = open();
        Hold hold = new Hold();
        CompletableFuture<Object> running = mailbox.submit(hold::run);
        hold.awaitRunning();
        assertThat(running.cancel(false)).isTrue();
        assertThat(running).isCancelled();
        assertThat(mailbox.isRunning()).isTrue();
        hold.release();
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
    }

    @Test
    void cancellingATaskThatIsOverChangesNothing() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<String> done = mailbox.submit(() -> "done");
        done.get();
        assertThat(done.cancel(true)).isFalse();
        assertThat(done).isCompletedWithValue("done");
    }

    @Test
    void cancellingMeetsTheBeginAndTheEndOfTasks() throws Exception {
        Mailbox mailbox = open();
        for (int i = 0; i < 3_000; i++) {
            CompletableFuture<String> task = mailbox.submit(() -> "done");
            if (i % 3 == 0) {
                Thread.onSpinWait();
            }
            boolean cancelled = task.cancel(i % 2 == 0);
            assertThat(task.isCancelled()).isEqualTo(cancelled);
            if (!cancelled) {
                assertThat(task).isCompletedWithValue("done");
            }
        }
    }

    @Test
    void interruptReachesTheRunningTaskOnly() throws Exception {
        Mailbox mailbox = open();
        mailbox.interrupt();
        CompletableFuture<Object> running = mailbox.submit(resident::untilInterrupted);
        await(mailbox::isRunning);
        mailbox.interrupt();
        assertThat(running.get()).isEqualTo("interrupted");
        for (int i = 0; i < 2_000; i++) {
            CompletableFuture<Object> brief = mailbox.submit(() -> null);
            mailbox.interrupt();
            brief.get();
        }
    }

    @Test
    void aTaskThatWaitsForAnotherMailboxIsStoppedInThat() throws Exception {
        Mailbox mailbox = open();
        Mailbox slow = open("slow");
        Hold hold = new Hold();
        slow.submit(() -> Scheduler.<Object, RuntimeException>blocking(hold::run));
        hold.awaitRunning();
        Throwable timeout =
                catchThrowable(() -> mailbox.call(() -> slow.<Object, RuntimeException>call(() -> null), SOON));
        assertThat(timeout).isInstanceOf(TaskTimeout.class).hasCauseInstanceOf(InterruptedException.class);
        assertThat(mailbox.call(() -> Thread.currentThread().isInterrupted())).isFalse();
        hold.release();
    }

    @Test
    void aNestedCallThatMissesItsDeadlineStopsTheTask() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<Object> task = mailbox.submit(() -> mailbox.call(resident::untilStopped, SOON), LONG);
        assertThat(failure(task)).isInstanceOf(TaskTimeout.class).hasMessageContaining("ran past its deadline");
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
    }

    @Test
    void afterANestedCallTheTaskHasItsOwnDeadlineAgain() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<String> task = mailbox.submit(
                () -> {
                    mailbox.call(() -> "in time", SOON);
                    Thread.sleep(2 * SOON.toMillis());
                    return "done";
                },
                LONG);
        assertThat(task.get()).isEqualTo("done");
        CompletableFuture<Object> late = mailbox.submit(
                () -> {
                    mailbox.call(() -> "in time", LONG);
                    return resident.untilStopped();
                },
                SOON);
        assertThat(failure(late)).isInstanceOf(TaskTimeout.class);
    }

    @Test
    void aLaterDeadlineOfANestedCallChangesNothing() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<Object> task = mailbox.submit(() -> mailbox.call(resident::untilStopped, LONG), SOON);
        assertThat(failure(task)).isInstanceOf(TaskTimeout.class);
    }
}
