package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.hpyve.scheduler.ClosedQueueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queues between interpreters, and between them and Java. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterpreterQueueTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private static final String RAISES = """
            import interpreters

            def raises(expected, function, *args, **kwargs):
                try:
                    function(*args, **kwargs)
                except expected as e:
                    return e
                raise AssertionError("nothing was raised")
            """;

    private Interpreter python() {
        Interpreter python = fixture.newInterpreter();
        python.exec(RAISES);
        return python;
    }

    @Test
    void queuesHaveTheMethodsOfPythons() {
        python().exec("""
                import Queue, cPickle
                q = interpreters.create_queue(2)
                assert q.id == 0 and q.maxsize == 2 and repr(q) == "Queue(0)" and q.unbounditems is interpreters.UNBOUND
                assert q.empty() and not q.full() and q.qsize() == 0
                q.put(1)
                q.put_nowait(2)
                assert q.full() and not q.empty() and q.qsize() == 2
                assert isinstance(raises(interpreters.QueueFull, q.put_nowait, 3), Queue.Full)
                raises(interpreters.QueueFull, q.put, 3, False)
                raises(interpreters.QueueFull, q.put, 3, timeout=0.01)
                raises(interpreters.QueueFull, q.put, 3, True, 0)
                assert q.get() == 1 and q.get(timeout=1) == 2
                assert isinstance(raises(interpreters.QueueEmpty, q.get_nowait), Queue.Empty)
                raises(interpreters.QueueEmpty, q.get, block=False)
                raises(interpreters.QueueEmpty, q.get, timeout=0.01)
                raises(ValueError, q.get, timeout=-1)
                raises(TypeError, q.put)
                raises(TypeError, q.get, 1, 2, 3)
                assert interpreters.Queue(0) is q is cPickle.loads(cPickle.dumps(q))
                assert interpreters.create_queue(-1).maxsize == interpreters.create_queue().maxsize == 0
                interpreters.Queue.put(q, 5)
                assert interpreters.Queue.get(q) == 5
                raises(interpreters.QueueNotFoundError, interpreters.Queue, 77)
                raises(TypeError, interpreters.Queue, "0")
                raises(NotImplementedError, interpreters.create_queue, unbounditems=1)
                """);
    }

    /** Exactly the same value of exactly the same type, on both ways through another interpreter. */
    @ParameterizedTest
    @EnumSource(Isolation.class)
    void valuesCrossUnchanged(Isolation isolation) {
        try (InterpreterHost host = InterpreterHost.builder()
                .isolation(isolation)
                .searchPath(fixture.folder())
                .build()) {
            host.newInterpreter().exec(RAISES + """
                    import datetime, decimal
                    there, back = interpreters.create_queue(), interpreters.create_queue()
                    it = interpreters.create()
                    it.prepare_main(there=there, back=back)
                    it.exec("import interpreters")
                    loop = [1]
                    loop.append(loop)
                    twice = [[1]] * 2
                    values = [
                        None, True, False, 0, -1, 2 ** 31 - 1, 2 ** 40, 3L, 2 ** 200, 1.5, float("inf"), 1j, "", "abc", "\\xff\\x00",
                        u"", u"abc", u"\\u20ac", u"\\U0001f600", (), (1, (u"a", (None,))), [], [1, [2]], {}, {1: {u"a": (2,)}},
                        set([1]), frozenset("ab"), twice, (1, [2]), datetime.datetime(2020, 1, 2, 3), decimal.Decimal("1.1"),
                        ValueError("why"), len, datetime.date, it, there, [there, it], interpreters.UNBOUND, range, slice,
                    ]
                    shareable = (type(None), bool, int, long, float, str, unicode)
                    for value in values:
                        there.put(value)
                        it.exec("value = there.get(); back.put((type(value).__name__, value))")
                        name, got = back.get()
                        assert name == type(value).__name__, (name, value)
                        assert type(got) is type(value) and repr(got) == repr(value), (got, value)
                        if type(value) in shareable + (interpreters.Queue, interpreters.Interpreter):
                            assert interpreters.is_shareable(value) and interpreters.is_shareable((value, (value,)))
                            assert not interpreters.is_shareable([value]) and not interpreters.is_shareable((1, [value]))
                    there.put(twice)
                    it.exec("value = there.get(); assert value[0] is value[1]")
                    there.put(loop)
                    it.exec("value = there.get(); assert value[1] is value")
                    import threading
                    for value in ((i for i in "ab"), threading.Lock(), [iter([])], {1: 2}.iteritems()):
                        raises(interpreters.NotShareableError, there.put, value)
                    deep = []
                    for i in range(100):
                        deep = [deep]
                    there.put(deep)
                    assert there.get() == deep and there.empty()
                    def function(x, y=u"b"):
                        return [x, y]
                    it.prepare_main(l=interpreters.create_queue())
                    """);
        }
    }

    /** Where classes are not shared, the text of a function is sent; of one without text there is nothing to send. */
    @Test
    void functionsOfScriptsAreSentBetweenOwnRuntimes() throws Exception {
        var script = fixture.write("script.py", """
                import interpreters
                def function(x, y=u"b"):
                    return [x, y]
                it = interpreters.create()
                assert it.call(function, 1) == [1, u"b"]
                try:
                    it.exec("1/0")
                except interpreters.ExecutionFailed as e:
                    assert e.excinfo.type.__name__ == "ZeroDivisionError"
                view = memoryview(bytearray("abc"))
                it.prepare_main(view=view)
                it.exec("view[0] = 'x'")
                assert view.tobytes() == "xbc"
                """);
        try (InterpreterHost host =
                InterpreterHost.builder().isolation(Isolation.OWN_RUNTIME).build()) {
            host.newInterpreter().run(script, List.of());
        }
    }

    @Test
    void memoryIsShared() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = python();
        python.set("q", queue);
        python.exec("""
                data = bytearray("hello")
                view = memoryview(data)
                it = interpreters.create()
                it.prepare_main(v=view, part=view[1:3], text=memoryview("abc"), none=memoryview(bytearray()))
                it.exec("assert part.tobytes() == 'el' and text.tobytes() == 'abc' and text.readonly and len(none) == 0")
                it.exec("v[0] = 'J'; part[1] = 'L'")
                assert data == "JeLlo"
                data[4] = "O"
                it.exec("assert v.tobytes() == 'JeLlO'")
                assert interpreters.is_shareable(view) and not interpreters.is_shareable(data)
                raises(interpreters.NotShareableError, q.put, view[::2])
                q.put(view)
                q.put(memoryview("abc"))
                """);
        ByteBuffer memory = (ByteBuffer) queue.take();
        memory.put(0, (byte) 'j');
        assertThat(python.eval("str(data)")).isEqualTo("jeLlO");
        assertThat(((ByteBuffer) queue.take()).isReadOnly()).isTrue();
    }

    @Test
    void javaTakesWhatPythonPuts() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = python();
        python.set("q", queue);
        python.exec("""
                for value in (None, True, 1, 3L, 2 ** 70, 1.5, 'a', '\\xff', u'b', (1, 'a'), [1, (2L,)], {u'k': [None]}, set([1]), q,
                              interpreters.get_current()):
                    q.put(value)
                """);
        List<Object> expected = new ArrayList<>(Arrays.asList(
                null,
                true,
                1,
                3,
                BigInteger.ONE.shiftLeft(70),
                1.5,
                "a",
                new byte[] {-1},
                "b",
                List.of(1, "a"),
                List.of(1, List.of(2)),
                Map.of("k", Arrays.asList((Object) null)),
                Set.of(1),
                queue,
                python));
        for (Object each : expected) {
            assertThat(queue.take()).isEqualTo(each);
        }
        assertThat(python.eval("q")).isEqualTo(queue);
    }

    @Test
    void pythonTakesWhatJavaPuts() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = python();
        python.set("q", queue);
        List<Object> list = new ArrayList<>(List.of(1, "a"));
        byte[] bytes = {1, 2};
        for (Object value :
                Arrays.asList(null, true, 1, 1L << 40, 1.5, "a", bytes, list, Map.of("k", 1), Set.of(1), queue)) {
            queue.put(value);
        }
        list.add("later");
        bytes[0] = 9;
        python.exec("""
                got = [q.get() for i in range(11)]
                assert got == [None, True, 1, 2 ** 40, 1.5, u'a', '\\x01\\x02', [1, u'a'], {u'k': 1}, set([1]), q], got
                assert type(got[5]) is unicode and type(got[6]) is str and got[10] is q
                """);
    }

    @Test
    void whatJavaCannotReadItCanPassOn() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = python();
        python.set("q", queue);
        python.exec("import decimal; q.put(decimal.Decimal('1.5'))");
        queue.put(queue.take());
        python.exec("assert q.get() == decimal.Decimal('1.5')");
    }

    @Test
    void aBoundHoldsForJavaToo() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue(1);
        assertThat(queue.capacity()).isEqualTo(1);
        assertThat(queue.offer("a")).isTrue();
        assertThat(queue.offer("b")).isFalse();
        assertThat(queue.put("b", Duration.ofMillis(1))).isFalse();
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.poll(Duration.ZERO)).isEqualTo("a");
        assertThat(queue.poll(Duration.ofMillis(1))).isNull();
        queue.put(null);
        assertThat(queue.poll(Duration.ZERO, "empty")).isNull();
        assertThat(queue.poll(Duration.ZERO, "empty")).isEqualTo("empty");
        assertThatThrownBy(() -> fixture.host().newQueue(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itemsOfAClosedInterpreterAreReplacedRefusedOrRemoved() {
        python().exec("""
                it = interpreters.create()
                q = interpreters.create_queue()
                e = interpreters.create_queue(unbounditems=interpreters.UNBOUND_ERROR)
                r = interpreters.create_queue(4, unbounditems=interpreters.UNBOUND_REMOVE)
                assert r.unbounditems is interpreters.UNBOUND_REMOVE
                it.prepare_main(q=q, e=e, r=r)
                q.put(1)
                it.exec("import interpreters; q.put('a')")
                it.exec("q.put('b', unbounditems=interpreters.UNBOUND_ERROR)")
                it.exec("q.put('c', unbounditems=interpreters.UNBOUND_REMOVE)")
                it.exec("q.put('d'); assert q.get() == 1; q.put(5); e.put(1)")
                r.put("kept")
                it.exec("r.put(1); r.put(2)")
                r.put("too")
                assert q.get() == "a"
                assert r.full()
                it.close()
                assert q.qsize() == 3 and r.qsize() == 2 and e.qsize() == 1
                raises(interpreters.ItemInterpreterDestroyed, q.get)
                assert q.get() is interpreters.UNBOUND and q.get() is interpreters.UNBOUND and q.empty()
                raises(interpreters.ItemInterpreterDestroyed, e.get)
                assert r.get() == "kept" and r.get() == "too"
                raises(interpreters.QueueEmpty, r.get, timeout=0.01)
                """);
    }

    @Test
    void itemsOfAClosedInterpreterInJava() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = python();
        python.set("q", queue);
        python.exec("q.put(1); q.put(2, unbounditems=interpreters.UNBOUND_ERROR)");
        python.close();
        assertThat(queue.take()).isSameAs(InterpreterQueue.UNBOUND);
        assertThatThrownBy(queue::take).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void textIsNotTakenForAnItemOfAClosedInterpreter(Isolation isolation) throws InterruptedException {
        try (InterpreterHost host =
                InterpreterHost.builder().isolation(isolation).build()) {
            InterpreterQueue queue = host.newQueue();
            Interpreter python = host.newInterpreter();
            python.set("q", queue);
            python.exec("""
                    for text in (u"unbound", u"error", u"UNBOUND", u"ERROR"):
                        q.put(text)
                        assert q.get() == text
                    q.put(u"unbound")
                    """);
            assertThat(queue.take()).isEqualTo("unbound").isNotEqualTo(InterpreterQueue.UNBOUND);
            queue.put("unbound");
            assertThat(queue.take()).isNotEqualTo(InterpreterQueue.UNBOUND);
            queue.put(InterpreterQueue.UNBOUND);
            queue.put(List.of(InterpreterQueue.UNBOUND));
            python.exec("import interpreters; assert q.get() is interpreters.UNBOUND is q.get()[0]");
        }
    }

    @Test
    void whatBelongsToAnotherHostIsRefused() throws InterruptedException {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = python();
        python.set("q", queue);
        try (InterpreterHost another = InterpreterHost.create()) {
            InterpreterQueue foreign = another.newQueue();
            Interpreter stranger = another.newInterpreter();
            assertThat(foreign.id()).isEqualTo(queue.id());
            assertThatThrownBy(() -> python.set("x", foreign))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("another host");
            assertThatThrownBy(() -> queue.put(foreign)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> queue.put(stranger)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(queue.size()).isZero();
    }

    @Test
    void whoWaitsIsWokenWhenTheQueueIsClosed() {
        InterpreterQueue queue = fixture.host().newQueue();
        Interpreter python = python();
        python.set("q", queue);
        CompletableFuture<Void> waiting = python.submit(self -> {
            self.exec("raises(interpreters.QueueNotFoundError, q.get)");
            return null;
        });
        queue.close();
        waiting.join();
        assertThatThrownBy(() -> queue.put(1)).isInstanceOf(ClosedQueueException.class);
        python.exec("raises(interpreters.QueueNotFoundError, q.put, 1)");
    }

    @Test
    void aJavaThreadThatWaitsIsWokenWhenTheHostIsClosed() throws Exception {
        InterpreterQueue queue = fixture.host().newQueue();
        CompletableFuture<Object> taken = CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                return e;
            }
        });
        fixture.host().close();
        assertThat(taken)
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableThat()
                .withCauseInstanceOf(ClosedQueueException.class);
    }

    @Test
    void aThreadThatWaitsEndsWithItsInterpreter() {
        Interpreter python = python();
        python.exec("""
                import threading
                q = interpreters.create_queue()
                begun = threading.Event()
                def wait():
                    begun.set()
                    while True:
                        try:
                            q.get()
                        except Exception:
                            pass
                thread = threading.Thread(target=wait)
                thread.daemon = True
                thread.start()
                begun.wait()
                """);
        python.close();
        assertThat(python.closeReport().clean()).isTrue();
    }

    @Test
    void itemsOfOneSenderComeInOrder() {
        python().exec("""
                q, done = interpreters.create_queue(7), interpreters.create_queue()
                its = [interpreters.create() for i in range(3)]
                def send(q, n):
                    for i in xrange(2000):
                        q.put((n, i))
                threads = [it.call_in_thread(send, q, n) for n, it in enumerate(its)]
                seen = [-1] * 3
                for i in xrange(6000):
                    n, i = q.get(timeout=60)
                    assert i == seen[n] + 1
                    seen[n] = i
                for thread in threads:
                    thread.join()
                """);
    }

    @Test
    void aQueueThatNobodyHasIsForgotten() throws Exception {
        InterpreterQueue kept = fixture.host().newQueue();
        Interpreter python = python();
        python.exec("id = interpreters.create_queue().id; import gc");
        for (int i = 0; i < 100; i++) {
            System.gc();
            python.exec("""
                    gc.collect()
                    try:
                        interpreters.Queue(id)
                        there = True
                    except interpreters.QueueNotFoundError:
                        there = False
                    """);
            if (Boolean.FALSE.equals(python.get("there"))) {
                break;
            }
            Thread.sleep(20);
        }
        assertThat(python.get("there")).isEqualTo(false);
        python.exec("interpreters.Queue(%d)".formatted(kept.id()));
    }
}
