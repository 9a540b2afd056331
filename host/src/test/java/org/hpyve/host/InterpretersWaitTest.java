package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.hpyve.scheduler.TaskTimeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interpreters that wait for each other and for queues: who lets them go, and on which threads. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterpretersWaitTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private static final Duration SHORT = Duration.ofMillis(100);

    private Interpreter python() {
        Interpreter python = fixture.newInterpreter();
        python.exec("import interpreters; q = interpreters.create_queue(); it = interpreters.create()");
        return python;
    }

    @Test
    void aDeadlineEndsAGet() {
        Interpreter python = python();
        assertThatThrownBy(() -> python.within(SHORT).exec("q.get()")).isInstanceOf(TaskTimeout.class);
        python.exec("q.put(1); assert q.get() == 1");
    }

    @Test
    void aDeadlineEndsAPut() {
        Interpreter python = python();
        python.exec("full = interpreters.create_queue(1); full.put(1)");
        assertThatThrownBy(() -> python.within(SHORT).exec("full.put(2, timeout=60)"))
                .isInstanceOf(TaskTimeout.class);
        python.exec("assert full.get() == 1 and full.empty()");
    }

    @Test
    void aDeadlineEndsWhatTheOtherDoes() {
        Interpreter python = python();
        assertThatThrownBy(() -> python.within(SHORT).exec("it.exec('while True: pass')"))
                .isInstanceOf(TaskTimeout.class);
        python.exec("it.exec('x = 1'); assert it.call(lambda: x) == 1");
    }

    @Test
    void anInterruptEndsAGetWithKeyboardInterrupt() throws Exception {
        Interpreter python = python();
        InterpreterQueue begun = fixture.host().newQueue();
        python.set("begun", begun);
        CompletableFuture<Void> waiting = python.submit(self -> {
            self.exec("""
                    caught = False
                    try:
                        begun.put(1)
                        q.get()
                    except KeyboardInterrupt:
                        caught = True
                    """);
            return null;
        });
        begun.take();
        do {
            // One that comes just before the thread waits does not wake it.
            python.interrupt();
        } while (!isDoneSoon(waiting));
        assertThat(python.get("caught")).isEqualTo(true);
    }

    private static boolean isDoneSoon(CompletableFuture<?> future) throws Exception {
        try {
            Object unused = future.get(2, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void whoWouldWaitForItselfIsRefused() {
        Interpreter python = python();
        python.exec("""
                other = interpreters.create()
                other.prepare_main(it=it)
                it.prepare_main(other=other)
                text = "import interpreters\\ntry: it.exec('')\\nexcept interpreters.InterpreterError as e: got = str(e)"
                it.prepare_main(text=text)
                it.exec("other.exec(text)")
                assert "waits for" in other.call(lambda: got)
                """);
    }

    /** With a single thread for all, who waits has to give it away. */
    @Test
    void interpretersOnOneThreadWaitForEachOther() {
        try (InterpreterHost host = InterpreterHost.builder().workers(1).build()) {
            Interpreter one = host.newInterpreter();
            Interpreter two = host.newInterpreter();
            InterpreterQueue there = host.newQueue(1);
            InterpreterQueue back = host.newQueue(1);
            for (Interpreter each : host.interpreters()) {
                each.set("there", there);
                each.set("back", back);
            }
            CompletableFuture<Void> echo = two.submit(self -> {
                self.exec("for i in range(200): back.put(there.get())");
                return null;
            });
            one.exec("""
                    for i in range(200):
                        there.put(i)
                        assert back.get() == i
                    import interpreters
                    it = interpreters.create()
                    assert it.call(sum, [1, 2]) == 3
                    """);
            echo.join();
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void waitsForThreadsLetOtherInterpretersRunOnTheOnlyWorker(Isolation isolation) {
        try (InterpreterHost host =
                InterpreterHost.builder().workers(1).isolation(isolation).build()) {
            Interpreter python = host.newInterpreter();
            python.exec("""
                    import interpreters, thread, threading, time
                    from concurrent.futures import InterpreterPoolExecutor
                    with InterpreterPoolExecutor(2) as pool:
                        assert pool.submit(len, "abc").result() == 3
                    it = interpreters.create()
                    done = []
                    def busy(*ready):
                        it.exec("x = 1")
                        done.append(1)
                        for each in ready:
                            each()
                    def busy_and(ready):
                        threading.Thread(target=busy, args=(ready,)).start()
                    for make in (thread.allocate_lock, threading.Lock):
                        lock = make()
                        lock.acquire()
                        busy_and(lock.release)
                        with lock:
                            assert done.pop()
                    event = threading.Event()
                    busy_and(event.set)
                    event.wait()
                    assert done.pop()
                    worker = threading.Thread(target=busy)
                    worker.start()
                    worker.join()
                    assert done.pop()
                    busy_and(str)
                    end = time.time() + 60
                    while not done and time.time() < end:
                        time.sleep(0.2)
                    assert done.pop()
                    """);
        }
    }
}
