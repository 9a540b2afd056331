package org.hpyve.host;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What {@link PoolBuilder} has gathered; its methods say what the parts mean. Durations that may be null are no limits. */
record PoolSettings(
        String name,
        int minIdle,
        int max,
        int maxPending,
        Duration acquireTimeout,
        long uses,
        Duration age,
        long leakedHandles,
        long nativeBytes,
        boolean recycleAfterTimeout,
        Duration idleTime,
        Consumer<Interpreter> warmUp,
        Duration warmUpTime,
        Predicate<Interpreter> check,
        PoolBuilder.When checkWhen,
        Duration checkTime,
        boolean freshGlobals,
        Duration drain,
        PoolListener listener) {

    boolean checksBefore() {
        return check != null && checkWhen == PoolBuilder.When.BEFORE_USE;
    }

    boolean checksAfter() {
        return check != null && checkWhen == PoolBuilder.When.AFTER_USE;
    }

    /** Whether something is to be done in an interpreter after each use. */
    boolean tidies() {
        return freshGlobals || checksAfter();
    }

    /** A time in nanoseconds, so small that it can be added to others. */
    static long nanos(Duration time) {
        long most = Long.MAX_VALUE / 4;
        return time.compareTo(Duration.ofNanos(most)) > 0 ? most : time.toNanos();
    }

    /** How long one interpreter may live, in nanoseconds: up to a tenth less, lest all of a pool are replaced at once. */
    long life(int number) {
        if (age == null) {
            return Long.MAX_VALUE;
        }
        long whole = nanos(age);
        return whole - whole / 10 * (number - 1) / max;
    }
}
