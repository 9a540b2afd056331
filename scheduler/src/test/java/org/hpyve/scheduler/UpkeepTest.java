package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is done between tasks, and nobody waits for. */
@ParameterizedClass
@EnumSource
class UpkeepTest extends SchedulerFixture {

    UpkeepTest(Mode mode) {
        super(mode);
    }

    @Test
    void itRunsInTheMailboxInOrder() throws Exception {
        Mailbox mailbox = open();
        Hold hold = Hold.of(mailbox);
        List<String> done = new ArrayList<>();
        mailbox.submit(() -> done.add("before"));
        mailbox.keepUp(() -> done.add(mailbox.isCurrent() ? "upkeep" : "elsewhere"), LONG);
        CompletableFuture<Boolean> last = mailbox.submit(() -> done.add("after"));
        hold.release();

        assertThat(last.get()).isTrue();
        assertThat(done).containsExactly("before", "upkeep", "after");
        mailbox.close(LONG);
    }

    @Test
    void itIsNoTask() throws Exception {
        Mailbox mailbox = open();
        mailbox.call(() -> null);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        mailbox.keepUp(
                () -> {
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                LONG);
        begun.await();

        assertThat(mailbox.isRunning()).isFalse();
        end.countDown();
        mailbox.call(() -> null);
        assertThat(mailbox.tasks().count()).isEqualTo(2);
        mailbox.close(LONG);
    }

    @Test
    void itNeedsNoPlace() throws Exception {
        Mailbox mailbox =
                open("alpha", resident, new MailboxLimits(1, Duration.ZERO, null, null, Duration.ofMillis(20), LONG));
        Hold hold = Hold.of(mailbox);
        CompletableFuture<String> waiting = mailbox.submit(() -> "ran");
        AtomicBoolean done = new AtomicBoolean();
        mailbox.keepUp(() -> done.set(true), LONG);
        assertThat(mailbox.submit(() -> "never")).isCompletedExceptionally();
        hold.release();

        assertThat(waiting.get()).isEqualTo("ran");
        assertThat(mailbox.submit(() -> "room again").get()).isEqualTo("room again");
        mailbox.close(LONG);
        assertThat(done).isTrue();
    }

    @Test
    void itIsStoppedWhenItTakesTooLong() throws Exception {
        Mailbox mailbox = open();
        mailbox.keepUp(resident::untilStopped, Duration.ofMillis(20));

        assertThat(mailbox.call(() -> "next")).isEqualTo("next");
        assertThat(mailbox.timeouts()).isZero();
        mailbox.close(LONG);
    }

    @Test
    void itIsDoneWhenTheTasksAreCancelled() throws Exception {
        Mailbox mailbox = open();
        Hold hold = Hold.of(mailbox);
        AtomicBoolean done = new AtomicBoolean();
        mailbox.keepUp(() -> done.set(true), LONG);
        CompletableFuture<String> waiting = mailbox.submit(() -> "never");
        mailbox.cancelAll();
        hold.release();
        mailbox.close(LONG);

        assertThat(waiting).isCancelled();
        assertThat(done).isTrue();
    }

    @Test
    void itGoesOnWhenTheTasksAreCancelled() throws Exception {
        Mailbox mailbox = open();
        CountDownLatch begun = new CountDownLatch(1);
        mailbox.keepUp(
                () -> {
                    begun.countDown();
                    resident.untilStopped();
                },
                Duration.ofMillis(300));
        begun.await();
        long start = System.nanoTime();
        mailbox.cancelAll();
        mailbox.call(() -> null);

        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(100).toNanos());
        mailbox.close(LONG);
    }

    @Test
    void aMailboxIsAtRestWhenNotEvenThatIsThere() throws Exception {
        Mailbox mailbox = open();
        await(mailbox::isAtRest);
        Hold hold = Hold.of(mailbox);
        Hold upkeep = new Hold();
        mailbox.keepUp(upkeep::run, LONG);
        assertThat(mailbox.isAtRest()).isFalse();
        hold.release();
        upkeep.awaitRunning();
        assertThat(mailbox.isAtRest()).isFalse();
        upkeep.release();
        await(mailbox::isAtRest);

        assertThat(mailbox.isAtRest()).isTrue();
        mailbox.close(LONG);
    }

    @Test
    void aClosedMailboxDoesNone() throws Exception {
        Mailbox mailbox = open();
        mailbox.close(LONG);
        AtomicBoolean done = new AtomicBoolean();
        mailbox.keepUp(() -> done.set(true), LONG);

        assertThat(done).isFalse();
    }

    @Test
    void whatItThrowsHurtsNobody() throws Exception {
        Mailbox mailbox = open();
        mailbox.keepUp(
                () -> {
                    throw new IllegalStateException("expected");
                },
                LONG);

        assertThat(mailbox.call(() -> "next")).isEqualTo("next");
        mailbox.close(LONG);
    }
}
