package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.hpyve.scheduler.TaskTimeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Python code that does not end by itself is stopped, and its interpreter is as good as before. */
public class StoppingTest {

    private static final Duration DEADLINE = Duration.ofMillis(50);

    /** What a stop takes at most on a machine that does other things; by itself it takes less than 50 ms. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void start() {
        python = fixture.newInterpreter();
        python.exec("import sys, hpyve");
    }

    @AfterEach
    void theInterpreterIsAsGoodAsBefore() {
        assertThat(python.eval("sum([x for x in range(10)])")).isEqualTo(45);
        assertThat(python.eval("sys._getframe().f_back is None")).isEqualTo(true);
        assertThat(python.submit(unused -> Thread.currentThread().isInterrupted())
                        .join())
                .isFalse();
    }

    static Stream<Arguments> runaways() throws IOException {
        try (InputStream file = StoppingTest.class.getResourceAsStream("runaways.txt")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("(?m)^#### ")).skip(1).map(each -> {
                String[] nameAndCode = each.split("\n", 2);
                String[] parts = nameAndCode[1].split("----\n", 2);
                return Arguments.of(nameAndCode[0], parts.length == 1 ? "" : parts[0], parts[parts.length - 1]);
            });
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runaways")
    void itIsStopped(String name, String setUp, String code) {
        python.exec(setUp);
        assertStopped(code);
        python.exec("sys.settrace(None)");
    }

    private void assertStopped(String code) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> python.within(DEADLINE).exec(code)).isInstanceOf(TaskTimeout.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }

    @Test
    void aStopWhileCodecsAreLoadedLeavesThemForTheNextTask() {
        python.exec("""
                class Endless(object):
                    def find_module(self, name, path=None):
                        while name == 'encodings':
                            pass
                sys.meta_path.insert(0, Endless())
                """);
        for (int i = 0; i < 2; i++) {
            assertStopped("'6162'.decode('hex')");
        }
        python.exec("del sys.meta_path[0]");
        assertThat(python.eval("'6162'.decode('hex')")).isEqualTo("ab");
    }

    @Test
    @Timeout(60)
    void aFinalizerWithoutEndThatRunsBetweenTasksIsStopped() {
        python.exec("""
                begun = []
                class Endless(object):
                    def __del__(self):
                        begun.append(1)
                        while True: pass
                endless = Endless()
                del endless
                """);
        while (python.eval("len(begun)").equals(0)) {
            System.gc();
        }
    }

    @Test
    void aLoopThatTheCompilerHasSeenForLongIsStopped() {
        python.exec("""
                def spin():
                    while True: pass
                """);
        assertThatThrownBy(() -> python.within(Duration.ofSeconds(2)).exec("spin()"))
                .isInstanceOf(TaskTimeout.class);
    }

    @Test
    void aFunctionThatACExtensionCallsIsStopped() throws Exception {
        fixture.build("back", """
                HPyDef_METH(call, "call", HPyFunc_O)
                static HPy call_impl(HPyContext *ctx, HPy self, HPy function) {
                    HPy result = HPy_CallTupleDict(ctx, function, HPy_NULL, HPy_NULL);
                    return result;
                }
                static HPyDef *defines[] = {&call, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(back, def)
                """);
        python.exec("""
                import back
                def spin():
                    while True: pass
                """);
        assertStopped("back.call(spin)");
    }

    @Test
    void anImportIsStoppedAndCanBeDoneAgain() throws Exception {
        fixture.write("slow.py", "import sys\nwhile not hasattr(sys, 'quick'): pass\n");
        assertStopped("import slow");
        python.exec("assert 'slow' not in sys.modules\nsys.quick = 1\nimport slow");
    }

    @Test
    void codeSeesTaskTimeoutOnceAndCanCleanUp() {
        // On a machine that has other things to do the time for that may be over before it gets to it.
        boolean cleaned = false;
        for (int attempt = 0; attempt < 10 && !cleaned; attempt++) {
            python.exec("seen = []");
            assertThatThrownBy(() -> python.within(Duration.ofMillis(200)).exec("""
                            class Manager(object):
                                def __enter__(self): pass
                                def __exit__(self, *exception): seen.append(exception[0])
                            try:
                                with Manager():
                                    try:
                                        while True: pass
                                    except Exception:
                                        seen.append('an Exception')
                            finally:
                                for i in range(1000): j = i
                                seen.append(j)
                            """))
                    .isInstanceOf(TaskTimeout.class);
            assertThat(python.eval("'an Exception' in seen")).isEqualTo(false);
            cleaned = (Boolean) python.eval("seen == [hpyve.TaskTimeout, 999]");
        }
        assertThat(cleaned).isTrue();
        assertThat(python.eval("hpyve.TaskTimeout.__bases__ == (BaseException,)"))
                .isEqualTo(true);
        assertThat(python.eval("hpyve.TaskTimeout.__name__")).isEqualTo("TaskTimeout");
    }

    @Test
    void aWaitEndsWithTaskTimeoutAndNothingElse() {
        python.exec("import time, Queue\nseen = []");
        for (String wait : new String[] {"time.sleep(9)", "Queue.Queue().get()"}) {
            assertStopped("""
                    try:
                        %s
                    except hpyve.TaskTimeout:
                        seen.append('TaskTimeout')
                        raise
                    except BaseException:
                        seen.append('something else')
                    """.formatted(wait));
        }
        assertThat(python.eval("seen == ['TaskTimeout'] * 2")).isEqualTo(true);
    }

    @Test
    void taskTimeoutIsAClassOfTheInterpreter() {
        Interpreter other = fixture.newInterpreter();
        python.exec("hpyve.TaskTimeout.note = 1");
        other.exec("import hpyve");
        assertThat(other.eval("hasattr(hpyve.TaskTimeout, 'note')")).isEqualTo(false);
    }

    @Test
    void anInterruptIsAKeyboardInterruptOnce() throws Exception {
        python.exec("import time\nfrom org.hpyve.host import StoppingTest\nseen = []");
        for (String code : new String[] {"while True: pass", "time.sleep(9)"}) {
            running = new CountDownLatch(1);
            CompletableFuture<Void> task = python.submit(own -> {
                own.exec("""
                        try:
                            StoppingTest.running.countDown()
                            %s
                        except KeyboardInterrupt:
                            seen.append(1)
                            for i in range(1000): j = i
                        """.formatted(code));
                return null;
            });
            running.await();
            parkShortly();
            python.interrupt();
            task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(python.eval("seen == [1, 1]")).isEqualTo(true);
    }

    /** Until a thread that was about to wait does so. */
    private static void parkShortly() throws InterruptedException {
        Thread.sleep(200);
    }

    @Test
    void whatIsAskedBetweenTwoTasksHitsNone() {
        for (int i = 0; i < 100; i++) {
            python.interrupt();
            python.exec("for i in range(100): pass");
        }
    }

    @Test
    void theTraceFunctionOfTheProgramStays() throws Exception {
        running = new CountDownLatch(1);
        python.exec("""
                from org.hpyve.host import StoppingTest
                lines = 0
                def trace(frame, event, argument):
                    global lines
                    lines += 1
                    return trace
                def f():
                    StoppingTest.running.countDown()
                    while True: pass
                """);
        CompletableFuture<Void> task = python.submit(own -> {
            own.exec("sys.settrace(trace)\nf()");
            return null;
        });
        running.await();
        python.interrupt();
        assertThatThrownBy(() -> task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasMessageContaining("KeyboardInterrupt");
        python.exec("assert lines > 0 and sys.gettrace() is trace\nsys.settrace(None)");
    }

    @Test
    void aLoopThatPrintsIsStoppedWithoutClosingTheOutputOfTheProcess() {
        assertStopped("""
                while True:
                    try: sys.stdout.write(' ' * 3000 + '\\r')
                    except: pass
                """);
        assertThat(System.out.checkError()).isFalse();
        python.exec("sys.stdout.write('\\n')");
    }

    /** Set and called by Python. */
    public static volatile Runnable ofAnother;

    public static volatile CountDownLatch running;

    @Test
    void codeOfAnotherInterpreterOnTheSameThreadIsLeftAlone() throws Exception {
        Interpreter other = fixture.newInterpreter();
        running = new CountDownLatch(1);
        other.exec("""
                import time
                from org.hpyve.host import StoppingTest
                def f():
                    global ended
                    end = time.time() + 0.2
                    StoppingTest.running.countDown()
                    while time.time() < end: pass
                    ended = True
                StoppingTest.ofAnother = f
                """);
        CompletableFuture<Void> task = python.submit(own -> {
            own.exec("""
                    from org.hpyve.host import StoppingTest
                    StoppingTest.ofAnother.run()
                    while True: pass
                    """);
            return null;
        });
        running.await();
        python.interrupt();
        assertThatThrownBy(() -> task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(PythonException.class)
                .hasMessageContaining("KeyboardInterrupt");
        assertThat(other.eval("ended")).isEqualTo(true);
        ofAnother = null;
    }

    @Test
    void codeOfAnInterpreterWithARuntimeOfItsOwnIsStopped() throws Exception {
        try (InterpreterHost host =
                InterpreterHost.builder().isolation(Isolation.OWN_RUNTIME).build()) {
            Interpreter own = host.newInterpreter();
            CompletableFuture<Void> task = own.submit(
                    interpreter -> {
                        interpreter.exec("while True: pass");
                        return null;
                    },
                    DEADLINE);
            assertThatThrownBy(() -> task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TaskTimeout.class);
        }
    }
}
