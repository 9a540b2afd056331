package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A scheduler for each test. At the end no thread and no thread group of it is there, and no resident was treated ill. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class SchedulerFixture {

    enum Mode {
        DEDICATED,
        ONE_WORKER,
        THREE_WORKERS;

        Scheduler.Builder scheduler() {
            return switch (this) {
                case DEDICATED -> Scheduler.builder().dedicated();
                case ONE_WORKER -> Scheduler.builder().workers(1);
                case THREE_WORKERS -> Scheduler.builder().workers(3);
            };
        }
    }

    static final Duration LONG = Duration.ofSeconds(15);

    private static final AtomicInteger SERIAL = new AtomicInteger();

    /** What the names of the scheduler's threads begin with. */
    final String prefix = "test" + SERIAL.incrementAndGet() + "x";

    final Mode mode;
    final Scheduler scheduler;

    /** The resident of {@link #open()}. */
    final CheckedResident resident;

    private final List<CheckedResident> residents = new ArrayList<>();
    private final List<Mailbox> mailboxes = new ArrayList<>();

    SchedulerFixture(Mode mode) {
        this.mode = mode;
        scheduler = mode.scheduler().name(prefix).build();
        resident = resident();
    }

    final CheckedResident resident() {
        CheckedResident made = new CheckedResident();
        residents.add(made);
        return made;
    }

    Mailbox open() {
        return open("alpha", resident);
    }

    Mailbox open(String name) {
        return open(name, resident());
    }

    Mailbox open(String name, CheckedResident of) {
        return open(name, of, MailboxLimits.NONE);
    }

    /** A mailbox that is closed at the end of the test if it is not before. */
    Mailbox open(String name, CheckedResident of, MailboxLimits limits) {
        Mailbox mailbox = scheduler.mailbox(name, of).limits(limits).start();
        mailboxes.add(mailbox);
        return mailbox;
    }

    @AfterEach
    void nothingIsLeft() {
        for (Mailbox mailbox : mailboxes) {
            mailbox.close(LONG);
        }
        scheduler.close();
        await(() -> threads().isEmpty());
        assertThat(threads()).isEmpty();
        if (Runtime.version().feature() < 19) {
            // Since then a group without threads is nothing but an object.
            assertThat(groups()).isEmpty();
        }
        for (CheckedResident each : residents) {
            assertThat(each.breaches()).isEmpty();
        }
    }

    /** Names of living threads of this scheduler. */
    List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    private List<String> groups() {
        ThreadGroup top = Workers.topGroup();
        ThreadGroup[] groups = new ThreadGroup[top.activeGroupCount() + 16];
        int count = top.enumerate(groups);
        return Arrays.stream(groups, 0, count)
                .map(ThreadGroup::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A task that holds its mailbox until it is released. */
    static final class Hold {

        private final CountDownLatch running = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        /** Submits the task and waits until it runs. */
        static Hold of(Mailbox mailbox) throws InterruptedException {
            Hold hold = new Hold();
            mailbox.submit(hold::run);
            hold.running.await();
            return hold;
        }

        /** The task. */
        Object run() {
            running.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    released.await();
                    waiting = false;
                } catch (InterruptedException e) {
                    // It is released, not interrupted.
                }
            }
            return "held";
        }

        void awaitReleased() throws InterruptedException {
            released.await();
        }

        void awaitRunning() throws InterruptedException {
            running.await();
        }

        void release() {
            released.countDown();
        }
    }
}
