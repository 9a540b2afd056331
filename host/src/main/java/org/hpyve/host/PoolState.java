package org.hpyve.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Who has which interpreter of a pool, who waits for one, and how many there are.
 *
 * <p>Any thread may call it. Its lock is held for a few steps of bookkeeping only: what is to be done is returned as a plan,
 * and the caller carries it out.
 */
final class PoolState {

    /** A caller and the interpreter that it gets. */
    record Match(PoolWaiter waiter, PoolMember member) {}

    /** What is to be done: interpreters to hand over, and interpreters to make. */
    record Plan(List<Match> matches, List<PoolMember> starts) {

        boolean isEmpty() {
            return matches.isEmpty() && starts.isEmpty();
        }
    }

    /** How many there are. */
    record Numbers(int max, int active, int idle, int creating, int closing, int pending) {}

    private final PoolSettings settings;

    /** By their tickets. */
    private final TreeMap<Long, PoolWaiter> waiters = new TreeMap<>();

    /** The one that was used last is first: what is not needed becomes old. */
    private final Deque<PoolMember> idle = new ArrayDeque<>();

    private final Set<PoolMember> members = new HashSet<>();
    private final BitSet numbers = new BitSet();
    private long lastTicket;
    private int starting;
    private boolean closed;

    /** No interpreter is made before that, by {@link System#nanoTime}, if {@link #failures} is not 0. */
    private long notBefore;

    private int failures;

    PoolState(PoolSettings settings) {
        this.settings = settings;
    }

    /**
     * A caller wants an interpreter.
     *
     * @throws PoolFull if too many wait
     * @throws RejectedExecutionException if the pool is closed
     */
    synchronized Plan join(PoolWaiter waiter) {
        if (closed) {
            throw refusal();
        }
        if (idle.isEmpty()) {
            int coming = starting + settings.max() - members.size();
            if (waiters.size() - coming >= settings.maxPending()) {
                throw new PoolFull("pool '" + settings.name() + "' has " + waiters.size()
                        + " callers waiting, as many as it may have");
            }
        }
        waiter.ticket = ++lastTicket;
        waiters.put(waiter.ticket, waiter);
        return plan();
    }

    /** The interpreter that a caller was to get is no good: the caller comes next. False if the pool is closed. */
    synchronized boolean rejoin(PoolWaiter waiter) {
        if (!closed && !waiter.isDone()) {
            waiters.put(waiter.ticket, waiter);
        }
        return !closed;
    }

    /** A caller does not wait any more. */
    synchronized void leave(PoolWaiter waiter) {
        boolean unused = waiters.remove(waiter.ticket, waiter);
    }

    /** The interpreter of a member is made; false if it is not wanted any more. */
    synchronized boolean made(PoolMember member, Interpreter interpreter) {
        member.made(interpreter);
        return !closed;
    }

    /** The interpreter of a member is warmed up; null if it is not wanted any more. */
    synchronized Plan ready(PoolMember member) {
        if (closed || member.stage != PoolMember.Stage.STARTING) {
            return null;
        }
        starting--;
        failures = 0;
        member.endOfLife = settings.life(member.number());
        if (member.endOfLife != Long.MAX_VALUE) {
            member.endOfLife += System.nanoTime();
        }
        return shelve(member);
    }

    /** An interpreter could not be made; how long to wait until the next one, in nanoseconds. */
    synchronized long startFailed() {
        failures++;
        // 100 ms, then twice as long each time, up to 12.8 s.
        long pause = 100_000_000L << Math.min(failures - 1, 7);
        notBefore = System.nanoTime() + pause;
        return pause;
    }

    /** A member that was in use, or was given to nobody, is free; null if it is not wanted any more. */
    synchronized Plan free(PoolMember member) {
        return closed || member.stage != PoolMember.Stage.ACTIVE ? null : shelve(member);
    }

    private Plan shelve(PoolMember member) {
        member.stage = PoolMember.Stage.IDLE;
        member.idleSince = System.nanoTime();
        idle.addFirst(member);
        return plan();
    }

    /** A member is to be closed, by the caller; false if another does that. */
    synchronized boolean retire(PoolMember member) {
        switch (member.stage) {
            case CLOSING, GONE -> {
                return false;
            }
            case STARTING -> starting--;
            case IDLE -> idle.remove(member);
            case ACTIVE -> {}
        }
        member.stage = PoolMember.Stage.CLOSING;
        return true;
    }

    /** A member is closed: its place and its name are free. */
    synchronized Plan gone(PoolMember member) {
        member.stage = PoolMember.Stage.GONE;
        members.remove(member);
        numbers.clear(member.number());
        return plan();
    }

    /** Whether the member is somebody's, or was until it came back and is being looked after. */
    synchronized boolean isActive(PoolMember member) {
        return member.stage == PoolMember.Stage.ACTIVE;
    }

    /** What can be done now. */
    synchronized Plan plan() {
        List<Match> matches = new ArrayList<>();
        List<PoolMember> starts = new ArrayList<>();
        while (!idle.isEmpty() && !waiters.isEmpty()) {
            PoolWaiter waiter = waiters.pollFirstEntry().getValue();
            if (!waiter.isDone()) {
                PoolMember member = idle.removeFirst();
                member.stage = PoolMember.Stage.ACTIVE;
                matches.add(new Match(waiter, member));
            }
        }
        boolean pausing = failures > 0 && notBefore - System.nanoTime() > 0;
        while (!closed
                && !pausing
                && members.size() < settings.max()
                && idle.size() + starting < waiters.size() + settings.minIdle()) {
            int number = numbers.nextClearBit(1);
            numbers.set(number);
            PoolMember member = new PoolMember(number, settings.name() + "-" + number);
            members.add(member);
            starting++;
            starts.add(member);
        }
        return new Plan(matches, starts);
    }

    /** An idle member that is too old, or idle for too long, with why; null if there is none. It is then the caller's. */
    synchronized Map.Entry<PoolMember, RecycleReason> nextExpired(long now) {
        // The last one was idle for longest.
        for (Iterator<PoolMember> each = idle.descendingIterator(); each.hasNext(); ) {
            PoolMember member = each.next();
            RecycleReason reason = null;
            if (member.endOfLife != Long.MAX_VALUE && member.endOfLife - now <= 0) {
                reason = RecycleReason.AGE;
            } else if (settings.idleTime() != null
                    && idle.size() > settings.minIdle()
                    && now - member.idleSince >= PoolSettings.nanos(settings.idleTime())) {
                reason = RecycleReason.IDLE;
            }
            if (reason != null) {
                each.remove();
                member.stage = PoolMember.Stage.ACTIVE;
                return Map.entry(member, reason);
            }
        }
        return null;
    }

    /** In how many nanoseconds the next idle member expires; the largest number if none does. */
    synchronized long nextExpiry(long now) {
        long next = Long.MAX_VALUE;
        for (PoolMember member : idle) {
            if (member.endOfLife != Long.MAX_VALUE) {
                next = Math.min(next, member.endOfLife - now);
            }
            if (settings.idleTime() != null && idle.size() > settings.minIdle()) {
                next = Math.min(next, member.idleSince + PoolSettings.nanos(settings.idleTime()) - now);
            }
        }
        return Math.max(next, 0);
    }

    /** Gives out nothing any more. Returns the callers that wait; they get none. */
    synchronized List<PoolWaiter> close() {
        closed = true;
        List<PoolWaiter> left = List.copyOf(waiters.values());
        waiters.clear();
        return left;
    }

    /** Members that nobody uses, whose interpreter is there; with {@code all} also the others. */
    synchronized List<PoolMember> members(boolean all) {
        return members.stream()
                .filter(member -> member.interpreter() != null && (all || member.stage != PoolMember.Stage.ACTIVE))
                .toList();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Whether the pool is closed and has no interpreter any more. */
    synchronized boolean isEnded() {
        return closed && members.isEmpty();
    }

    RejectedExecutionException refusal() {
        return new RejectedExecutionException("pool '" + settings.name() + "' is closed");
    }

    synchronized Numbers numbers() {
        int active = 0;
        int closing = 0;
        for (PoolMember member : members) {
            active += member.stage == PoolMember.Stage.ACTIVE ? 1 : 0;
            closing += member.stage == PoolMember.Stage.CLOSING ? 1 : 0;
        }
        return new Numbers(settings.max(), active, idle.size(), starting, closing, waiters.size());
    }
}
