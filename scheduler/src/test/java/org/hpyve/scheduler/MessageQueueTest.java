package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who puts and takes, who waits and who is woken. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageQueueTest {

    private static final long MILLI = 1_000_000;

    private final List<Thread> threads = new ArrayList<>();

    /** Runs something on a thread of its own. */
    private <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "queue-test");
        threads.add(thread);
        thread.start();
        return task;
    }

    private static void awaitParked(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
    }

    private Thread last() {
        return threads.get(threads.size() - 1);
    }

    @AfterEach
    void noThreadIsLeft() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).as("%s", thread).isFalse();
        }
    }

    @Test
    void theFirstInIsTheFirstOut() throws InterruptedException {
        MessageQueue<Integer> queue = new MessageQueue<>(0);
        for (int i = 0; i < 1000; i++) {
            queue.put(i);
        }
        assertThat(queue.size()).isEqualTo(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(queue.take()).isEqualTo(i);
        }
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isNull();
    }

    @Test
    void aFullQueueRefusesWhatIsOfferedAndWaitsForRoom() throws Exception {
        MessageQueue<String> queue = new MessageQueue<>(2);
        assertThat(queue.offer("a")).isTrue();
        assertThat(queue.offer("b")).isTrue();
        assertThat(queue.offer("c")).isFalse();
        assertThat(queue.offer("c", 5 * MILLI)).isFalse();
        FutureTask<Void> put = start(() -> {
            queue.put("c");
            return null;
        });
        awaitParked(last());
        assertThat(queue.take()).isEqualTo("a");
        put.get();
        assertThat(List.of(queue.take(), queue.take())).containsExactly("b", "c");
    }

    @Test
    void aNegativeCapacityIsRefused() {
        assertThatThrownBy(() -> new MessageQueue<>(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEmptyQueueIsWaitedForAsLongAsAsked() throws Exception {
        MessageQueue<String> queue = new MessageQueue<>(0);
        long start = System.nanoTime();
        assertThat(queue.poll(20 * MILLI)).isNull();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20 * MILLI);
        assertThat(queue.poll(-5)).isNull();
        FutureTask<String> taken = start(queue::take);
        awaitParked(last());
        queue.put("late");
        assertThat(taken.get()).isEqualTo("late");
    }

    @Test
    void aWaitingReceiverCanBeInterruptedAndTakesNothing() throws Exception {
        MessageQueue<String> queue = new MessageQueue<>(1);
        FutureTask<String> taken = start(queue::take);
        awaitParked(last());
        last().interrupt();
        assertThatThrownBy(taken::get).hasCauseInstanceOf(InterruptedException.class);
        queue.put("kept");
        assertThat(queue.poll()).isEqualTo("kept");
    }

    @Test
    void aWaitingSenderCanBeInterruptedAndSendsNothing() throws Exception {
        MessageQueue<String> queue = new MessageQueue<>(1);
        queue.put("first");
        FutureTask<Void> put = start(() -> {
            queue.put("never");
            return null;
        });
        awaitParked(last());
        last().interrupt();
        assertThatThrownBy(put::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(queue.poll()).isEqualTo("first");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void closingWakesAllReceivers() throws Exception {
        MessageQueue<String> queue = new MessageQueue<>(0);
        List<FutureTask<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(i % 2 == 0 ? start(queue::take) : start(() -> queue.poll(60_000 * MILLI)));
            awaitParked(last());
        }
        queue.close();
        for (FutureTask<String> each : waiting) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(ClosedQueueException.class);
        }
    }

    @Test
    void closingWakesAllSenders() throws Exception {
        MessageQueue<String> queue = new MessageQueue<>(1);
        queue.put("in");
        List<FutureTask<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(start(() -> queue.offer("out", MessageQueue.FOREVER)));
            awaitParked(last());
        }
        queue.close();
        for (FutureTask<Boolean> each : waiting) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(ClosedQueueException.class);
        }
        assertThat(queue.take()).isEqualTo("in");
    }

    @Test
    void whatIsInAClosedQueueCanBeTakenAndThenNothing() throws InterruptedException {
        MessageQueue<String> queue = new MessageQueue<>(0);
        queue.put("a");
        queue.put("b");
        queue.close();
        queue.close();
        assertThat(queue.isClosed()).isTrue();
        assertThat(queue.size()).isEqualTo(2);
        assertThatThrownBy(() -> queue.put("c")).isInstanceOf(ClosedQueueException.class);
        assertThat(queue.poll()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
        assertThatThrownBy(queue::poll).isInstanceOf(ClosedQueueException.class);
        assertThatThrownBy(queue::take).isInstanceOf(ClosedQueueException.class);
    }

    @Test
    void removedMessagesAreNeitherCountedNorTakenAndMakeRoom() throws Exception {
        MessageQueue<Integer> queue = new MessageQueue<>(6);
        for (int i = 0; i < 6; i++) {
            queue.put(i);
        }
        FutureTask<Void> put = start(() -> {
            queue.put(7);
            return null;
        });
        awaitParked(last());
        assertThat(queue.removeIf(i -> i % 2 == 0)).isEqualTo(3);
        put.get();
        assertThat(queue.size()).isEqualTo(4);
        List<Integer> rest = new ArrayList<>();
        queue.forEach(rest::add);
        assertThat(rest).containsExactly(1, 3, 5, 7);
        assertThat(List.of(queue.take(), queue.take(), queue.take(), queue.take()))
                .containsExactly(1, 3, 5, 7);
        assertThat(queue.poll(MILLI)).isNull();
    }

    /** Each message is seen once, those of one sender in order, however many send and receive. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16})
    void noMessageIsLostOrDoubled(int capacity) throws Exception {
        int senders = 4;
        int receivers = 4;
        int each = capacity == 1 ? 5_000 : 50_000;
        MessageQueue<int[]> queue = new MessageQueue<>(capacity);
        List<FutureTask<Void>> sending = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
            int sender = s;
            sending.add(start(() -> {
                for (int i = 0; i < each; i++) {
                    queue.put(new int[] {sender, i});
                }
                return null;
            }));
        }
        AtomicInteger[] seen = IntStream.range(0, senders * each)
                .mapToObj(i -> new AtomicInteger())
                .toArray(AtomicInteger[]::new);
        List<FutureTask<Boolean>> receiving = new ArrayList<>();
        for (int r = 0; r < receivers; r++) {
            receiving.add(start(() -> {
                int[] next = new int[senders];
                boolean inOrder = true;
                while (true) {
                    int[] message;
                    try {
                        message = queue.take();
                    } catch (ClosedQueueException e) {
                        return inOrder;
                    }
                    seen[message[0] * each + message[1]].incrementAndGet();
                    inOrder &= message[1] >= next[message[0]];
                    next[message[0]] = message[1] + 1;
                }
            }));
        }
        for (FutureTask<Void> task : sending) {
            task.get();
        }
        queue.close();
        for (FutureTask<Boolean> task : receiving) {
            assertThat(task.get()).isTrue();
        }
        assertThat(seen).allMatch(count -> count.get() == 1);
    }

    /** Two that answer each other park most of the time; a lost wake-up would stop both. */
    @Test
    void noWakeUpIsLost() throws Exception {
        MessageQueue<Integer> there = new MessageQueue<>(1);
        MessageQueue<Integer> back = new MessageQueue<>(1);
        FutureTask<Void> echo = start(() -> {
            for (Integer got = there.take(); got >= 0; got = there.take()) {
                back.put(got);
            }
            return null;
        });
        long end = System.nanoTime() + 1_000 * MILLI;
        int turns = 0;
        while (System.nanoTime() < end) {
            there.put(turns);
            if (ThreadLocalRandom.current().nextInt(64) == 0) {
                // Long enough for the other to be parked.
                TimeUnit.MICROSECONDS.sleep(100);
            }
            assertThat(back.take()).isEqualTo(turns++);
        }
        there.put(-1);
        echo.get();
        assertThat(turns).isGreaterThan(100);
    }

    /** Messages are taken, removed, refused or left: each has one of these fates, also when all happens at once. */
    @Test
    void everyMessageHasOneFate() throws Exception {
        for (int round = 0; round < 100; round++) {
            MessageQueue<Integer> queue = new MessageQueue<>(round % 2 == 0 ? 0 : 8);
            int sent = 2_000;
            AtomicInteger refused = new AtomicInteger();
            AtomicInteger taken = new AtomicInteger();
            AtomicInteger removed = new AtomicInteger();
            CompletableFuture<Void> half = new CompletableFuture<>();
            FutureTask<Void> sender = start(() -> {
                for (int i = 0; i < sent; i++) {
                    if (i == sent / 2) {
                        half.complete(null);
                    }
                    try {
                        queue.put(i);
                    } catch (ClosedQueueException e) {
                        refused.incrementAndGet();
                    }
                }
                return null;
            });
            List<FutureTask<Void>> receivers = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                receivers.add(start(() -> {
                    while (true) {
                        try {
                            if (queue.poll(50_000 * MILLI) != null) {
                                taken.incrementAndGet();
                            }
                        } catch (ClosedQueueException e) {
                            return null;
                        }
                    }
                }));
            }
            for (int i = 0; i < 20; i++) {
                removed.addAndGet(queue.removeIf(message -> message % 3 == 0));
            }
            half.join();
            queue.close();
            sender.get();
            for (FutureTask<Void> receiver : receivers) {
                receiver.get();
            }
            assertThat(queue.size()).isZero();
            assertThat(refused.get() + taken.get() + removed.get()).isEqualTo(sent);
        }
    }
}
