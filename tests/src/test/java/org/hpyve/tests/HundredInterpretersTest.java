package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many interpreters open at once, and every way in which they end. */
class HundredInterpretersTest {

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    @BeforeEach
    void build() throws Exception {
        hosts.buildCounting();
    }

    @Test
    void aHundredInterpretersAreOpenAtOnce() {
        List<Interpreter> all = hosts.newInterpreters(100);
        List<CompletableFuture<Object>> counts = new ArrayList<>();
        for (Interpreter interpreter : all) {
            counts.add(interpreter.submit(python -> {
                python.exec("import counting");
                return python.eval("counting.bump()");
            }));
        }

        assertThat(counts.stream().map(CompletableFuture::join)).hasSize(100).containsOnly(1);
        assertThat(hosts.host().interpreters()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(all.stream().map(Interpreter::thread)).doesNotHaveDuplicates();
        assertThat(all.stream().map(python -> python.eval("counting.bump()"))).containsOnly(2);

        hosts.host().close();

        assertThat(all).allMatch(Interpreter::isClosed);
        assertThat(hosts.host().interpreters()).isEmpty();
        assertThat(HostExtension.threads()).isEmpty();
    }

    @Test
    void interpretersThatComeAndGoDoNotPileUp() {
        for (int i = 0; i < 50; i++) {
            try (Interpreter python = hosts.newInterpreter("again")) {
                python.exec("import counting");
                assertThat(python.eval("counting.bump()")).isEqualTo(1);
            }
        }

        // The one that looks at deadlines is the host's.
        assertThat(HostExtension.threads()).allMatch(name -> name.startsWith("hpyve-watch"));
    }

    static Stream<List<Integer>> orders() {
        return Stream.of(0, 1, 2)
                .flatMap(a -> Stream.of(0, 1, 2).flatMap(b -> Stream.of(0, 1, 2).map(c -> List.of(a, b, c))))
                .filter(order -> order.stream().distinct().count() == 3);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void interpretersCloseInEveryOrder(List<Integer> order) {
        List<Interpreter> all = hosts.newInterpreters(3);
        all.forEach(python -> python.exec("import counting\ncounting.bump()"));
        List<Interpreter> open = new ArrayList<>(all);

        for (int next : order) {
            all.get(next).close();
            open.remove(all.get(next));
            assertThat(open.stream().map(python -> python.eval("counting.bump() > 1")))
                    .doesNotContain(false);
        }

        assertThat(hosts.host().interpreters()).isEmpty();
    }

    @Test
    void closingTwiceAndFromManyThreadsIsClosingOnce() throws Exception {
        Interpreter python = hosts.newInterpreter();
        python.exec("import counting\ncounting.bump()");
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> closers = Stream.generate(() -> new Thread(() -> {
                    try {
                        begin.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    python.close();
                }))
                .limit(4)
                .toList();
        closers.forEach(Thread::start);
        begin.countDown();
        for (Thread closer : closers) {
            closer.join();
        }
        python.close();

        assertThat(python.thread().isAlive()).isFalse();
    }

    @Test
    void queuedTasksAreFinishedBeforeTheEnd() throws Exception {
        Interpreter python = hosts.newInterpreter();
        python.exec("import counting");
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Object> first = python.submit(self -> {
            running.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
        List<CompletableFuture<Object>> queued = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            queued.add(python.submit(self -> self.eval("counting.bump()")));
        }
        running.await();
        Thread closer = new Thread(python::close);
        closer.start();
        while (!python.isClosed()) {
            Thread.onSpinWait();
        }
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> python.submit(self -> 1).get())
                .withCauseInstanceOf(RejectedExecutionException.class);
        release.countDown();
        closer.join();

        assertThat(first).isCompletedWithValue(null);
        for (int i = 0; i < 20; i++) {
            assertThat(queued.get(i)).isCompletedWithValue(i + 1);
        }
    }

    @Test
    void anInterpreterCanBeClosedByItsOwnTask() throws Exception {
        Interpreter python = hosts.newInterpreter();
        python.exec("import counting");

        CompletableFuture<Object> task = python.submit(self -> {
            self.close();
            // The rest of the task still runs.
            return self.eval("counting.bump()");
        });

        assertThat(task.join()).isEqualTo(1);
        python.close();
        assertThat(python.thread().isAlive()).isFalse();
    }

    @Test
    void aHostCanBeClosedByATaskOfOneOfItsInterpreters() throws Exception {
        InterpreterHost host = hosts.host();
        List<Interpreter> all = hosts.newInterpreters(3);
        all.forEach(python -> python.exec("import counting"));

        CompletableFuture<Object> task = all.get(1).submit(self -> {
            host.close();
            return self.eval("counting.bump()");
        });

        assertThat(task.join()).isEqualTo(1);
        all.forEach(Interpreter::close);
        assertThat(all).noneMatch(python -> python.thread().isAlive());
    }

    @Test
    void anInterpreterClosesWhileItsObjectsAreReferredToFromOutside() {
        Interpreter python = hosts.newInterpreter();
        python.exec("import counting");
        Object function = python.eval("counting.bump");
        assertThat(python.call("apply", function)).isEqualTo(1);

        python.close();

        assertThat(function).hasToString("<Python builtin_function_or_method of interpreter 'interpreter-1'>");
    }
}
