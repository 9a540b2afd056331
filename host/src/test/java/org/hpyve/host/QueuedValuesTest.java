package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is put into queues, and what is not: values of Java, values with queues in them, values that are large only if copied. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueuedValuesTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private InterpreterHost host(Isolation isolation) {
        return InterpreterHost.builder()
                .isolation(isolation)
                .searchPath(fixture.folder())
                .build();
    }

    @Test
    void whatHasNoPythonFormIsRefusedWhenItIsPut() {
        InterpreterQueue queue = fixture.host().newQueue();
        Object odd = new Object();
        List<Object> ring = new ArrayList<>();
        ring.add(ring);
        for (Object value : List.of(
                odd,
                List.of(odd),
                Map.of("k", odd),
                Map.of(odd, 1),
                Set.of(odd),
                new Object[] {1, odd},
                new ArrayDeque<>(List.of(odd)),
                new AtomicInteger(),
                Thread.currentThread(),
                Year.of(2020),
                ring)) {
            assertThatThrownBy(() -> queue.put(value))
                    .as(value.getClass().getName())
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> queue.offer(value)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(queue.size()).isZero();
    }

    @Test
    void whatCanBeSetCanBePut() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = fixture.newInterpreter();
        python.set("q", queue);
        for (Object value : List.of(
                new JavaObject(new Object()),
                List.of(new JavaObject(new Object())),
                new BigDecimal("1.5"),
                BigInteger.TEN,
                'c',
                new StringBuilder("text"),
                (short) 1,
                (byte) 1,
                1f,
                new int[] {1},
                new Object[] {1, null},
                new ArrayDeque<>(List.of(1)),
                ByteBuffer.allocate(1),
                LocalDate.EPOCH,
                LocalDate.EPOCH.atStartOfDay(),
                Instant.EPOCH,
                Instant.EPOCH.atZone(ZoneOffset.UTC),
                Instant.EPOCH.atOffset(ZoneOffset.UTC),
                LocalTime.NOON,
                LocalTime.NOON.atOffset(ZoneOffset.UTC),
                Duration.ZERO,
                DayOfWeek.MONDAY,
                InterpreterQueue.UNBOUND,
                python.eval("object()"),
                python.eval("len"),
                python.eval("lambda: 5", Supplier.class),
                (Supplier<Integer>) () -> 5)) {
            python.set("x", value);
            queue.put(value);
            python.exec("got = q.get(); assert type(got) is type(x), (got, x)");
        }
        assertThat(python.eval("got()")).isEqualTo(5);
    }

    /** A pickled queue is a number, which alone would not keep it. */
    @ParameterizedTest
    @EnumSource
    void aQueueOnItsWayIsKept(Isolation isolation) throws Exception {
        fixture.write("holder.py", "class Holder(object): pass");
        try (InterpreterHost host = host(isolation)) {
            Interpreter sender = host.newInterpreter();
            InterpreterQueue way = host.newQueue();
            sender.set("way", way);
            sender.exec("""
                    import gc, holder, interpreters
                    def send():
                        loop = [interpreters.create_queue()]
                        loop.append(loop)
                        held = holder.Holder()
                        held.queue = interpreters.create_queue()
                        loop[0].put(1)
                        held.queue.put(2)
                        way.put(loop)
                        way.put(held)
                        del loop[:]
                    send()
                    """);
            WeakReference<Object> collected = new WeakReference<>(new Object());
            for (int i = 0; i < 20 || collected.get() != null; i++) {
                System.gc();
                sender.exec("gc.collect()");
                Thread.sleep(5);
            }
            Interpreter receiver = host.newInterpreter();
            receiver.set("way", way);
            receiver.exec("import interpreters\nassert way.get()[0].get() == 1 and way.get().queue.get() == 2");
        }
    }

    /** To follow every way through it would take for ever. */
    @ParameterizedTest
    @EnumSource
    void tuplesThatHoldTheNextOneTwiceCross(Isolation isolation) {
        try (InterpreterHost host = host(isolation)) {
            host.newInterpreter().exec("""
                    import interpreters
                    it = interpreters.create()
                    q = interpreters.create_queue()
                    it.prepare_main(q=q)
                    def last_of(t):
                        for i in range(60):
                            assert type(t) is tuple and len(t) == 2
                            t = t[i % 2]
                        return t
                    for last in ((), [], (set(), 1L)):
                        t = last
                        for i in range(60):
                            t = (t, t)
                        q.put(t)
                        it.exec("t = q.get(); q.put(t)")
                        assert last_of(q.get()) == last
                        it.prepare_main(t=t)
                        assert interpreters.is_shareable(t) == (last == ())
                        assert last_of(it.call(tuple, t)) == last
                        assert last_of(it.call(dict, a=t)["a"]) == last
                    """);
        }
    }

    @Test
    void aClosedInterpreterIsNotShareable() {
        fixture.newInterpreter().exec("""
                import interpreters
                it = interpreters.create()
                assert interpreters.is_shareable(it) and interpreters.is_shareable((it,))
                it.close()
                assert not interpreters.is_shareable(it) and not interpreters.is_shareable((it,))
                """);
    }
}
