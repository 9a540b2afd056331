package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.hpyve.bridge.BridgeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host and its interpreters: names, ends, settings, and what an interpreter can ask about itself. */
class InterpreterHostTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    @Test
    void namesAreGivenInOrder() {
        assertThat(fixture.newInterpreter().name()).isEqualTo("interpreter-1");
        assertThat(fixture.newInterpreter().name()).isEqualTo("interpreter-2");
        assertThat(fixture.host().interpreters())
                .extracting(Interpreter::name)
                .containsExactlyInAnyOrder("interpreter-1", "interpreter-2");
    }

    @Test
    void anOpenInterpretersNameIsTaken() {
        Interpreter first = fixture.newInterpreter("twin");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> fixture.newInterpreter("twin"))
                .withMessage("an interpreter named 'twin' is open");
        assertThat(fixture.host().interpreters()).containsExactly(first);
        first.close();
        assertThat(fixture.host().interpreters()).isEmpty();
        assertThat(fixture.newInterpreter("twin").eval("1")).isEqualTo(1);
    }

    @Test
    void aGivenNameIsSkippedWhenNamesAreGivenInOrder() {
        fixture.newInterpreter("interpreter-1");

        assertThat(fixture.newInterpreter().name()).isEqualTo("interpreter-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void anInterpreterNeedsAName(String name) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> fixture.newInterpreter(name));
    }

    @Test
    void twoHostsDoNotShareNames() {
        Interpreter here = fixture.newInterpreter("same");
        try (InterpreterHost other = InterpreterHost.create()) {
            Interpreter there = other.newInterpreter("same");
            there.exec("x = 1");

            assertThat(here.eval("'x' in globals()")).isEqualTo(false);
        }
        assertThat(here.eval("1")).isEqualTo(1);
    }

    @Test
    void closeClosesEveryInterpreter() {
        Interpreter one = fixture.newInterpreter();
        Interpreter two = fixture.newInterpreter();

        fixture.host().close();

        assertThat(one.isClosed()).isTrue();
        assertThat(two.isClosed()).isTrue();
        assertThat(one.thread().isAlive()).isFalse();
        assertThat(fixture.host().interpreters()).isEmpty();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(fixture.host()::newInterpreter)
                .withMessage("the host is closed");
        fixture.host().close();
    }

    @Test
    void foldersOfTheHostAreOnTheSearchPathOfEach() throws Exception {
        fixture.write("shared_by_all.py", "import random\nvalue = 7\n");

        for (int i = 0; i < 2; i++) {
            Interpreter python = fixture.newInterpreter();
            python.exec("import shared_by_all, sys");
            assertThat(python.eval("shared_by_all.value")).isEqualTo(7);
            assertThat(python.eval("sys.path[-1]")).isEqualTo(fixture.folder().toString());
        }
    }

    @Test
    void aRelativeFolderIsMadeAbsolute() {
        try (InterpreterHost host =
                InterpreterHost.builder().searchPath(Path.of("src")).build()) {
            Interpreter python = host.newInterpreter();
            python.exec("import sys");

            assertThat(python.eval("sys.path[-1]"))
                    .isEqualTo(Path.of("src").toAbsolutePath().toString());
        }
    }

    @Test
    void strictTextTakesUnicodeOnly() throws Exception {
        fixture.build("texts", """
                HPyDef_METH(size, "size", HPyFunc_O)
                static HPy size_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t size;
                    if (!HPyUnicode_AsUTF8AndSize(ctx, arg, &size))
                        return HPy_NULL;
                    return HPyLong_FromSsize_t(ctx, size);
                }
                static HPyDef *defines[] = {&size, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(texts, def)
                """);
        Interpreter lenient = fixture.newInterpreter();
        lenient.exec("import texts");
        assertThat(lenient.eval("texts.size('abc'), texts.size(u'\\u20ac')")).isEqualTo(List.of(3, 3));

        try (InterpreterHost host = InterpreterHost.builder()
                .searchPath(fixture.folder())
                .strictText(true)
                .build()) {
            Interpreter strict = host.newInterpreter();
            strict.exec("import texts");
            assertThat(strict.eval("texts.size(u'\\u20ac')")).isEqualTo(3);
            assertThat(catchThrowableOfType(PythonException.class, () -> strict.eval("texts.size('abc')"))
                            .typeName())
                    .isEqualTo("TypeError");
        }
    }

    @Test
    void theStackSizeLimitsRecursion() {
        // Jython warns where its stack ends; without the import it would import there, and fail at that.
        String deep = "import sys, warnings\nsys.setrecursionlimit(20000)\n"
                + "def deep(n):\n    return 0 if n == 0 else 1 + deep(n - 1)\n";
        try (InterpreterHost host =
                InterpreterHost.builder().stackSize(64L << 20).build()) {
            Interpreter large = host.newInterpreter();
            large.exec(deep);

            assertThat(large.eval("deep(4000)")).isEqualTo(4000);
        }
        try (InterpreterHost host =
                InterpreterHost.builder().stackSize(512L << 10).build()) {
            Interpreter small = host.newInterpreter();
            small.exec(deep);

            assertThat(catchThrowableOfType(PythonException.class, () -> small.eval("deep(4000)"))
                            .typeName())
                    .isEqualTo("RuntimeError");
            assertThat(small.eval("deep(10)")).isEqualTo(10);
        }
    }

    // --- What Python code learns about its interpreter

    @Test
    void anInterpreterKnowsWhereItRuns() {
        Interpreter python = fixture.newInterpreter("knowing");
        python.exec("import hpyve\nme = hpyve.current()");

        assertThat(python.eval("me.name, me.isolation, me.hpy_mode"))
                .isEqualTo(List.of("knowing", "shared", "universal"));
        assertThat(python.eval("repr(me)")).isEqualTo("<hpyve.Interpreter 'knowing'>");
        assertThat(python.eval("me is hpyve.current()")).isEqualTo(true);
    }

    @Test
    void anInterpreterKnowsItsBridge() {
        BridgeMode eager = BridgeMode.parse("eager,jni");

        try (InterpreterHost host = InterpreterHost.builder().bridge(eager).build()) {
            Interpreter python = host.newInterpreter();
            python.exec("import hpyve");

            assertThat(python.eval("hpyve.current().bridge")).isEqualTo("eager,jni");
        }
    }

    @Test
    void aHostThatIsToldNothingHasTheBridgeOfTheSystemProperty() {
        String before = System.getProperty(BridgeMode.PROPERTY);
        System.setProperty(BridgeMode.PROPERTY, "eager,jni");
        try (InterpreterHost host = InterpreterHost.create()) {
            Interpreter python = host.newInterpreter();
            python.exec("import hpyve");

            assertThat(python.eval("hpyve.current().bridge")).isEqualTo("eager,jni");
        } finally {
            if (before == null) {
                System.clearProperty(BridgeMode.PROPERTY);
            } else {
                System.setProperty(BridgeMode.PROPERTY, before);
            }
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void aHostIsNotBuiltWithABridgeThatThisJavaHasNot() {
        InterpreterHost.Builder builder = InterpreterHost.builder().bridge(BridgeMode.parse("ffm"));

        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("Java 22");
    }

    @Test
    void exceptionsOfPython3HaveNamesOfTheirOwnInEachInterpreter() throws Exception {
        fixture.build("failing", """
                #include <errno.h>
                HPyDef_METH(fail, "fail", HPyFunc_NOARGS)
                static HPy fail_impl(HPyContext *ctx, HPy self)
                {
                    errno = ENOENT;
                    return HPyErr_SetFromErrnoWithFilename(ctx, ctx->h_OSError, "absent");
                }
                static HPyDef *module_defines[] = {&fail, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(failing, module_def)
                """);
        Interpreter python = fixture.newInterpreter();
        Interpreter other = fixture.newInterpreter();
        python.exec("""
                import failing, hpyve.exceptions
                from hpyve.exceptions import FileNotFoundError
                try:
                    failing.fail()
                except FileNotFoundError as e:
                    caught = e
                """);
        other.exec("import hpyve\nhpyve.exceptions.FileNotFoundError.note = 1");

        assertThat(python.eval("caught.filename, isinstance(caught, OSError), hasattr(FileNotFoundError, 'note')"))
                .isEqualTo(List.of("absent", true, false));
        assertThat(python.eval("issubclass(hpyve.exceptions.RecursionError, RuntimeError)"))
                .isEqualTo(true);
    }

    @Test
    void anInterpreterSeesItsOwnCounts() throws Exception {
        fixture.build("counted", HostFixture.valueModule("counted", 1));
        Interpreter python = fixture.newInterpreter();
        Interpreter other = fixture.newInterpreter();
        python.exec("import hpyve, counted\ncounted.value()\nstats = hpyve.current().stats()");
        other.exec("import hpyve\nstats = hpyve.current().stats()");

        assertThat(python.eval("stats._fields[:6]"))
                .isEqualTo(List.of(
                        "handles_open",
                        "handles_opened",
                        "handles_closed",
                        "handles_peak",
                        "crossings",
                        "native_bytes"));
        assertThat(python.eval("stats.calls['counted'].returned, stats.calls['counted'].raised"))
                .isEqualTo(List.of(1, 0));
        assertThat(python.eval("stats.crossings == stats.bulk + stats.upcalls")).isEqualTo(true);
        assertThat(python.eval("stats.handles_open")).isEqualTo(0);
        assertThat(python.eval("stats.handles_opened == stats.handles_closed")).isEqualTo(true);
        assertThat(other.eval("stats.handles_opened, stats.crossings")).isEqualTo(List.of(0, 0));
        assertThat(python.stats().handlesOpened())
                .isEqualTo(((Number) python.eval("stats.handles_opened")).longValue());
    }

    @Test
    void anInterpretersNameMayBeAnyText() {
        Interpreter python = fixture.newInterpreter("gr\u00fc\u00df \u20ac");
        python.exec("import hpyve");

        assertThat(python.eval("hpyve.current().name")).isEqualTo("gr\u00fc\u00df \u20ac");
    }

    // --- Starts that meet other starts, or the end

    @Test
    void noInterpreterOutlivesAHostThatIsClosedDuringStarts() throws Exception {
        for (int turn = 0; turn < 5; turn++) {
            InterpreterHost host = InterpreterHost.create();
            Queue<Interpreter> made = new ConcurrentLinkedQueue<>();
            Queue<Throwable> refused = new ConcurrentLinkedQueue<>();
            List<Thread> makers = new ArrayList<>();
            CountDownLatch first = new CountDownLatch(1);
            for (int i = 0; i < 3; i++) {
                Thread maker = new Thread(() -> {
                    try {
                        while (true) {
                            first.countDown();
                            made.add(host.newInterpreter());
                        }
                    } catch (RuntimeException | Error e) {
                        refused.add(e);
                    }
                });
                maker.start();
                makers.add(maker);
            }
            first.await();
            Thread.sleep(turn * 20L);
            host.close();

            assertThat(host.interpreters()).isEmpty();
            for (Thread maker : makers) {
                maker.join();
            }
            assertThat(refused)
                    .hasSize(3)
                    .allSatisfy(thrown -> assertThat(thrown)
                            .isExactlyInstanceOf(IllegalStateException.class)
                            .hasMessage("the host is closed"));
            assertThat(made)
                    .allSatisfy(interpreter -> assertThat(interpreter.thread()).matches(thread -> !thread.isAlive()));
            assertThat(living("hpyve-interpreter-")).isZero();
            assertThat(host.interpreters()).isEmpty();
        }
    }

    @Test
    void anInterruptedStartDoesNotTakeItsNameFromTheNext() throws Exception {
        boolean givenUp = false;
        // A start that is done before anybody waits for it is not interrupted.
        for (int turn = 0; turn < 100 && !givenUp; turn++) {
            Thread.currentThread().interrupt();
            try {
                fixture.newInterpreter("again").close();
            } catch (CancellationException e) {
                givenUp = true;
            }
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(givenUp).isTrue();
        assertThat(fixture.host().interpreters()).isEmpty();

        Interpreter next = fixture.newInterpreter("again");

        for (int turn = 0; turn < 500 && living("hpyve-again") > 1; turn++) {
            Thread.sleep(10);
        }
        assertThat(living("hpyve-again")).isEqualTo(1);
        assertThat(fixture.host().interpreters()).containsExactly(next);
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> fixture.newInterpreter("again"));
    }

    private static long living(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    @Test
    void aHostOfProgramsWaitsForTheirThreadsBeforeExitFunctions() {
        List<Object> notes = Collections.synchronizedList(new ArrayList<>());
        Function<List<Object>, Object> note = arguments -> notes.add(arguments.get(0));
        try (InterpreterHost host = InterpreterHost.builder().daemon(false).build()) {
            Interpreter program = host.newInterpreter();
            program.set("note", note);
            program.exec("""
                    import threading, time, atexit
                    atexit.register(lambda: note('exit'))
                    def work():
                        time.sleep(0.3)
                        note('thread')
                        threading.Thread(target=last).start()
                    def last():
                        time.sleep(0.1)
                        note('thread of a thread')
                    def for_ever():
                        time.sleep(1000)
                    idle = threading.Thread(target=for_ever)
                    idle.daemon = True
                    idle.start()
                    threading.Thread(target=work).start()
                    """);
        }

        assertThat(notes).containsExactly("thread", "thread of a thread", "exit");
    }

    @Test
    void aServersInterpreterClosesWithoutItsThreads() {
        Interpreter server = fixture.newInterpreter();
        server.exec("import threading, time\nthreading.Thread(target=lambda: time.sleep(1000)).start()");

        server.close();

        assertThat(server.thread().isAlive()).isFalse();
    }
}
