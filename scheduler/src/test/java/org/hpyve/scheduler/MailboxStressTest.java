package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Very many tasks in 64 mailboxes: some throw, some are cancelled, some run away, some come too late, some call other
 * mailboxes, and all the time mailboxes are closed and others opened in their place.
 *
 * <p>{@code -Dhpyve.stress.tasks=1000000} says how many, and has the counts printed.
 */
@ParameterizedClass
@EnumSource(names = {"DEDICATED", "THREE_WORKERS"})
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailboxStressTest extends SchedulerFixture {

    private static final String PROPERTY = "hpyve.stress.tasks";
    private static final int TASKS = Integer.getInteger(PROPERTY, 20_000);
    private static final int MAILBOXES = 64;
    private static final int SUBMITTERS = 4;

    /** Tasks that have not ended; more would only fill the memory. */
    private final Semaphore places = new Semaphore(10_000);

    /** How often each task began, and ended. */
    private final AtomicIntegerArray begins = new AtomicIntegerArray(TASKS);

    private final AtomicIntegerArray ends = new AtomicIntegerArray(TASKS);
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<Home> homes = new AtomicReferenceArray<>(MAILBOXES);
    private final Queue<Home> past = new ConcurrentLinkedQueue<>();

    private record Home(Mailbox mailbox, CheckedResident resident) {}

    private static final class Expected extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Expected() {
            super("expected", null, false, false);
        }
    }

    MailboxStressTest(Mode mode) {
        super(mode);
    }

    @Test
    void everyTaskEndsExactlyOnceAndNothingIsLeft() throws Exception {
        long begin = System.nanoTime();
        for (int i = 0; i < MAILBOXES; i++) {
            homes.set(i, openHome(i));
        }
        List<CompletableFuture<Void>> submitters = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            int number = i;
            CompletableFuture<Void> done = new CompletableFuture<>();
            submitters.add(done);
            Thread thread = new Thread(() -> {
                try {
                    submit(number);
                    done.complete(null);
                } catch (Throwable failure) {
                    done.completeExceptionally(failure);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        for (CompletableFuture<Void> each : submitters) {
            each.get();
        }
        for (int i = 0; i < MAILBOXES; i++) {
            past.add(homes.get(i));
        }
        for (Home home : past) {
            home.mailbox.close(LONG);
            assertThat(home.mailbox.stuck()).isNull();
            assertThat(home.resident.timesClosed()).isOne();
            assertThat(home.resident.breaches()).isEmpty();
        }
        for (int i = 0; i < TASKS; i++) {
            assertThat(begins.get(i)).as("begins of task %d", i).isLessThanOrEqualTo(1);
            assertThat(ends.get(i)).as("ends of task %d", i).isOne();
        }
        assertThat(counts.keySet()).isSubsetOf("result", "exception", "cancelled", "timeout", "rejected");
        assertThat(counts.values().stream().mapToLong(LongAdder::sum).sum()).isEqualTo(TASKS);
        if (System.getProperty(PROPERTY) != null) {
            System.out.printf(
                    "%s: %d tasks, %d mailboxes, %.1f s: %s%n",
                    mode, TASKS, past.size(), (System.nanoTime() - begin) / 1e9, new TreeMap<>(counts));
        }
    }

    private Home openHome(int number) {
        CheckedResident made = new CheckedResident();
        // Some have few places, some many.
        int length = number % 4 == 0 ? 50 : Integer.MAX_VALUE;
        MailboxLimits limits = new MailboxLimits(length, Duration.ofMillis(1), null, null, LONG, LONG);
        return new Home(
                scheduler.mailbox("stress" + number, made).limits(limits).start(), made);
    }

    private void submit(int submitter) throws InterruptedException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(17L + submitter);
        for (int task = submitter; task < TASKS; task += SUBMITTERS) {
            places.acquire();
            int at = random.nextInt(MAILBOXES);
            submit(task, homes.get(at), random);
            if (random.nextInt(1_000) == 0) {
                replace(at, random);
            }
        }
    }

    private void submit(int task, Home home, RandomGenerator random) {
        int kind = random.nextInt(10_000);
        Mailbox mailbox = home.mailbox;
        CompletableFuture<?> future;
        if (kind < 1_500) {
            future = mailbox.submit(() -> {
                begins.incrementAndGet(task);
                throw new Expected();
            });
        } else if (kind < 2_000) {
            future = mailbox.submit(() -> begins.incrementAndGet(task), Duration.ofNanos(random.nextInt(3_000_000)));
        } else if (kind < 2_005) {
            future = mailbox.submit(
                    () -> {
                        begins.incrementAndGet(task);
                        return home.resident.untilStopped();
                    },
                    Duration.ofMillis(random.nextInt(5)));
        } else if (kind < 2_007) {
            future = mailbox.submit(
                    () -> {
                        begins.incrementAndGet(task);
                        return home.resident.untilInsisted();
                    },
                    Duration.ofMillis(random.nextInt(5)));
        } else if (kind < 2_300) {
            Mailbox other = homes.get(random.nextInt(MAILBOXES)).mailbox;
            future = mailbox.submit(() -> {
                begins.incrementAndGet(task);
                return other.call(() -> "called");
            });
        } else {
            future = mailbox.submit(() -> begins.incrementAndGet(task));
        }
        CompletableFuture<?> counted = future.whenComplete((value, thrown) -> end(task, value, thrown));
        assertThat(counted).isNotNull();
        if (kind % 12 == 0) {
            future.cancel(kind % 24 == 0);
        }
        if (kind == 2_301) {
            mailbox.interrupt();
        }
    }

    private void end(int task, Object value, Throwable thrown) {
        ends.incrementAndGet(task);
        places.release();
        boolean began = begins.get(task) == 1;
        count(!began && (value != null || thrown instanceof Expected) ? "wrong" : outcome(value, thrown));
    }

    private void count(String outcome) {
        counts.computeIfAbsent(outcome, name -> new LongAdder()).increment();
    }

    private static String outcome(Object value, Throwable thrown) {
        if (value != null) {
            return "result";
        } else if (thrown instanceof CancellationException) {
            return "cancelled";
        } else if (thrown instanceof TaskTimeout) {
            return "timeout";
        } else if (thrown instanceof RejectedExecutionException) {
            return "rejected";
        }
        boolean known = thrown instanceof Expected || thrown instanceof Deadlock;
        // What interrupts a task that waits for another mailbox.
        return known || thrown instanceof InterruptedException ? "exception" : "wrong: " + thrown;
    }

    /** Closes a mailbox by one of three ways, after another has taken its place. */
    private void replace(int at, RandomGenerator random) {
        Home old = homes.getAndSet(at, openHome(at));
        past.add(old);
        Duration drain = Duration.ofMillis(random.nextInt(6));
        switch (random.nextInt(3)) {
            case 0 -> old.mailbox.close(drain);
            case 1 -> old.mailbox.closeAsync(drain);
            default ->
                old.mailbox.submit(() -> {
                    old.mailbox.close(drain);
                    return null;
                });
        }
    }
}
