package org.hpyve.scheduler;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lincheck runs the operations of queues on its own threads in many interleavings. What they return must be possible in
 * some order in which no two of them overlap; and whatever was accepted is taken once, also if the queue is closed.
 */
@Tag("model")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageQueueModelTest {

    private static final int BOUND = 2;

    /** Without a bound. */
    public static class Unbounded {

        final MessageQueue<Integer> queue;

        public Unbounded() {
            this(0);
        }

        Unbounded(int capacity) {
            queue = new MessageQueue<>(capacity);
        }

        @Operation
        public boolean offer(@Param(gen = IntGen.class) int message) {
            return queue.offer(message);
        }

        @Operation
        public Integer poll() {
            return queue.poll();
        }

        @Validate
        public void sizeIsThatOfWhatCanBeTaken() {
            int size = queue.size();
            int taken = 0;
            while (queue.poll() != null) {
                taken++;
            }
            check(size == taken, "a size of " + size + " for " + taken + " messages");
        }
    }

    /** With a bound. */
    public static class Bounded extends Unbounded {

        public Bounded() {
            super(BOUND);
        }
    }

    /** The same, for those who wait a moment. */
    public static class Waiting extends Bounded {

        @Override
        public boolean offer(int message) {
            try {
                return queue.offer(message, 1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Integer poll() {
            try {
                return queue.poll(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What {@link Unbounded} has to look like when only one thread uses it at a time. */
    public static class UnboundedSpecification {

        private final Queue<Integer> messages = new ArrayDeque<>();

        public boolean offer(int message) {
            return messages.offer(message);
        }

        public Integer poll() {
            return messages.poll();
        }

        int size() {
            return messages.size();
        }
    }

    /** The same of {@link Bounded}. */
    public static class BoundedSpecification extends UnboundedSpecification {

        @Override
        public boolean offer(int message) {
            return size() < BOUND && super.offer(message);
        }
    }

    /** With a bound; somebody closes it or removes what nobody wants. */
    public static class Closing {

        private final MessageQueue<Object> queue = new MessageQueue<>(BOUND);
        private final Collection<Object> accepted = new ConcurrentLinkedQueue<>();
        private final Collection<Object> taken = new ConcurrentLinkedQueue<>();
        private final AtomicInteger removed = new AtomicInteger();

        @Operation
        public void offer() {
            Object message = new Object();
            try {
                if (queue.offer(message)) {
                    accepted.add(message);
                }
            } catch (ClosedQueueException refused) {
                // As if it had never been there.
            }
        }

        @Operation
        public void poll() {
            boolean unused = take();
        }

        private boolean take() {
            try {
                Object message = queue.poll();
                return message != null && taken.add(message);
            } catch (ClosedQueueException closedAndEmpty) {
                return false;
            }
        }

        @Operation
        public void removeAll() {
            removed.addAndGet(queue.removeIf(message -> true));
        }

        @Operation
        public void close() {
            queue.close();
        }

        @Validate
        public void whatWasAcceptedIsTakenOnce() {
            while (take()) {
                // On.
            }
            check(queue.size() == 0, "a size of " + queue.size() + " of an empty queue");
            check(taken.stream().distinct().count() == taken.size(), "taken twice");
            check(accepted.containsAll(taken), "taken, but not accepted");
            check(accepted.size() == taken.size() + removed.get(), "accepted, but lost");
            if (!queue.isClosed()) {
                check(queue.offer(1) && queue.offer(2) && !queue.offer(3), "not all places are free again");
            }
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    /** Every interleaving of few steps. */
    private static ModelCheckingOptions model() {
        return new ModelCheckingOptions()
                .iterations(3)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(0)
                .minimizeFailedScenario(false);
    }

    private static StressOptions stress() {
        return new StressOptions()
                .iterations(3)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .minimizeFailedScenario(false);
    }

    @Test
    void whatAnUnboundedQueueSaysIsPossibleInSomeOrder() {
        model().sequentialSpecification(UnboundedSpecification.class).check(Unbounded.class);
    }

    @Test
    void whatABoundedQueueSaysIsPossibleInSomeOrder() {
        model().sequentialSpecification(BoundedSpecification.class).check(Bounded.class);
    }

    @Test
    void whatABoundedQueueSaysToThoseWhoWaitIsPossibleInSomeOrder() {
        stress().sequentialSpecification(BoundedSpecification.class).check(Waiting.class);
    }

    @Test
    void nothingThatWasAcceptedIsLostWhenItIsClosed() {
        stress().check(Closing.class);
    }
}
