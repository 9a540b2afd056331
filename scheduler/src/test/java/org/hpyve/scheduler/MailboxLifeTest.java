package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How a mailbox starts and ends; {@link MailboxTest} has what is between. */
@ParameterizedClass
@EnumSource
class MailboxLifeTest extends SchedulerFixture {

    /** What happened, in order. */
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    private final Hold hold = new Hold();

    MailboxLifeTest(Mode mode) {
        super(mode);
        resident.closing(() -> events.add("closing"));
    }

    private MailboxBuilder describe() {
        return scheduler.mailbox("alpha", resident);
    }

    @Test
    void theFirstActionRunsBeforeAnyTask() throws Exception {
        Mailbox mailbox = describe()
                .start(() -> events.add("first in " + Mailbox.current().name()));
        mailbox.submit(() -> events.add("task"));
        mailbox.close(LONG);
        assertThat(events).containsExactly("first in alpha", "task", "closing");
    }

    @Test
    void aFailingFirstActionReachesTheCreatorAndEndsTheMailbox() throws InterruptedException {
        IOException thrown = new IOException("no interpreter");
        AtomicReference<Mailbox> leaked = new AtomicReference<>();
        AtomicReference<CompletableFuture<Boolean>> queued = new AtomicReference<>();
        try {
            Mailbox never = describe().start(() -> {
                leaked.set(Mailbox.current());
                queued.set(Mailbox.current().submit(() -> events.add("task")));
                throw thrown;
            });
            throw new AssertionError("started: " + never);
        } catch (IOException seen) {
            assertThat(seen).isSameAs(thrown);
        }
        assertThat(events).isEmpty();
        assertThat(resident.timesClosed()).isZero();
        assertThatThrownBy(queued.get()::get)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("alpha");
        assertThatThrownBy(leaked.get().submit(() -> null)::get).hasCauseInstanceOf(RejectedExecutionException.class);
        leaked.get().close(LONG);
    }

    @Test
    void anErrorInTheFirstActionReachesTheCreator() {
        Error thrown = new ExceptionInInitializerError("no library");
        assertThat(catchThrowable(() -> describe().start(() -> {
                    throw thrown;
                })))
                .isSameAs(thrown);
        assertThat(events).isEmpty();
    }

    @Test
    void withoutAFirstActionAFailingTaskEndsNothing() throws Exception {
        Mailbox mailbox = open();
        assertThatThrownBy(() -> mailbox.call(() -> {
                    throw new IOException("first");
                }))
                .isInstanceOf(IOException.class);
        assertThat(mailbox.call(() -> "alive")).isEqualTo("alive");
    }

    @Test
    void aCreatorThatIsInterruptedLeavesAMailboxThatClosesItself() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> describe().start(hold::run)).isInstanceOf(InterruptedException.class);
        hold.awaitRunning();
        assertThat(events).isEmpty();
        hold.release();
        await(() -> events.contains("closing"));
        assertThat(events).containsExactly("closing");
    }

    @Test
    void noLimitHoldsForTheFirstAction() throws Exception {
        MailboxLimits limits = new MailboxLimits(
                1, Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1), LONG);
        Mailbox mailbox = describe().limits(limits).start(() -> {
            Thread.sleep(30);
            return null;
        });
        assertThat(mailbox.isClosed()).isFalse();
        mailbox.close(LONG);
    }

    @Test
    void closingInTheFirstActionEndsTheMailboxAfterIt() throws Exception {
        Mailbox mailbox = describe().start(() -> {
            Mailbox.current().close(LONG);
            return events.add("first");
        });
        mailbox.close(LONG);
        assertThat(events).containsExactly("first", "closing");
        assertThat(mailbox.isClosed()).isTrue();
    }

    @Test
    void aMailboxThatWasNeverUsedIsClosedToo() {
        open().close(LONG);
        assertThat(resident.timesClosed()).isOne();
    }

    @Test
    void closeLetsQueuedTasksRunAndRefusesNewOnes() throws Exception {
        Mailbox mailbox = open();
        mailbox.submit(hold::run);
        CompletableFuture<Boolean> queued = mailbox.submit(() -> events.add("queued"));
        hold.awaitRunning();
        CompletableFuture<Void> ended = mailbox.closeAsync(LONG);
        CompletableFuture<Boolean> late = mailbox.submit(() -> events.add("late"));
        assertThatThrownBy(late::get)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("'alpha' is closed");
        assertThatThrownBy(() -> mailbox.call(() -> events.add("late")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("'alpha' is closed");
        assertThat(ended).isNotDone();
        hold.release();
        mailbox.close(LONG);
        assertThat(ended).succeedsWithin(LONG);
        assertThat(queued).isCompletedWithValue(true);
        assertThat(events).containsExactly("queued", "closing");
        assertThat(mailbox.toString()).matches("Mailbox\\[alpha, depth [01], closed\\]");
    }

    @Test
    void closeMayBeCalledTwice() {
        Mailbox mailbox = open();
        mailbox.close(LONG);
        mailbox.close(Duration.ZERO);
        assertThat(events).containsExactly("closing");
        if (mode == Mode.DEDICATED) {
            assertThat(mailbox.thread().isAlive()).isFalse();
        }
    }

    @Test
    void closeMayBeCalledBySeveralThreads() throws Exception {
        Mailbox mailbox = open();
        Hold held = Hold.of(mailbox);
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(new Thread(() -> mailbox.close(LONG)));
        }
        closers.forEach(Thread::start);
        held.release();
        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(events).containsExactly("closing");
    }

    @Test
    void closeInATaskReturnsAtOnceAndTheQueuedTasksFollow() throws Exception {
        Mailbox mailbox = open();
        Hold held = Hold.of(mailbox);
        mailbox.submit(() -> {
            mailbox.close(LONG);
            events.add("after close: " + mailbox.<String, RuntimeException>call(() -> "nested call"));
            return events.add("refused: " + mailbox.submit(() -> null).isCompletedExceptionally());
        });
        mailbox.submit(() -> events.add("queued"));
        held.release();
        mailbox.closeAsync(LONG).get();
        assertThat(events).containsExactly("after close: nested call", "refused: true", "queued", "closing");
    }

    @Test
    void closeInTheClosingActionChangesNothing() {
        resident.closing(() -> {
            Mailbox.current().close(Duration.ZERO);
            events.add("refused: " + Mailbox.current().submit(() -> null).isCompletedExceptionally());
            events.add(Mailbox.current().call(() -> "nested call"));
        });
        open().close(LONG);
        assertThat(events).containsExactly("refused: true", "nested call");
    }

    @Test
    void closeInWhatDependsOnATaskOrOnTheEndOnlyAsks() throws Exception {
        Mailbox mailbox = open();
        Hold held = Hold.of(mailbox);
        CompletableFuture<Void> end = mailbox.submit(() -> null).thenRun(() -> {
            mailbox.closeAsync(LONG).thenRun(() -> {
                mailbox.close(LONG);
                events.add("end");
            });
            mailbox.close(LONG);
            events.add("asked");
        });
        held.release();
        end.get();
        mailbox.close(LONG);
        await(() -> events.size() == 3);
        assertThat(events).containsExactly("asked", "closing", "end");
    }

    @Test
    void whatDependsOnATaskMayCallTheMailboxWhileItRunsIt() throws Exception {
        Mailbox mailbox = open();
        Hold held = Hold.of(mailbox);
        CompletableFuture<String> dependent = mailbox.submit(() -> "task").thenApply(value -> {
            try {
                return mailbox.call(() -> value + " and more");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        held.release();
        assertThat(dependent.get()).isEqualTo("task and more");
    }

    @Test
    void anInterruptDoesNotEndTheWaitOfClose() throws Exception {
        Mailbox mailbox = open();
        Hold held = Hold.of(mailbox);
        AtomicBoolean closed = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            mailbox.close(LONG);
            closed.set(resident.timesClosed() == 1);
            interrupted.set(Thread.interrupted());
        });
        closer.start();
        // The interrupt has been taken and put aside.
        while (closer.getState() != Thread.State.WAITING || closer.isInterrupted()) {
            Thread.onSpinWait();
        }
        held.release();
        closer.join();
        assertThat(closed).isTrue();
        assertThat(interrupted).isTrue();
    }

    @Test
    void everyCloserGetsTheFailureOfTheClosingAction() throws Exception {
        IllegalStateException thrown = new IllegalStateException("3 handles open");
        Mailbox mailbox = failing(thrown);
        assertThat(catchThrowable(() -> mailbox.close(LONG))).isSameAs(thrown);
        assertThat(catchThrowable(() -> mailbox.close(LONG))).isSameAs(thrown);
        assertThatThrownBy(mailbox.closeAsync(LONG)::get).hasCause(thrown);
    }

    @Test
    void aCheckedFailureOfTheClosingActionIsACause() {
        IOException thrown = new IOException("disk");
        Mailbox mailbox = failing(thrown);
        assertThatThrownBy(() -> mailbox.close(LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("alpha")
                .hasCause(thrown);
    }

    private Mailbox failing(Exception thrown) {
        resident.closing(() -> {
            throw thrown;
        });
        return describe().start();
    }

    @Test
    void whatHasNotRunWhenTheDrainIsOverIsCancelledAndWhatRunsIsStopped() throws Exception {
        Mailbox mailbox = open();
        CompletableFuture<Object> runs = mailbox.submit(resident::untilStopped);
        CompletableFuture<Boolean> waits = mailbox.submit(() -> events.add("waited"));
        await(mailbox::isRunning);
        mailbox.close(Duration.ofMillis(20));
        assertThat(runs).isCancelled();
        assertThat(waits).isCancelled();
        assertThat(events).containsExactly("closing");
    }

    @Test
    void aTaskThatBeginsWhenTheDrainIsJustOverIsStoppedToo() throws Exception {
        for (int i = 0; i < 600; i++) {
            CheckedResident endless = resident();
            Mailbox mailbox = open("alpha", endless);
            mailbox.submit(() -> null);
            CompletableFuture<Object> task = mailbox.submit(endless::untilStopped);
            for (int spin = 0; spin < i % 300; spin++) {
                Thread.onSpinWait();
            }
            mailbox.closeAsync(Duration.ZERO).get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(task).isCompletedExceptionally();
        }
    }

    @Test
    void theShortestOfSeveralDrainsCounts() throws Exception {
        Mailbox mailbox = open();
        mailbox.submit(resident::untilStopped);
        await(mailbox::isRunning);
        CompletableFuture<Void> end = mailbox.closeAsync(Duration.ofSeconds(Long.MAX_VALUE));
        mailbox.closeAsync(Duration.ofMillis(1));
        mailbox.closeAsync(LONG);
        end.get();
        assertThat(events).containsExactly("closing");
    }

    @Test
    void codeThatDoesNotEndIsAbandonedAtCloseAndTheResidentClosedIfItEndsLate() throws Exception {
        Mailbox mailbox = open("alpha", resident, patient(Duration.ofMillis(30)));
        Hold held = Hold.of(mailbox);
        CompletableFuture<Object> queued = mailbox.submit(() -> null);
        mailbox.close(Duration.ZERO);
        assertThat(queued).isCancelled();
        assertThat(mailbox.stuck().thread()).startsWith(prefix);
        assertThat(mailbox.stuck().stack())
                .anyMatch(frame -> frame.getMethodName().equals("run"));
        assertThat(mailbox.stuck().reason()).contains("'alpha' is closed");
        assertThat(resident.timesAbandoned()).isOne();
        assertThat(resident.timesClosed()).isZero();
        held.release();
        await(() -> resident.timesClosed() == 1);
        assertThat(resident.timesClosed()).isOne();
        assertThat(events).containsExactly("closing");
    }

    @Test
    void aClosingActionThatRunsAwayIsStopped() {
        resident.closing(resident::untilStopped);
        MailboxLimits limits = new MailboxLimits(10, Duration.ZERO, null, null, LONG, Duration.ofMillis(20));
        Mailbox mailbox = scheduler.mailbox("alpha", resident).limits(limits).start();
        assertThatThrownBy(() -> mailbox.close(LONG)).isInstanceOf(TaskTimeout.class);
        assertThat(mailbox.stuck()).isNull();
    }

    @Test
    void aClosingActionThatCannotBeStoppedIsAbandonedAndNotRunAgain() throws Exception {
        resident.closing(hold::run);
        MailboxLimits limits =
                new MailboxLimits(10, Duration.ZERO, null, null, Duration.ofMillis(20), Duration.ofMillis(5));
        Mailbox mailbox = open("alpha", resident, limits);
        mailbox.close(LONG);
        assertThat(mailbox.stuck()).isNotNull();
        hold.release();
        if (mode == Mode.DEDICATED) {
            mailbox.thread().join();
        }
        assertThat(resident.timesClosed()).isOne();
    }

    static MailboxLimits patient(Duration patience) {
        return new MailboxLimits(Integer.MAX_VALUE, Duration.ZERO, null, null, patience, LONG);
    }

    @Test
    void anAbandonedMailboxRefusesTasksAndMayBeClosed() throws Exception {
        // From its start, which may be late on a busy machine.
        Duration taskTime = Duration.ofMillis(5);
        Mailbox mailbox = open(
                "alpha", resident, new MailboxLimits(10, Duration.ZERO, taskTime, null, Duration.ofMillis(10), LONG));
        CompletableFuture<Object> lost = mailbox.submit(hold::run);
        assertThatThrownBy(lost::get).hasCauseInstanceOf(TaskTimeout.class);
        await(() -> mailbox.stuck() != null);
        assertThat(mailbox.isClosed()).isTrue();
        assertThatThrownBy(() -> mailbox.call(() -> null)).isInstanceOf(RejectedExecutionException.class);
        mailbox.close(LONG);
        hold.release();
        await(() -> resident.timesClosed() == 1);
    }

    @Test
    void aTaskMayCloseAnotherMailboxAndWaitForThat() throws Exception {
        Mailbox mailbox = open();
        CheckedResident other = resident();
        Mailbox closed = open("beta", other);
        closed.submit(() -> events.add("of beta"));
        mailbox.call(() -> {
            closed.close(LONG);
            return events.add("closed " + other.timesClosed());
        });
        assertThat(events).containsExactly("of beta", "closed 1");
    }

    @Test
    void aTaskMayCloseTheScheduler() throws Exception {
        Mailbox mailbox = open();
        CheckedResident beta = resident();
        Mailbox other = open("beta", beta);
        CompletableFuture<Boolean> last = mailbox.call(() -> {
            scheduler.close();
            return mailbox.submit(() -> events.add("last"));
        });
        last.get();
        assertThat(other.call(() -> "still there")).isEqualTo("still there");
        assertThatThrownBy(() -> scheduler.mailbox("late", resident()).start())
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(other.submit(beta::untilStopped, Duration.ofMillis(10))::get)
                .hasCauseInstanceOf(TaskTimeout.class);
        mailbox.close(LONG);
        assertThat(events).containsExactly("last", "closing");
    }

    @Test
    void aResidentThatFailsOutsideOfTasksEndsItsMailboxOnly() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        AtomicBoolean breaks = new AtomicBoolean();
        Mailbox mailbox = scheduler
                .mailbox("alpha", new Resident() {
                    @Override
                    public void begin() {
                        if (breaks.get()) {
                            throw broken;
                        }
                    }
                })
                .start();
        Mailbox other = open("beta");
        mailbox.call(() -> null);
        breaks.set(true);
        CompletableFuture<Object> lost = mailbox.submit(() -> null);
        assertThatThrownBy(lost::get).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(catchThrowable(() -> mailbox.close(LONG))).isSameAs(broken);
        assertThat(other.call(() -> "alive")).isEqualTo("alive");
    }

    @Test
    void idleMailboxesCloseAtOnce() {
        for (int i = 0; i < 300; i++) {
            scheduler.mailbox("brief", new CheckedResident()).start().close(LONG);
        }
    }

    @Test
    void cancelledByTheDrainMeansCancelled() throws Exception {
        Mailbox mailbox = open();
        mailbox.submit(resident::untilStopped);
        await(mailbox::isRunning);
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        CountDownLatch waits = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            waits.countDown();
            seen.complete(catchThrowable(() -> mailbox.call(() -> null)));
        });
        caller.start();
        waits.await();
        await(() -> mailbox.depth() == 1);
        mailbox.close(Duration.ZERO);
        assertThat(seen.get()).isInstanceOf(CancellationException.class);
    }
}
