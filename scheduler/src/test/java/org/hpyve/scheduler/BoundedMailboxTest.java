package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Mailboxes with a limited number of places. */
@ParameterizedClass
@EnumSource
class BoundedMailboxTest extends SchedulerFixture {

    private static final int PLACES = 3;

    BoundedMailboxTest(Mode mode) {
        super(mode);
    }

    private Mailbox bounded(Duration wait) {
        return open("alpha", resident, new MailboxLimits(PLACES, wait, null, null, Duration.ofMillis(20), LONG));
    }

    private static List<CompletableFuture<String>> fill(Mailbox mailbox) {
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            waiting.add(mailbox.submit(() -> "ran"));
        }
        return waiting;
    }

    private static boolean isFull(CompletableFuture<?> task) {
        return task.isCompletedExceptionally()
                && task.handle((value, thrown) -> thrown).join() instanceof MailboxFull;
    }

    @Test
    void aFullMailboxRefusesAtOnceAndTheOthersRun() throws Exception {
        Mailbox mailbox = bounded(Duration.ZERO);
        Hold hold = Hold.of(mailbox);
        List<CompletableFuture<String>> waiting = fill(mailbox);
        assertThat(isFull(mailbox.submit(() -> "never"))).isTrue();
        assertThatThrownBy(() -> mailbox.call(() -> "never"))
                .isInstanceOf(MailboxFull.class)
                .hasMessageContaining("'alpha' has 3 tasks waiting");
        hold.release();
        for (CompletableFuture<String> each : waiting) {
            assertThat(each.get()).isEqualTo("ran");
        }
        assertThat(mailbox.submit(() -> "room again").get()).isEqualTo("room again");
    }

    @Test
    void aSubmitterWaitsForAPlace() throws Exception {
        Mailbox mailbox = bounded(LONG);
        Hold hold = Hold.of(mailbox);
        fill(mailbox);
        CompletableFuture<CompletableFuture<String>> submitted = new CompletableFuture<>();
        Thread submitter = new Thread(() -> submitted.complete(mailbox.submit(() -> "after a while")));
        submitter.start();
        while (submitter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        hold.release();
        assertThat(submitted.get().get()).isEqualTo("after a while");
    }

    @Test
    void aSubmitterDoesNotWaitLongerThanTheLimitsSay() throws Exception {
        Mailbox mailbox = bounded(Duration.ofMillis(20));
        Hold hold = Hold.of(mailbox);
        fill(mailbox);
        long begin = System.nanoTime();
        assertThat(isFull(mailbox.submit(() -> "never"))).isTrue();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
        hold.release();
    }

    @Test
    void aSubmitterThatIsInterruptedIsRefusedAndStaysInterrupted() throws Exception {
        Mailbox mailbox = bounded(Duration.ofSeconds(Long.MAX_VALUE));
        Hold hold = Hold.of(mailbox);
        fill(mailbox);
        Thread.currentThread().interrupt();
        CompletableFuture<String> refused = mailbox.submit(() -> "never");
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(refused::get)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasRootCauseInstanceOf(InterruptedException.class);
        hold.release();
    }

    @Test
    void aTaskNeverWaitsForAPlaceInItsOwnMailbox() throws Exception {
        Mailbox mailbox = bounded(LONG);
        boolean full = mailbox.call(() -> {
            fill(mailbox);
            return isFull(mailbox.submit(() -> "never"));
        });
        assertThat(full).isTrue();
    }

    @Test
    void cancelledAndLateTasksGiveTheirPlacesBack() throws Exception {
        Mailbox mailbox = bounded(Duration.ZERO);
        Hold hold = Hold.of(mailbox);
        for (int i = 0; i < 200; i++) {
            for (CompletableFuture<String> each : fill(mailbox)) {
                assertThat(isFull(each)).isFalse();
                each.cancel(false);
            }
        }
        List<CompletableFuture<String>> late = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            late.add(mailbox.submit(() -> "never", Duration.ofMillis(5)));
        }
        for (CompletableFuture<String> each : late) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(TaskTimeout.class);
        }
        List<CompletableFuture<String>> waiting = fill(mailbox);
        assertThat(isFull(mailbox.submit(() -> "never"))).isTrue();
        hold.release();
        for (CompletableFuture<String> each : waiting) {
            assertThat(each.get()).isEqualTo("ran");
        }
    }

    @Test
    void whoWaitsForAPlaceIsRefusedWhenTheMailboxIsAbandoned() throws Exception {
        Mailbox mailbox = bounded(LONG);
        Hold hold = Hold.of(mailbox);
        fill(mailbox);
        List<CompletableFuture<CompletableFuture<String>>> refused = new ArrayList<>();
        for (int i = 0; i < 2 * PLACES; i++) {
            CompletableFuture<CompletableFuture<String>> submitted = new CompletableFuture<>();
            refused.add(submitted);
            new Thread(() -> submitted.complete(mailbox.submit(() -> "never"))).start();
        }
        mailbox.closeAsync(Duration.ZERO);
        for (CompletableFuture<CompletableFuture<String>> each : refused) {
            assertThatThrownBy(each.get()::get).hasCauseInstanceOf(RejectedExecutionException.class);
        }
        mailbox.close(LONG);
        hold.release();
    }

    @Test
    void thereAreNeverMoreTasksWaitingThanPlaces() throws Exception {
        Mailbox mailbox = bounded(Duration.ZERO);
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            submitters.add(new Thread(() -> {
                for (int j = 0; j < 3_000; j++) {
                    CompletableFuture<Integer> task = mailbox.submit(ran::incrementAndGet);
                    most.accumulateAndGet(mailbox.depth(), Math::max);
                    if (!isFull(task)) {
                        accepted.incrementAndGet();
                    }
                }
            }));
        }
        submitters.forEach(Thread::start);
        for (Thread submitter : submitters) {
            submitter.join();
        }
        mailbox.close(LONG);
        assertThat(ran).hasValue(accepted.get());
        // A place is free as soon as a task was taken, and each submitter may hold one that it does not use yet.
        assertThat(most).hasValueLessThanOrEqualTo(PLACES);
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> new MailboxLimits(0, Duration.ZERO, null, null, LONG, LONG))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MailboxLimits(1, Duration.ZERO, LONG.negated(), null, LONG, LONG))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MailboxLimits(1, null, null, null, LONG, LONG))
                .isInstanceOf(NullPointerException.class);
    }
}
