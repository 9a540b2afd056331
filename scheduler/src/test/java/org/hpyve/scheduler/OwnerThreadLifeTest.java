package org.hpyve.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How an owner thread starts and ends; {@link OwnerThreadTest} has what is between. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OwnerThreadLifeTest {

    /** What happened, in order; written by owner threads and read after they have ended. */
    private final List<String> events = new ArrayList<>();

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private OwnerThread.Builder recording() {
        return OwnerThread.builder("alpha").closing(() -> {
            events.add("closing on " + Thread.currentThread().getName());
            return null;
        });
    }

    /** A task that runs until {@link #release}. */
    private Object holdOwner() throws InterruptedException {
        running.countDown();
        release.await();
        events.add("held");
        return null;
    }

    private static void awaitEnd(OwnerThread owner) throws InterruptedException {
        owner.thread().join();
    }

    @Test
    void theFirstActionRunsOnTheThreadBeforeAnyTask() throws Exception {
        OwnerThread owner = recording()
                .start(() -> events.add("first on "
                        + Thread.currentThread().getName() + ", "
                        + OwnerThread.current().name()));
        owner.submit(() -> events.add("task"));
        owner.close();
        assertThat(events).containsExactly("first on alpha, alpha", "task", "closing on alpha");
    }

    @Test
    void aFailingFirstActionReachesTheCreatorAndEndsTheThread() throws InterruptedException {
        IOException thrown = new IOException("no interpreter");
        AtomicReference<OwnerThread> leaked = new AtomicReference<>();
        AtomicReference<CompletableFuture<Boolean>> queued = new AtomicReference<>();
        try {
            OwnerThread never = recording().start(() -> {
                leaked.set(OwnerThread.current());
                queued.set(OwnerThread.current().submit(() -> events.add("task")));
                throw thrown;
            });
            throw new AssertionError("started: " + never);
        } catch (IOException seen) {
            assertThat(seen).isSameAs(thrown);
        }
        assertThat(leaked.get().thread().isAlive()).isFalse();
        assertThat(events).isEmpty();
        assertThatThrownBy(queued.get()::get)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("alpha");
        assertThatThrownBy(leaked.get().submit(() -> null)::get).hasCauseInstanceOf(RejectedExecutionException.class);
        leaked.get().close();
    }

    @Test
    void anErrorInTheFirstActionReachesTheCreator() {
        Error thrown = new ExceptionInInitializerError("no library");
        assertThat(catchThrowable(() -> recording().start(() -> {
                    throw thrown;
                })))
                .isSameAs(thrown);
        assertThat(events).isEmpty();
    }

    @Test
    void aCreatorThatIsInterruptedLeavesAThreadThatClosesItself() throws Exception {
        AtomicReference<OwnerThread> created = new AtomicReference<>();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> recording().start(() -> {
                    created.set(OwnerThread.current());
                    return holdOwner();
                }))
                .isInstanceOf(InterruptedException.class);
        running.await();
        release.countDown();
        awaitEnd(created.get());
        assertThat(events).containsExactly("held", "closing on alpha");
    }

    @Test
    void closingInTheFirstActionEndsTheThreadAfterIt() throws Exception {
        OwnerThread owner = recording().start(() -> {
            OwnerThread.current().close();
            return events.add("first");
        });
        awaitEnd(owner);
        assertThat(events).containsExactly("first", "closing on alpha");
        assertThat(owner.isClosed()).isTrue();
    }

    @Test
    void closeLetsQueuedTasksRunAndRefusesNewOnes() throws Exception {
        OwnerThread owner = recording().start();
        owner.submit(this::holdOwner);
        CompletableFuture<Boolean> queued = owner.submit(() -> events.add("queued"));
        running.await();
        CompletableFuture<Void> ended = owner.closeAsync();
        CompletableFuture<Boolean> late = owner.submit(() -> events.add("late"));
        assertThat(late).isCompletedExceptionally();
        assertThatThrownBy(late::get)
                .hasCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("'alpha' is closed");
        assertThatThrownBy(() -> owner.call(() -> events.add("late")))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("'alpha' is closed");
        assertThat(ended).isNotDone();
        release.countDown();
        owner.close();
        assertThat(ended).isCompleted();
        assertThat(queued).isCompletedWithValue(true);
        assertThat(events).containsExactly("held", "queued", "closing on alpha");
        assertThat(owner).hasToString("OwnerThread[alpha, depth 0, closed]");
    }

    @Test
    void closeMayBeCalledTwice() {
        OwnerThread owner = recording().start();
        owner.close();
        owner.close();
        assertThat(events).containsExactly("closing on alpha");
        assertThat(owner.thread().isAlive()).isFalse();
    }

    @Test
    void closeMayBeCalledBySeveralThreads() throws Exception {
        OwnerThread owner = recording().start();
        owner.submit(this::holdOwner);
        running.await();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(new Thread(owner::close));
        }
        closers.forEach(Thread::start);
        release.countDown();
        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(events).containsExactly("held", "closing on alpha");
    }

    @Test
    void closeInATaskReturnsAtOnceAndTheQueuedTasksFollow() throws Exception {
        OwnerThread owner = recording().start();
        owner.submit(this::holdOwner);
        running.await();
        owner.submit(() -> {
            owner.close();
            events.add("after close: " + owner.<String, RuntimeException>call(() -> "nested call"));
            return events.add("refused: " + owner.submit(() -> null).isCompletedExceptionally());
        });
        owner.submit(() -> events.add("queued"));
        release.countDown();
        awaitEnd(owner);
        assertThat(events)
                .containsExactly("held", "after close: nested call", "refused: true", "queued", "closing on alpha");
    }

    @Test
    void closeInTheClosingActionChangesNothing() {
        OwnerThread owner = OwnerThread.builder("alpha")
                .closing(() -> {
                    OwnerThread.current().close();
                    events.add("refused: "
                            + OwnerThread.current().submit(() -> null).isCompletedExceptionally());
                    return events.add(OwnerThread.current().call(() -> "nested call"));
                })
                .start();
        owner.close();
        assertThat(events).containsExactly("refused: true", "nested call");
    }

    @Test
    void anInterruptDoesNotEndTheWaitOfClose() throws Exception {
        OwnerThread owner = recording().start();
        owner.submit(this::holdOwner);
        running.await();
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean alive = new AtomicBoolean(true);
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            owner.close();
            alive.set(owner.thread().isAlive());
            interrupted.set(Thread.interrupted());
        });
        closer.start();
        // Waiting without a time limit means joining: the interrupt has been taken and put aside.
        while (closer.getState() != Thread.State.WAITING || closer.isInterrupted()) {
            Thread.onSpinWait();
        }
        release.countDown();
        closer.join();
        assertThat(alive).isFalse();
        assertThat(interrupted).isTrue();
    }

    @Test
    void everyCloserGetsTheFailureOfTheClosingAction() throws Exception {
        IllegalStateException thrown = new IllegalStateException("3 handles open");
        OwnerThread owner = failing(thrown);
        assertThat(catchThrowable(owner::close)).isSameAs(thrown);
        assertThat(catchThrowable(owner::close)).isSameAs(thrown);
        assertThatThrownBy(owner.closeAsync()::get).hasCause(thrown);
        assertThat(owner.thread().isAlive()).isFalse();
    }

    @Test
    void aCheckedFailureOfTheClosingActionIsACause() {
        IOException thrown = new IOException("disk");
        assertThatThrownBy(failing(thrown)::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("alpha")
                .hasCause(thrown);
    }

    @Test
    void aFailureOfTheClosingActionThatNobodyWaitsForIsUncaught() throws Exception {
        IOException thrown = new IOException("disk");
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        OwnerThread owner = failing(thrown);
        owner.thread().setUncaughtExceptionHandler((thread, failure) -> uncaught.set(failure));
        owner.submit(() -> {
            owner.close();
            return null;
        });
        awaitEnd(owner);
        assertThat(uncaught.get()).isSameAs(thrown);
    }

    private static OwnerThread failing(Exception thrown) {
        return OwnerThread.builder("alpha")
                .closing(() -> {
                    throw thrown;
                })
                .start();
    }

    @Test
    void idleThreadsCloseAtOnce() {
        for (int i = 0; i < 500; i++) {
            OwnerThread.builder("brief").start().close();
        }
    }

    @Test
    void theThreadIsADaemonUnlessAskedOtherwise() {
        OwnerThread daemon = OwnerThread.builder("alpha").start();
        OwnerThread user = OwnerThread.builder("beta").daemon(false).start();
        assertThat(daemon.thread().isDaemon()).isTrue();
        assertThat(user.thread().isDaemon()).isFalse();
        assertThat(user.name()).isEqualTo("beta");
        daemon.close();
        user.close();
    }

    @Test
    void theContextClassLoaderIsTheCreatorsUnlessGiven() throws Exception {
        Thread creator = Thread.currentThread();
        ClassLoader before = creator.getContextClassLoader();
        try (URLClassLoader own = new URLClassLoader(new URL[0]);
                URLClassLoader given = new URLClassLoader(new URL[0])) {
            creator.setContextClassLoader(own);
            OwnerThread inherits = OwnerThread.builder("alpha").start();
            OwnerThread isGiven =
                    OwnerThread.builder("beta").contextClassLoader(given).start();
            assertThat(inherits.call(() -> Thread.currentThread().getContextClassLoader()))
                    .isSameAs(own);
            assertThat(isGiven.call(() -> Thread.currentThread().getContextClassLoader()))
                    .isSameAs(given);
            inherits.close();
            isGiven.close();
        } finally {
            creator.setContextClassLoader(before);
        }
    }

    @Test
    void threadLocalsOfTheCreatorAreNotInherited() throws Exception {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("creator's");
        OwnerThread owner = OwnerThread.builder("alpha").start();
        String seen = owner.call(local::get);
        assertThat(seen).isNull();
        owner.close();
        local.remove();
    }

    @Test
    void theStackSizeLimitsTheDepthOfRecursion() throws Exception {
        int small = depthWithin(1 << 20);
        int standard = depthWithin(OwnerThread.Builder.DEFAULT_STACK_SIZE);
        assertThat(standard).isGreaterThan(4 * small);
        assertThatThrownBy(() -> OwnerThread.builder("alpha").stackSize(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static int depthWithin(long stackSize) throws InterruptedException {
        OwnerThread owner = OwnerThread.builder("deep").stackSize(stackSize).start();
        int[] depth = new int[1];
        try {
            return owner.call(() -> {
                try {
                    return descend(depth);
                } catch (StackOverflowError deepest) {
                    return depth[0];
                }
            });
        } finally {
            owner.close();
        }
    }

    private static int descend(int[] depth) {
        depth[0]++;
        return descend(depth) + 1;
    }
}
