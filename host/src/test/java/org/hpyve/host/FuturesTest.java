package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The package {@code concurrent.futures}. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuturesTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void begin() {
        python = fixture.newInterpreter();
        python.exec("""
                from concurrent import futures
                import threading, time, interpreters

                def raises(expected, function, *args, **kwargs):
                    try:
                        function(*args, **kwargs)
                    except expected as e:
                        return e
                    raise AssertionError("nothing was raised")

                def square(x):
                    return x * x

                def fail(x):
                    raise ValueError("bad", x)
                """);
    }

    @Test
    void aFutureHasAStateAndAResult() {
        python.exec("""
                future = futures.Future()
                seen = []
                future.add_done_callback(seen.append)
                assert not future.done() and not future.running() and not future.cancelled()
                raises(futures.TimeoutError, future.result, 0.01)
                raises(futures.TimeoutError, future.exception, timeout=0)
                assert future.set_running_or_notify_cancel() and future.running() and not future.cancel()
                future.set_result(5)
                assert future.done() and future.result() == 5 and future.exception() is None and seen == [future]
                future.add_done_callback(seen.append)
                assert seen == [future, future]
                raises(futures.InvalidStateError, future.set_result, 6)
                assert not future.cancel() and "returned int" in repr(future)
                """);
    }

    @Test
    void aFutureCanBeCancelledBeforeItRuns() {
        python.exec("""
                future = futures.Future()
                seen = []
                future.add_done_callback(seen.append)
                assert future.cancel() and future.cancel() and future.cancelled() and future.done() and seen == [future]
                raises(futures.CancelledError, future.result)
                raises(futures.CancelledError, future.exception)
                assert not future.set_running_or_notify_cancel()
                """);
    }

    @Test
    void aFailingCallRaisesInResult() {
        python.exec("""
                with futures.ThreadPoolExecutor(1) as pool:
                    future = pool.submit(fail, 1)
                    assert raises(ValueError, future.result).args == ("bad", 1)
                    assert isinstance(future.exception(), ValueError)
                    assert "raised ValueError" in repr(future)
                """);
    }

    @Test
    void threadsRunCallsSideBySide() {
        python.exec("""
                together = [threading.Event(), threading.Event()]
                def meet(n):
                    together[n].set()
                    together[1 - n].wait(60)
                    return threading.current_thread().name
                with futures.ThreadPoolExecutor(2, thread_name_prefix="meeting") as pool:
                    names = list(pool.map(meet, [0, 1], timeout=60))
                assert sorted(names) == ["meeting_0", "meeting_1"]
                """);
    }

    @Test
    void mapKeepsTheOrderAndItsTimeout() {
        python.exec("""
                with futures.ThreadPoolExecutor(3) as pool:
                    assert list(pool.map(pow, range(20), [2] * 20, chunksize=5)) == map(square, range(20))
                    raises(ValueError, list, pool.map(fail, [1]))
                    release = threading.Event()
                    raises(futures.TimeoutError, list, pool.map(lambda x: release.wait(60), [1], timeout=0.02))
                    release.set()
                    raises(TypeError, pool.map, square, [1], other=1)
                """);
    }

    @Test
    void waitAndAsCompleted() {
        python.exec("""
                release = threading.Event()
                with futures.ThreadPoolExecutor(3) as pool:
                    slow = pool.submit(release.wait, 60)
                    bad = pool.submit(fail, 1)
                    good = pool.submit(square, 2)
                    done, rest = futures.wait([good, slow], return_when=futures.FIRST_COMPLETED)
                    assert done == set([good]) and rest == set([slow])
                    assert bad in futures.wait([bad, slow], return_when=futures.FIRST_EXCEPTION).done
                    assert futures.wait([slow], timeout=0.01) == (set(), set([slow]))
                    order = futures.as_completed([slow, good, bad])
                    assert set([next(order), next(order)]) == set([good, bad])
                    raises(futures.TimeoutError, list, futures.as_completed([slow, good], timeout=0.05))
                    release.set()
                    assert list(order) == [slow]
                    assert futures.wait([slow, good, bad]).not_done == set()
                    assert futures.wait([]) == (set(), set())
                    raises(ValueError, futures.wait, [], return_when="some")
                """);
    }

    @Test
    void afterShutdownNothingIsTaken() {
        python.exec("""
                pool = futures.ThreadPoolExecutor(1)
                begun, release = threading.Event(), threading.Event()
                def hold():
                    begun.set()
                    release.wait(60)
                held, queued = pool.submit(hold), pool.submit(square, 2)
                begun.wait()
                pool.shutdown(wait=False, cancel_futures=True)
                assert queued.cancelled() and not held.done()
                raises(RuntimeError, pool.submit, square, 3)
                release.set()
                pool.shutdown()
                assert held.done()
                raises(ValueError, futures.ThreadPoolExecutor, 0)
                raises(TypeError, futures.ThreadPoolExecutor, 1, initializer=1)
                """);
    }

    @Test
    void aFailingInitializerBreaksThePool() {
        python.exec("""
                for kind, error in ((futures.ThreadPoolExecutor, futures.BrokenThreadPool),
                                    (futures.InterpreterPoolExecutor, futures.BrokenInterpreterPool)):
                    with kind(1, initializer=fail, initargs=(1,)) as pool:
                        raises(error, pool.submit(square, 1).result)
                        assert issubclass(error, futures.BrokenExecutor)
                        raises(error, pool.submit, square, 1)
                assert len(interpreters.list_all()) == 1
                """);
    }

    @Test
    void interpretersRunCallsSideBySide() {
        python.exec("""
                def meet(mine, other):
                    import interpreters
                    mine.put(1)
                    other.get(timeout=60)
                    return interpreters.get_current().id
                a, b = interpreters.create_queue(), interpreters.create_queue()
                with futures.InterpreterPoolExecutor(2) as pool:
                    both = [pool.submit(meet, a, b), pool.submit(meet, b, a)]
                    assert len(set(future.result(60) for future in both) | set([0])) == 3
                    assert list(pool.map(square, range(50))) == map(square, range(50))
                assert len(interpreters.list_all()) == 1
                """);
        assertThat(fixture.host().interpreters()).containsExactly(python);
    }

    @Test
    void anInterpreterOfAPoolIsInitialized() {
        python.exec("""
                def begin(n, q):
                    global start
                    start = n
                    q.put(n)
                q = interpreters.create_queue()
                with futures.InterpreterPoolExecutor(1, initializer=begin, initargs=(40, q)) as pool:
                    assert pool.submit(lambda x: start + x, 2).result() == 42 and q.get() == 40
                """);
    }

    @Test
    void whatACallRaisesInAnInterpreterIsRaisedHere() {
        python.exec("""
                def odd():
                    class Odd(Exception): pass
                    raise Odd("own class")
                with futures.InterpreterPoolExecutor(1) as pool:
                    e = raises(ValueError, pool.submit(fail, 7).result)
                    assert e.args == ("bad", 7)
                    assert isinstance(e.__cause__, interpreters.ExecutionFailed)
                    assert "in fail" in e.__cause__.excinfo.errdisplay
                    e = raises(interpreters.ExecutionFailed, pool.submit(odd).result)
                    assert e.excinfo.type.__name__ == "Odd" and e.excinfo.msg == "own class", e.excinfo.msg
                    raises(interpreters.NotShareableError, pool.submit(lambda: (i for i in "")).result)
                    assert pool.submit(square, 3).result() == 9
                """);
    }

    @Test
    void anInterpreterOfAPoolThatIsClosedIsReplaced() {
        python.exec("""
                with futures.InterpreterPoolExecutor(1, initializer=int) as pool:
                    for i in range(2):
                        id = pool.submit(eval, "__import__('interpreters').get_current().id").result()
                        interpreters.Interpreter(id).close()
                    assert pool.submit(len, "abc").result() == 3
                    interpreters.list_all()[-1].close()
                assert len(interpreters.list_all()) == 1
                """);
    }
}
