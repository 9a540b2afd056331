package org.hpyve.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.hpyve.scheduler.TaskTimeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does with a pool's interpreters what {@link PoolState} has decided: makes them, hands them over, looks at them when they
 * come back, and closes them.
 *
 * <p>Any thread may call it, and nothing here waits: what follows when an interpreter has done something is done by its
 * thread, between two tasks. Only new interpreters are waited for, by threads that are there for that.
 */
final class PoolKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(PoolKeeper.class);

    /** How long a returned interpreter may take to come to rest. */
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private final InterpreterHost host;
    private final PoolSettings settings;
    private final PoolState state;
    private final PoolCounts counts;
    private final PoolThreads threads;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** The last interpreter of each number, once it was closed: its thread may have a few steps to go. */
    private final Map<Integer, Interpreter> closedOnes = new ConcurrentHashMap<>();

    /** Why the last attempt to make an interpreter failed; null if it did not. */
    private volatile Throwable lastFailure;

    /** The next look at idle interpreters; guarded by this. */
    private Future<?> sweep;

    private long sweepAt;

    PoolKeeper(InterpreterHost host, PoolSettings settings, PoolState state, PoolCounts counts, PoolThreads threads) {
        this.host = host;
        this.settings = settings;
        this.state = state;
        this.counts = counts;
        this.threads = threads;
    }

    Throwable lastFailure() {
        return lastFailure;
    }

    /** Carries out a plan, and those that come of it. */
    void run(PoolState.Plan first) {
        Deque<PoolState.Plan> plans = new ArrayDeque<>();
        plans.add(first);
        for (PoolState.Plan plan = plans.poll(); plan != null; plan = plans.poll()) {
            for (PoolMember member : plan.starts()) {
                threads.execute(() -> start(member));
            }
            for (PoolState.Match match : plan.matches()) {
                PoolState.Plan next = give(match);
                if (next != null) {
                    plans.add(next);
                }
            }
        }
    }

    private void start(PoolMember member) {
        long begin = System.nanoTime();
        Interpreter interpreter;
        try {
            interpreter = host.newInterpreter(member.name());
        } catch (RuntimeException | Error e) {
            startFailed(member, e);
            return;
        }
        if (!state.made(member, interpreter)) {
            retire(member);
            return;
        }
        CompletableFuture<?> unused = interpreter
                .submit(
                        self -> {
                            settings.warmUp().accept(self);
                            if (settings.freshGlobals()) {
                                self.keepVariables();
                            }
                            return null;
                        },
                        settings.warmUpTime())
                .whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        ready(member, begin);
                    } else {
                        startFailed(member, unwrapped(failure));
                    }
                });
    }

    private void ready(PoolMember member, long begin) {
        member.ready();
        PoolState.Plan plan = state.ready(member);
        if (plan == null) {
            retire(member);
            return;
        }
        lastFailure = null;
        counts.created(member, System.nanoTime() - begin);
        run(plan);
        planSweep();
    }

    private void startFailed(PoolMember member, Throwable failure) {
        if (!state.retire(member)) {
            return;
        }
        if (!state.isClosed()) {
            lastFailure = failure;
            LOG.warn("interpreter '{}' of a pool could not be made", member, failure);
            counts.creationFailed(member, failure);
            Future<?> unused = threads.later(() -> run(state.plan()), state.startFailed());
        }
        close(member);
    }

    /** Hands an interpreter over, or has it checked first; what is to be done then, or null. */
    private PoolState.Plan give(PoolState.Match match) {
        PoolMember member = match.member();
        if (member.interpreter().isClosed()) {
            recycle(member, whyClosed(member));
            return again(match.waiter());
        }
        if (settings.checksBefore() && member.uses() > 0) {
            check(match);
            return null;
        }
        return hand(match);
    }

    private PoolState.Plan hand(PoolState.Match match) {
        PoolMember member = match.member();
        member.useBegins();
        if (match.waiter().complete(member)) {
            match.waiter().endAlarm();
            return null;
        }
        // The caller has gone.
        member.useCancelled();
        PoolState.Plan next = state.free(member);
        if (next == null) {
            retire(member);
        }
        return next;
    }

    private PoolState.Plan again(PoolWaiter waiter) {
        if (!state.rejoin(waiter)) {
            waiter.completeExceptionally(state.refusal());
        }
        return state.plan();
    }

    private void check(PoolState.Match match) {
        PoolMember member = match.member();
        CompletableFuture<?> unused = member.interpreter()
                .submit(settings.check()::test, settings.checkTime())
                .whenComplete((healthy, failure) -> {
                    if (failure == null && healthy) {
                        PoolState.Plan next = hand(match);
                        if (next != null) {
                            run(next);
                        }
                    } else {
                        logUnhealthy(member, failure);
                        recycle(member, RecycleReason.UNHEALTHY);
                        run(again(match.waiter()));
                    }
                });
    }

    private void logUnhealthy(PoolMember member, Throwable failure) {
        LOG.info("interpreter '{}' failed its health check", member, failure);
    }

    /**
     * Takes an interpreter back.
     *
     * @param quiet whether it is known that no task is in it
     */
    void giveBack(PoolMember member, boolean quiet) {
        if (!state.isActive(member)) {
            return;
        }
        counts.returned(member.useEnds());
        if (member.isDiscarded()) {
            recycle(member, RecycleReason.DISCARDED);
        } else if (quiet && !settings.tidies()) {
            judge(member);
        } else {
            tidy(member);
        }
    }

    /** Has the interpreter come to rest, and do what is to be done after each use. */
    private void tidy(PoolMember member) {
        Interpreter interpreter = member.interpreter();
        interpreter.cancelAll();
        boolean[] begun = new boolean[1];
        CompletableFuture<?> unused = interpreter
                .submit(
                        self -> {
                            begun[0] = true;
                            if (settings.freshGlobals()) {
                                self.restoreVariables();
                            }
                            return !settings.checksAfter() || settings.check().test(self);
                        },
                        settings.checksAfter() ? SETTLE.plus(settings.checkTime()) : SETTLE)
                .whenComplete((healthy, failure) -> {
                    if (failure == null && healthy) {
                        judge(member);
                    } else if (unwrapped(failure) instanceof RejectedExecutionException) {
                        recycle(member, whyClosed(member));
                    } else if (unwrapped(failure) instanceof TaskTimeout && !begun[0]) {
                        recycle(member, RecycleReason.BUSY);
                    } else {
                        logUnhealthy(member, failure);
                        recycle(member, RecycleReason.UNHEALTHY);
                    }
                });
    }

    private static RecycleReason whyClosed(PoolMember member) {
        return member.interpreter().stuck() == null ? RecycleReason.CLOSED : RecycleReason.STUCK;
    }

    /** Decides whether an interpreter that has come to rest is used again. */
    private void judge(PoolMember member) {
        RecycleReason reason = wear(member, timeouts(member));
        if (reason != null) {
            recycle(member, reason);
            return;
        }
        PoolState.Plan plan = state.free(member);
        if (plan == null) {
            retire(member);
            return;
        }
        run(plan);
        planSweep();
    }

    private long timeouts(PoolMember member) {
        long timeouts = member.newTimeouts();
        counts.timedOut(member, timeouts);
        return timeouts;
    }

    private RecycleReason wear(PoolMember member, long timeouts) {
        if (member.interpreter().isClosed()) {
            return whyClosed(member);
        }
        if (timeouts > 0 && settings.recycleAfterTimeout()) {
            return RecycleReason.TIMEOUT;
        }
        if (member.leakedHandles() > settings.leakedHandles()) {
            return RecycleReason.HANDLES;
        }
        if (member.interpreter().extensionStats().nativeBytes() > settings.nativeBytes()) {
            return RecycleReason.NATIVE_MEMORY;
        }
        if (member.uses() >= settings.uses()) {
            return RecycleReason.USES;
        }
        return member.endOfLife != Long.MAX_VALUE && member.endOfLife - System.nanoTime() <= 0
                ? RecycleReason.AGE
                : null;
    }

    /** Closes an interpreter; another one takes its place where one is needed. */
    private void recycle(PoolMember member, RecycleReason reason) {
        if (state.retire(member)) {
            long unused = timeouts(member);
            RecycledEvent.commit(settings.name(), member, reason);
            counts.recycled(member, reason);
            close(member);
        }
    }

    /** Closes an interpreter since the pool is closed. */
    private void retire(PoolMember member) {
        if (state.retire(member)) {
            close(member);
        }
    }

    private void close(PoolMember member) {
        Interpreter interpreter = member.interpreter();
        if (interpreter == null) {
            closed(member, null);
        } else {
            CompletableFuture<?> unused =
                    interpreter.closeAsync(Duration.ZERO).whenComplete((nothing, failure) -> closed(member, failure));
        }
    }

    private void closed(PoolMember member, Throwable failure) {
        if (failure != null) {
            LOG.warn("interpreter '{}' of a pool did not close well", member, failure);
        }
        Interpreter interpreter = member.interpreter();
        if (interpreter != null) {
            closedOnes.put(member.number(), interpreter);
            if (interpreter.stuck() != null) {
                counts.abandoned();
            }
        }
        run(state.gone(member));
        endIfEmpty();
    }

    /** Sees to it that idle interpreters are looked at when the next one expires. */
    private void planSweep() {
        if (settings.age() == null && settings.idleTime() == null) {
            return;
        }
        long now = System.nanoTime();
        long wait = state.nextExpiry(now);
        if (wait == Long.MAX_VALUE) {
            return;
        }
        synchronized (this) {
            if (sweep == null || now + wait - sweepAt < 0) {
                if (sweep != null) {
                    boolean unused = sweep.cancel(false);
                }
                sweepAt = now + wait;
                sweep = threads.later(this::sweep, wait);
            }
        }
    }

    private void sweep() {
        synchronized (this) {
            sweep = null;
        }
        long now = System.nanoTime();
        for (var expired = state.nextExpired(now); expired != null; expired = state.nextExpired(now)) {
            recycle(expired.getKey(), expired.getValue());
        }
        planSweep();
    }

    /** Begins the end: see {@link InterpreterPool#close(Duration)}. */
    CompletableFuture<Void> close(Duration drain) {
        for (PoolWaiter waiter : state.close()) {
            waiter.completeExceptionally(state.refusal());
            waiter.endAlarm();
        }
        state.members(false).forEach(this::retire);
        long nanos = PoolSettings.nanos(drain);
        if (nanos <= 0) {
            force();
        } else {
            Future<?> unused = threads.later(this::force, nanos);
        }
        endIfEmpty();
        return ended;
    }

    /** The time to drain is over. */
    private void force() {
        state.members(true).forEach(this::retire);
    }

    private void endIfEmpty() {
        if (state.isEnded()) {
            threads.end();
            ended.complete(null);
        }
    }

    /** Has something done when the pool has ended. */
    CompletableFuture<Void> whenEnded(Runnable work) {
        return ended.thenRun(work);
    }

    /** Whether the calling thread runs one of the interpreters, in a task or between two. */
    boolean isInside() {
        Interpreter current = Interpreter.current();
        for (PoolMember member : state.members(true)) {
            Interpreter interpreter = member.interpreter();
            if (current == null ? interpreter.thread() == Thread.currentThread() : current == interpreter) {
                return true;
            }
        }
        return false;
    }

    /** After the end: waits for threads that have a few steps to go. */
    void join() throws InterruptedException {
        threads.join();
        closedOnes.values().forEach(Interpreter::close);
    }

    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
