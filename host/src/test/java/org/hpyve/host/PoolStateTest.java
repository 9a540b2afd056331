package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The books of a pool, without any interpreter: who gets what, what is made, what expires. */
class PoolStateTest {

    private static PoolState state(int minIdle, int max, int maxPending, Duration age, Duration idleTime) {
        return new PoolState(new PoolSettings(
                "p",
                minIdle,
                max,
                maxPending,
                Duration.ZERO,
                1,
                age,
                0,
                0,
                false,
                idleTime,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                null));
    }

    private static PoolState state(int minIdle, int max) {
        return state(minIdle, max, 100, null, null);
    }

    private static PoolMember only(PoolState.Plan plan) {
        assertThat(plan.starts()).hasSize(1);
        assertThat(plan.matches()).isEmpty();
        return plan.starts().get(0);
    }

    private static PoolState.Match match(PoolState.Plan plan) {
        assertThat(plan.matches()).hasSize(1);
        return plan.matches().get(0);
    }

    @Test
    void asManyAreMadeAsAreMissing() {
        PoolState state = state(2, 3);

        assertThat(state.plan().starts()).extracting(PoolMember::name).containsExactly("p-1", "p-2");
        assertThat(state.plan().isEmpty()).isTrue();
        assertThat(only(state.join(new PoolWaiter())).name()).isEqualTo("p-3");
        assertThat(state.join(new PoolWaiter()).isEmpty()).isTrue();
        assertThat(state.numbers()).isEqualTo(new PoolState.Numbers(3, 0, 0, 3, 0, 2));
    }

    @Test
    void whoCameFirstIsServedFirstAlsoAfterABadInterpreter() {
        PoolState state = state(0, 1);
        PoolWaiter first = new PoolWaiter();
        PoolWaiter second = new PoolWaiter();
        PoolMember member = only(state.join(first));
        assertThat(state.join(second).isEmpty()).isTrue();

        assertThat(match(state.ready(member)).waiter()).isSameAs(first);
        assertThat(state.retire(member)).isTrue();
        assertThat(state.rejoin(first)).isTrue();
        PoolMember other = only(state.gone(member));

        assertThat(other.name()).isEqualTo("p-1");
        assertThat(match(state.ready(other)).waiter()).isSameAs(first);
        assertThat(match(state.free(other)).waiter()).isSameAs(second);
    }

    @Test
    void nobodyWhoHasLeftIsServed() {
        PoolState state = state(0, 1);
        PoolWaiter done = new PoolWaiter();
        PoolWaiter gone = new PoolWaiter();
        PoolMember member = only(state.join(done));
        assertThat(state.join(gone).isEmpty()).isTrue();
        done.complete(null);
        state.leave(gone);

        assertThat(state.ready(member).isEmpty()).isTrue();
        assertThat(state.numbers()).isEqualTo(new PoolState.Numbers(1, 0, 1, 0, 0, 0));
    }

    @Test
    void aPlaceIsFreeWhenTheInterpreterIsClosedAndOnlyThen() {
        PoolState state = state(0, 1);
        PoolMember member = only(state.join(new PoolWaiter()));
        assertThat(match(state.ready(member)).member()).isSameAs(member);
        assertThat(state.join(new PoolWaiter()).isEmpty()).isTrue();

        assertThat(state.retire(member)).isTrue();
        assertThat(state.retire(member)).isFalse();
        assertThat(state.free(member)).isNull();
        assertThat(state.plan().isEmpty()).isTrue();
        assertThat(only(state.gone(member)).name()).isEqualTo("p-1");
    }

    @Test
    void afterAFailureNoneIsMadeForAWhileWhichGrows() {
        PoolState state = state(1, 1);
        PoolMember member = only(state.plan());
        long last = 0;
        for (int i = 0; i < 12; i++) {
            long pause = state.startFailed();
            assertThat(pause).isGreaterThanOrEqualTo(last).isBetween(100_000_000L, 12_800_000_000L);
            last = pause;
        }
        assertThat(state.retire(member)).isTrue();
        assertThat(state.gone(member).isEmpty()).isTrue();
        assertThat(state.join(new PoolWaiter()).isEmpty()).isTrue();
    }

    @Test
    void whoFindsTooManyWaitingIsRefused() {
        PoolState state = state(0, 2, 1, null, null);
        List<PoolMember> made = List.of(only(state.join(new PoolWaiter())), only(state.join(new PoolWaiter())));
        assertThat(state.join(new PoolWaiter()).isEmpty()).isTrue();

        assertThatExceptionOfType(PoolFull.class).isThrownBy(() -> state.join(new PoolWaiter()));
        made.forEach(member -> assertThat(match(state.ready(member)).member()).isSameAs(member));
        assertThatExceptionOfType(PoolFull.class).isThrownBy(() -> state.join(new PoolWaiter()));
        assertThat(match(state.free(made.get(0))).member()).isSameAs(made.get(0));
        assertThat(state.join(new PoolWaiter()).isEmpty()).isTrue();
    }

    @Test
    void theOneThatWasUsedLastIsUsedNextAndTheOthersExpire() {
        PoolState state = state(1, 3, 100, null, Duration.ofSeconds(1));
        PoolMember one = only(state.plan());
        assertThat(state.ready(one).isEmpty()).isTrue();
        PoolState.Plan plan = state.join(new PoolWaiter());
        assertThat(match(plan).member()).isSameAs(one);
        PoolMember two = plan.starts().get(0);
        assertThat(state.ready(two).isEmpty()).isTrue();
        assertThat(state.free(one).isEmpty()).isTrue();
        long now = System.nanoTime();

        assertThat(state.nextExpired(now)).isNull();
        assertThat(state.nextExpiry(now)).isBetween(1L, 1_000_000_000L);
        var expired = state.nextExpired(now + 2_000_000_000L);
        assertThat(expired.getKey()).isSameAs(two);
        assertThat(expired.getValue()).isEqualTo(RecycleReason.IDLE);
        assertThat(state.nextExpired(now + 2_000_000_000L)).isNull();
        assertThat(state.nextExpiry(now)).isEqualTo(Long.MAX_VALUE);
        assertThat(match(state.join(new PoolWaiter())).member()).isSameAs(one);
    }

    @Test
    void agesAreSpread() {
        PoolState state = state(4, 4, 100, Duration.ofSeconds(100), null);
        List<PoolMember> made = state.plan().starts();
        made.forEach(member -> assertThat(state.ready(member).isEmpty()).isTrue());
        long now = System.nanoTime();

        assertThat(state.nextExpired(now + 89_000_000_000L)).isNull();
        for (int i = 3; i >= 0; i--) {
            var expired = state.nextExpired(now + 100_000_000_000L - i * 2_500_000_000L);
            assertThat(expired.getKey()).isSameAs(made.get(i));
            assertThat(expired.getValue()).isEqualTo(RecycleReason.AGE);
        }
    }

    @Test
    void aClosedPoolTakesNobodyAndKeepsNothing() {
        PoolState state = state(0, 2);
        PoolWaiter waiter = new PoolWaiter();
        PoolMember member = only(state.join(waiter));

        assertThat(state.close()).containsExactly(waiter);

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> state.join(new PoolWaiter()))
                .withMessage("pool 'p' is closed");
        assertThat(state.rejoin(waiter)).isFalse();
        assertThat(state.ready(member)).isNull();
        assertThat(state.isEnded()).isFalse();
        assertThat(state.retire(member)).isTrue();
        assertThat(state.gone(member).isEmpty()).isTrue();
        assertThat(state.isEnded()).isTrue();
    }
}
