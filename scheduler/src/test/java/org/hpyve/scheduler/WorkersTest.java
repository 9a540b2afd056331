package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Several mailboxes at once: who runs them, and what happens where they wait for each other. */
@ParameterizedClass
@EnumSource
class WorkersTest extends SchedulerFixture {

    WorkersTest(Mode mode) {
        super(mode);
    }

    private int workers() {
        return mode == Mode.ONE_WORKER ? 1 : 3;
    }

    private boolean isShared() {
        return mode != Mode.DEDICATED;
    }

    private List<Mailbox> open(int count) {
        List<Mailbox> mailboxes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mailboxes.add(open("m" + i));
        }
        return mailboxes;
    }

    @Test
    void noMoreThreadsThanWorkersServeManyMailboxes() throws Exception {
        List<Mailbox> mailboxes = open(20);
        List<CompletableFuture<String>> names = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            names.add(mailboxes
                    .get(i % mailboxes.size())
                    .submit(() -> Thread.currentThread().getName()));
        }
        long threads = names.stream().map(CompletableFuture::join).distinct().count();
        assertThat(threads).isLessThanOrEqualTo(isShared() ? workers() : mailboxes.size());
        assertThat(threads()).hasSizeLessThanOrEqualTo(isShared() ? workers() : mailboxes.size());
    }

    @Test
    void mailboxesRunSideBySide() throws Exception {
        List<Mailbox> mailboxes = open(workers());
        CountDownLatch all = new CountDownLatch(workers());
        List<CompletableFuture<Boolean>> met = new ArrayList<>();
        for (Mailbox mailbox : mailboxes) {
            met.add(mailbox.submit(() -> {
                all.countDown();
                return all.await(10, TimeUnit.SECONDS);
            }));
        }
        for (CompletableFuture<Boolean> each : met) {
            assertThat(each.get()).isTrue();
        }
    }

    @Test
    void aBusyHomeDoesNotKeepItsMailboxesFromOthers() throws Exception {
        if (mode != Mode.THREE_WORKERS) {
            return;
        }
        List<Mailbox> mailboxes = open(9);
        Hold hold = Hold.of(mailboxes.get(0));
        for (int round = 0; round < 200; round++) {
            // 3 and 6 live where 0 is.
            for (int at = 1; at < mailboxes.size(); at++) {
                assertThat(mailboxes.get(at).call(() -> "served")).isEqualTo("served");
            }
        }
        hold.release();
    }

    @Test
    void endlessTasksOfOneMailboxLeaveTimeToOthers() throws Exception {
        Mailbox greedy = open();
        Mailbox modest = open("modest");
        AtomicBoolean stop = new AtomicBoolean();
        for (int i = 0; i < 2 * workers(); i++) {
            Mailbox more = i == 0 ? greedy : open("greedy" + i);
            more.submit(() -> again(more, stop));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(modest.call(() -> "served")).isEqualTo("served");
        }
        stop.set(true);
    }

    private static Object again(Mailbox mailbox, AtomicBoolean stop) {
        if (!stop.get()) {
            mailbox.submit(() -> again(mailbox, stop));
        }
        return null;
    }

    @Test
    void tasksThatWaitForOtherMailboxesDoNotStarveThem() throws Exception {
        int count = 4 * workers();
        List<Mailbox> callers = open(count);
        List<Mailbox> called = open(count);
        for (int round = 0; round < 20; round++) {
            List<CompletableFuture<String>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Mailbox other = called.get((i * 5 + round) % count);
                results.add(callers.get(i)
                        .submit(() -> other.call(() -> {
                            Thread.sleep(0, 100_000);
                            return "served";
                        })));
            }
            for (CompletableFuture<String> each : results) {
                assertThat(each.get()).isEqualTo("served");
            }
        }
    }

    /** A way to wait for a future. */
    private interface Wait {
        Object of(CompletableFuture<?> future) throws Exception;
    }

    private static final Map<String, Wait> WAITS = Map.of(
            "get", CompletableFuture::get,
            "get for a time", future -> future.get(20, TimeUnit.SECONDS),
            "join", CompletableFuture::join);

    @Test
    void tasksThatWaitForFuturesOfOtherMailboxesDoNotStarveThem() throws Exception {
        Mailbox called = open("called");
        List<Mailbox> callers = open(2 * workers());
        for (Map.Entry<String, Wait> wait : WAITS.entrySet()) {
            CountDownLatch waiting = new CountDownLatch(callers.size());
            List<CompletableFuture<Object>> results = new ArrayList<>();
            for (Mailbox caller : callers) {
                results.add(caller.submit(() -> {
                    // Ends when all others wait, too.
                    CompletableFuture<Boolean> future =
                            called.submit(() -> Scheduler.<Boolean, RuntimeException>blocking(() -> await(waiting)));
                    waiting.countDown();
                    return wait.getValue().of(future);
                }));
            }
            for (CompletableFuture<Object> each : results) {
                assertThat(each.get()).as(wait.getKey()).isEqualTo(true);
            }
        }
    }

    @Test
    void declaredWaitingHoldsUpNobody() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (Mailbox mailbox : open(3 * workers())) {
            waiting.add(mailbox.submit(() -> Scheduler.<Boolean, RuntimeException>blocking(() -> await(release))));
        }
        Mailbox releases = open();
        CompletableFuture<Object> released = releases.submit(() -> {
            release.countDown();
            return null;
        });
        released.get();
        for (CompletableFuture<Boolean> each : waiting) {
            assertThat(each.get()).isTrue();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void threadsThatTookTheirPlacesEndAgain() throws Exception {
        if (!isShared()) {
            return;
        }
        CountDownLatch release = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (Mailbox mailbox : open(3 * workers())) {
            waiting.add(mailbox.submit(() -> Scheduler.<Boolean, RuntimeException>blocking(() -> await(release))));
        }
        await(() -> threads().size() >= 3 * workers());
        assertThat(threads()).hasSizeGreaterThanOrEqualTo(3 * workers());
        release.countDown();
        for (CompletableFuture<Boolean> each : waiting) {
            each.get();
        }
        await(() -> threads().size() <= workers());
        assertThat(threads()).hasSizeLessThanOrEqualTo(workers());
    }

    @Test
    void twoMailboxesThatWaitForEachOtherAreTold() throws Exception {
        Mailbox alpha = open();
        Mailbox beta = open("beta");
        assertThatThrownBy(() -> alpha.call(() -> beta.call(() -> alpha.call(() -> null))))
                .isInstanceOf(Deadlock.class)
                .hasMessage("'beta' waits for 'alpha', which waits for 'beta'");
        assertThat(alpha.call(() -> beta.call(() -> "fine"))).isEqualTo("fine");
    }

    @Test
    void threeMailboxesThatWaitInACircleAreTold() throws Exception {
        Mailbox alpha = open();
        Mailbox beta = open("beta");
        Mailbox gamma = open("gamma");
        assertThatThrownBy(() -> alpha.call(() -> beta.call(() -> gamma.call(() -> alpha.call(() -> null)))))
                .isInstanceOf(Deadlock.class)
                .hasMessageContaining("'alpha'")
                .hasMessageContaining("'beta'");
        assertThat(gamma.call(() -> alpha.call(() -> beta.call(() -> "fine")))).isEqualTo("fine");
    }

    @Test
    void aCircleThatTwoTasksCloseAtTheSameTimeIsFound() throws Exception {
        Mailbox alpha = open();
        Mailbox beta = open("beta");
        for (int i = 0; i < 300; i++) {
            CompletableFuture<String> one = alpha.submit(() -> beta.call(() -> "one"));
            CompletableFuture<String> two = beta.submit(() -> alpha.call(() -> "two"));
            for (CompletableFuture<String> each : List.of(one, two)) {
                try {
                    assertThat(each.get()).isIn("one", "two");
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(Deadlock.class);
                }
            }
        }
    }

    @Test
    void aMailboxWhoseTaskHasGotItsAnswerHoldsUpNobody() throws Exception {
        // Alpha's caller has its answer but may not have woken up when beta's next task calls alpha.
        Mailbox alpha = open();
        Mailbox beta = open("beta");
        for (int i = 0; i < 500; i++) {
            CompletableFuture<Object> calls = alpha.submit(() -> {
                CompletableFuture<String> behind = new CompletableFuture<>();
                beta.call(() -> {
                    beta.submit(() -> behind.complete(alpha.call(() -> "called back")));
                    return null;
                });
                return behind;
            });
            assertThat(((CompletableFuture<?>) calls.get()).get(20, TimeUnit.SECONDS))
                    .isEqualTo("called back");
        }
    }

    @Test
    void aMailboxIsRunByOneThreadAfterTheOtherWhichSeesWhatWasDone() throws Exception {
        // The resident counts its entries in a plain field.
        Mailbox mailbox = open();
        List<Mailbox> others = open(2 * workers());
        int[] plain = new int[1];
        for (int i = 0; i < 2_000; i++) {
            others.get(i % others.size()).submit(() -> null);
            mailbox.submit(() -> plain[0]++);
        }
        assertThat(mailbox.call(() -> plain[0])).isEqualTo(2_000);
        assertThat(mailbox.call(resident::timesEntered)).isPositive();
    }

    @Test
    void aThreadThatLosesItsPlaceWhileItHasNothingToDoEnds() throws Exception {
        // As when its wait ends at the moment in which another sees that it waits.
        Workers workers = new Workers(prefix, 1, true, new Scheduler.Threads(0, true, null));
        Watch watch = new Watch(prefix + "-watch");
        assertThat(workers.add()).isTrue();
        Mailbox mailbox = new Mailbox("alpha", resident, workers, watch, MailboxLimits.NONE);
        watch.add(mailbox);
        for (int i = 0; i < 100; i++) {
            assertThat(mailbox.call(() -> "served")).isEqualTo("served");
            if (i % 10 == 0) {
                await(() -> mailbox.home().worker.getState() == Thread.State.WAITING);
            }
            assertThat(workers.replace(mailbox.home().worker)).isTrue();
            assertThat(workers.replace(mailbox.home().worker)).isTrue();
        }
        mailbox.close(LONG);
        workers.end();
        watch.end();
    }
}
