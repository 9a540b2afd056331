package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.hpyve.scheduler.Scheduler.Threads;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lincheck runs the operations below on its own threads in many interleavings. After each, what is ready is run; then
 * nothing may wait any more (a wake-up was lost), and each task must have ended once.
 *
 * <p>No thread of a scheduler takes part: the workers in the slots are never started and always seem to be busy. Two mailboxes are there for two workers, which also take from each other.
 */
@Tag("model")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public class MailboxModelTest {

    private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** Lets others run where a mailbox has decided something and not yet said so. */
    private static final class HesitantResident extends CheckedResident {

        @Override
        public void leave() {
            super.leave();
            hesitate();
        }

        @Override
        public void begin() {
            hesitate();
            super.begin();
        }

        private static void hesitate() {
            if (ThreadLocalRandom.current().nextBoolean()) {
                Thread.yield();
            }
        }
    }

    private final Workers workers = new Workers("model", 2, true, new Threads(0, true, null));
    private final CheckedResident resident = new HesitantResident();
    private final List<Mailbox> mailboxes = new ArrayList<>();
    private final List<CompletableFuture<Integer>> futures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    public MailboxModelTest() {
        Watch watch = new Watch("model-watch");
        MailboxLimits limits = new MailboxLimits(2, Duration.ZERO, null, null, EVER, EVER);
        mailboxes.add(new Mailbox("bounded", resident, workers, watch, limits));
        mailboxes.add(new Mailbox("other", new CheckedResident(), workers, watch, MailboxLimits.NONE));
        mailboxes.forEach(watch::add);
        mailboxes.forEach(mailbox -> mailbox.home().worker = newWorker(mailbox.home()));
    }

    private Worker newWorker(Workers.Slot slot) {
        return new Worker(workers, slot, null, "model-worker", 0);
    }

    private CompletableFuture<Integer> put(int mailbox) {
        CompletableFuture<Integer> future = mailboxes.get(mailbox).submit(begun::incrementAndGet);
        futures.add(future);
        CompletableFuture<Integer> unused = future.whenComplete((value, thrown) -> ended.incrementAndGet());
        return future;
    }

    @Operation
    public void submit() {
        put(0);
    }

    @Operation
    public void submitToTheOther() {
        put(1);
    }

    @Operation
    public void submitAndCancel() {
        put(0).cancel(true);
    }

    @Operation
    public void close() {
        CompletableFuture<Void> unused = mailboxes.get(0).closeAsync(EVER);
    }

    /** What a worker does once. */
    @Operation
    public void work() {
        workOnce(0);
    }

    @Operation
    public void workOfTheOther() {
        workOnce(1);
    }

    private boolean workOnce(int slot) {
        Workers.Slot mine = mailboxes.get(slot).home();
        Mailbox next = workers.next(mine);
        if (next != null && next.run(newWorker(mine))) {
            workers.schedule(next);
        }
        return next != null;
    }

    @Validate
    public void nothingIsLost() {
        while (workOnce(0)) {
            // On.
        }
        check(resident.breaches().isEmpty(), resident.breaches());
        int results = 0;
        for (CompletableFuture<Integer> future : futures) {
            check(future.isDone(), "a task was lost");
            results += future.isCompletedExceptionally() ? 0 : 1;
        }
        check(ended.get() == futures.size(), "a task ended twice");
        check(results <= begun.get() && begun.get() <= futures.size(), "a task ran twice");
        if (mailboxes.get(0).isClosed()) {
            check(resident.timesClosed() == 1, "closed " + resident.timesClosed() + " times");
        } else {
            // All places are free again.
            check(!put(0).isDone() && !put(0).isDone() && put(0).isDone(), "places");
            check(workOnce(0), "no wake-up");
        }
    }

    private static void check(boolean holds, Object what) {
        if (!holds) {
            throw new IllegalStateException(String.valueOf(what));
        }
    }

    @Test
    void underStress() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(0)
                .minimizeFailedScenario(false)
                .check(getClass());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("model"));
    }
}
