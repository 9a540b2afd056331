package org.hpyve.host;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens in a pool and tells its listeners. Any thread. */
final class PoolCounts {

    private static final Logger LOG = LoggerFactory.getLogger(PoolCounts.class);

    /** Durations in nanoseconds. */
    private static final class Timer {

        private final LongAdder count = new LongAdder();
        private final LongAdder total = new LongAdder();
        private final LongAccumulator max = new LongAccumulator(Math::max, 0);

        Duration add(long nanos) {
            count.increment();
            total.add(nanos);
            max.accumulate(nanos);
            return Duration.ofNanos(nanos);
        }

        PoolStats.Times times() {
            return new PoolStats.Times(count.sum(), Duration.ofNanos(total.sum()), Duration.ofNanos(max.get()));
        }
    }

    private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();
    private final Timer acquire = new Timer();
    private final Timer usage = new Timer();
    private final Timer creation = new Timer();
    private final LongAdder failedCreations = new LongAdder();
    private final LongAdder acquireTimeouts = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder taskTimeouts = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final Map<RecycleReason, LongAdder> recycled = new EnumMap<>(RecycleReason.class);

    PoolCounts(PoolListener listener) {
        listeners.add(listener);
        for (RecycleReason reason : RecycleReason.values()) {
            recycled.put(reason, new LongAdder());
        }
    }

    void add(PoolListener listener) {
        listeners.add(listener);
    }

    void remove(PoolListener listener) {
        listeners.remove(listener);
    }

    private void tell(Consumer<PoolListener> event) {
        for (PoolListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                LOG.warn("a pool's listener failed", e);
            }
        }
    }

    void closed() {
        tell(PoolListener::closed);
    }

    void acquired(long nanos) {
        Duration waited = acquire.add(nanos);
        tell(each -> each.acquired(waited));
    }

    void acquireTimedOut(long nanos) {
        acquireTimeouts.increment();
        tell(each -> each.acquireTimedOut(Duration.ofNanos(nanos)));
    }

    void rejected() {
        rejected.increment();
        tell(PoolListener::rejected);
    }

    void returned(long nanos) {
        Duration used = usage.add(nanos);
        tell(each -> each.returned(used));
    }

    void created(PoolMember member, long nanos) {
        Duration took = creation.add(nanos);
        tell(each -> each.created(member.name(), took));
    }

    void creationFailed(PoolMember member, Throwable cause) {
        failedCreations.increment();
        tell(each -> each.creationFailed(member.name(), cause));
    }

    void recycled(PoolMember member, RecycleReason reason) {
        recycled.get(reason).increment();
        tell(each -> each.recycled(member.name(), reason));
    }

    void timedOut(PoolMember member, long tasks) {
        taskTimeouts.add(tasks);
        for (long i = 0; i < tasks; i++) {
            tell(each -> each.taskTimedOut(member.name()));
        }
    }

    void abandoned() {
        abandoned.increment();
    }

    /** @param now numbers of interpreters and callers */
    PoolStats stats(PoolState.Numbers now) {
        Map<RecycleReason, Long> reasons = new EnumMap<>(RecycleReason.class);
        recycled.forEach((reason, count) -> reasons.put(reason, count.sum()));
        return new PoolStats(
                now.max(),
                now.active(),
                now.idle(),
                now.creating(),
                now.closing(),
                now.pending(),
                acquire.times(),
                usage.times(),
                creation.times(),
                failedCreations.sum(),
                acquireTimeouts.sum(),
                rejected.sum(),
                taskTimeouts.sum(),
                reasons,
                abandoned.sum());
    }
}
