package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks, their order, their exceptions and cancellation; {@link MailboxLifeTest} has the start and the end. */
@ParameterizedClass
@EnumSource
class MailboxTest extends SchedulerFixture {

    private final Mailbox owner = open();

    MailboxTest(Mode mode) {
        super(mode);
    }

    @AfterEach
    void nothingWaits() {
        owner.close(LONG);
        assertThat(owner.depth()).isZero();
        assertThat(resident.timesClosed()).isOne();
    }

    /** A task that holds the owner until the latch is released, so that what follows stays in the mailbox. */
    private CountDownLatch holdOwner() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        owner.submit(() -> {
            running.countDown();
            release.await();
            return null;
        });
        running.await();
        return release;
    }

    @Test
    void tasksRunOnAThreadOfTheScheduler() throws Exception {
        assertThat(owner.thread()).isNull();
        assertThat(owner.submit(Thread::currentThread).get().getName()).startsWith(prefix);
        assertThat(owner.call(Thread::currentThread).getName()).startsWith(prefix);
        assertThat(owner.thread().getName()).startsWith(prefix);
        assertThat(owner.call(owner::isCurrent)).isTrue();
        assertThat(owner.isCurrent()).isFalse();
    }

    @Test
    void aTaskFindsTheMailboxThatItRunsIn() throws Exception {
        assertThat(owner.call(Mailbox::current)).isSameAs(owner);
        assertThat(Mailbox.current()).isNull();
    }

    @Test
    void tasksOfOneThreadRunInTheOrderOfTheirSubmission() throws Exception {
        List<Integer> seen = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            owner.submit(() -> seen.add(number));
        }
        List<Integer> result = owner.call(() -> List.copyOf(seen));
        assertThat(result).hasSize(1_000).isSorted();
    }

    @Test
    void aTaskThatATaskSubmitsWaitsForItsTurn() throws Exception {
        List<String> seen = new ArrayList<>();
        CountDownLatch release = holdOwner();
        owner.submit(() -> {
            owner.submit(() -> seen.add("inner"));
            return seen.add("outer");
        });
        CompletableFuture<Boolean> next = owner.submit(() -> seen.add("next"));
        release.countDown();
        next.get();
        assertThat(owner.call(() -> List.copyOf(seen))).containsExactly("outer", "next", "inner");
    }

    @Test
    void aCallInATaskRunsAtOnce() throws Exception {
        List<String> seen = owner.call(() -> {
            List<String> order = new ArrayList<>();
            owner.submit(() -> order.add("queued"));
            owner.call(() -> owner.call(() -> order.add("nested")));
            order.add("outer");
            return List.copyOf(order);
        });
        assertThat(seen).containsExactly("nested", "outer");
    }

    @Test
    void resultsMayBeNull() throws Exception {
        assertThat(owner.submit(() -> null).get()).isNull();
        Object none = owner.call(() -> null);
        assertThat(none).isNull();
    }

    @Test
    void depthCountsTheTasksThatWait() throws Exception {
        CountDownLatch release = holdOwner();
        assertThat(owner.depth()).isZero();
        for (int i = 0; i < 200; i++) {
            owner.submit(() -> null);
        }
        assertThat(owner.depth()).isEqualTo(200);
        assertThat(owner).hasToString("Mailbox[alpha, depth 200]");
        release.countDown();
    }

    @Test
    void aCheckedExceptionReachesTheCallerAsItself() {
        IOException thrown = new IOException("disk");
        // That this compiles without a catch of Exception is part of what is tested.
        try {
            owner.call(() -> {
                throw thrown;
            });
        } catch (IOException seen) {
            assertThat(seen).isSameAs(thrown);
            return;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        throw new AssertionError("nothing was thrown");
    }

    @Test
    void everyOtherThrowableReachesTheCallerAsItself() {
        List<Throwable> all = List.of(
                new IllegalArgumentException("unchecked"),
                new StackOverflowError(),
                new AssertionError("error"),
                new CancellationException("thrown, not asked for"),
                new CompletionException("wraps", new IOException("inner")),
                new InterruptedException("of the task"),
                new Throwable("neither"));
        for (Throwable thrown : all) {
            assertThat(catchThrowable(() -> owner.call(() -> {
                        throw sneaky(thrown);
                    })))
                    .isSameAs(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void anExceptionInANestedCallReachesTheOuterOne() {
        assertThatThrownBy(() -> owner.call(() -> owner.call(() -> {
                    throw new IOException("inner");
                })))
                .isInstanceOf(IOException.class)
                .hasMessage("inner");
    }

    @Test
    void noThrowableEndsTheThread() throws Exception {
        CompletableFuture<Object> checked = owner.submit(() -> {
            throw new IOException("checked");
        });
        CompletableFuture<Object> error = owner.submit(() -> {
            throw new OutOfMemoryError("not really");
        });
        CompletableFuture<Integer> overflow = owner.submit(() -> descend(0));
        assertThatThrownBy(checked::get).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(error::get).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(overflow::get).hasCauseInstanceOf(StackOverflowError.class);
        assertThat(owner.call(() -> "alive")).isEqualTo("alive");
    }

    private static int descend(int depth) {
        return descend(depth + 1) + 1;
    }

    @Test
    void anInterruptedCallerLeavesAndTheTaskIsCancelled() throws Exception {
        CountDownLatch release = holdOwner();
        AtomicBoolean ran = new AtomicBoolean();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> owner.call(() -> {
                    ran.set(true);
                    return null;
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(ran).isFalse();
        release.countDown();
        owner.call(() -> null);
        assertThat(ran).isFalse();
    }

    @Test
    void anInterruptOfOneTaskDoesNotReachTheNext() throws Exception {
        CountDownLatch release = holdOwner();
        owner.submit(() -> {
            Thread.currentThread().interrupt();
            return null;
        });
        CompletableFuture<Boolean> next =
                owner.submit(() -> Thread.currentThread().isInterrupted());
        release.countDown();
        assertThat(next.get()).isFalse();
    }

    @Test
    void anIdleThreadIsParkedAlsoAfterAnInterrupt() throws Exception {
        owner.call(() -> null);
        awaitParked();
        owner.thread().interrupt();
        while (owner.thread().isInterrupted()) {
            Thread.onSpinWait();
        }
        awaitParked();
        assertThat(owner.call(() -> Thread.currentThread().isInterrupted())).isFalse();
    }

    private void awaitParked() {
        while (owner.thread().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aCancelledTaskIsSkipped() throws Exception {
        CountDownLatch release = holdOwner();
        AtomicInteger ran = new AtomicInteger();
        CompletableFuture<Integer> kept = owner.submit(ran::incrementAndGet);
        CompletableFuture<Integer> cancelled = owner.submit(ran::incrementAndGet);
        CompletableFuture<Integer> byHand = owner.submit(ran::incrementAndGet);
        assertThat(cancelled.cancel(false)).isTrue();
        assertThat(byHand.complete(7)).isTrue();
        release.countDown();
        assertThat(kept.get()).isEqualTo(1);
        owner.call(() -> null);
        assertThat(ran).hasValue(1);
        assertThat(cancelled).isCancelled();
        assertThat(byHand).isCompletedWithValue(7);
    }

    @Test
    void cancellingATaskThatRunsDropsItsResultOnly() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        CompletableFuture<Boolean> future = owner.submit(() -> {
            running.countDown();
            release.await();
            finished.set(true);
            return true;
        });
        running.await();
        future.cancel(false);
        release.countDown();
        owner.call(() -> null);
        assertThat(finished).isTrue();
        assertThat(future).isCancelled();
    }

    @Test
    void everyTaskOfFourThreadsRunsExactlyOnceAndInOrder() throws Exception {
        int producers = 4;
        int tasks = 50_000;
        int[] next = new int[producers];
        AtomicReference<String> wrong = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads.add(new Thread(() -> {
                for (int i = 0; i < tasks; i++) {
                    int number = i;
                    owner.submit(() -> {
                        if (next[producer] != number) {
                            wrong.compareAndSet(null, producer + ": " + number + " after " + next[producer]);
                        }
                        next[producer]++;
                        return null;
                    });
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        int[] counts = owner.call(next::clone);
        assertThat(wrong.get()).isNull();
        assertThat(counts).containsOnly(tasks);
    }

    @Test
    void noWakeUpIsLostBetweenThreadsThatTakeTurns() throws Exception {
        // Every round puts both threads to sleep once; a lost wake-up would hang here.
        int rounds = 10_000;
        Mailbox other = open("beta");
        CompletableFuture<Integer> done = new CompletableFuture<>();
        new Object() {
            Object turn(Mailbox on, Mailbox from, int left) {
                if (left == 0) {
                    done.complete(rounds);
                } else {
                    from.submit(() -> turn(from, on, left - 1));
                }
                return null;
            }
        }.turn(owner, other, rounds);
        assertThat(done.get()).isEqualTo(rounds);
        for (int i = 0; i < rounds; i++) {
            int number = i;
            assertThat(other.<Integer, RuntimeException>call(() -> number)).isEqualTo(number);
        }
    }

    @Test
    void aTaskIsRequired() {
        assertThatThrownBy(() -> owner.submit((Callable<Object>) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> owner.call((Action<Object, RuntimeException>) null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void submittingWhileClosingEitherRunsOrRejectsEachTask() throws Exception {
        for (int round = 0; round < 300; round++) {
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger ranBeforeClosing = new AtomicInteger();
            Mailbox brief = scheduler
                    .mailbox("brief", new CheckedResident().closing(() -> ranBeforeClosing.set(ran.get())))
                    .start();
            List<CompletableFuture<Integer>> futures = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch begin = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                threads.add(new Thread(() -> {
                    awaitUnchecked(begin);
                    CompletableFuture<Integer> future;
                    do {
                        future = brief.submit(ran::incrementAndGet);
                        futures.add(future);
                    } while (!future.isCompletedExceptionally());
                }));
            }
            threads.forEach(Thread::start);
            begin.countDown();
            brief.close(LONG);
            for (Thread thread : threads) {
                thread.join();
            }
            int accepted = 0;
            for (CompletableFuture<Integer> future : futures) {
                Throwable failure = future.handle((value, thrown) -> thrown).get();
                if (failure == null) {
                    accepted++;
                } else {
                    assertThat(failure).isInstanceOf(RejectedExecutionException.class);
                }
            }
            assertThat(ran).hasValue(accepted);
            assertThat(ranBeforeClosing).hasValue(accepted);
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
