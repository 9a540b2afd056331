package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.python.core.Py;
import org.python.core.PySystemState;

/** One interpreter: code, exceptions, threads, its end. */
class InterpreterTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void open() {
        python = fixture.newInterpreter("alpha");
    }

    private PythonException raisedBy(Runnable code) {
        PythonException raised = catchThrowableOfType(PythonException.class, code::run);
        assertThat(raised).isNotNull();
        assertThat(raised.interpreter()).isEqualTo("alpha");
        // Whatever happened, the interpreter can be used.
        assertThat(python.eval("1 + 1")).isEqualTo(2);
        return raised;
    }

    // --- Code

    @Test
    void statementsRunInMain() {
        python.exec("a = 6\ndef times(b):\n    return a * b\n");

        assertThat(python.eval("times(7)")).isEqualTo(42);
        assertThat(python.eval("__name__")).isEqualTo("__main__");
        assertThat(python.eval("__import__('__main__').a")).isEqualTo(6);
    }

    @Test
    void variablesAreSetAndRead() {
        python.set("greeting", "hello");

        assertThat(python.eval("greeting + ', world'")).isEqualTo("hello, world");
        python.exec("greeting = greeting.upper()");
        assertThat(python.get("greeting")).isEqualTo("HELLO");
    }

    @Test
    void aVariableThatIsNotThereIsANameError() {
        PythonException raised = raisedBy(() -> python.get("nothing"));

        assertThat(raised.typeName()).isEqualTo("NameError");
        assertThat(raised).hasMessage("NameError: name 'nothing' is not defined");
    }

    @Test
    void aFunctionIsCalledByNameOrByPath() {
        python.exec("import math\ndef join(*items): return '-'.join(str(i) for i in items)");

        assertThat(python.call("join", 1, "a", 2.5)).isEqualTo("1-a-2.5");
        assertThat(python.call("join")).isEqualTo("");
        assertThat(python.call("math.sqrt", 16)).isEqualTo(4.0);
        assertThat(raisedBy(() -> python.call("missing", 1)).typeName()).isEqualTo("NameError");
    }

    @Test
    void sourceMayHoldEveryCharacter() {
        python.exec("text = u'gr\u00fc\u00df \u20ac \ud83d\ude00'");

        assertThat(python.get("text")).isEqualTo("gr\u00fc\u00df \u20ac \ud83d\ude00");
        assertThat(python.eval("len(u'\u20ac\ud83d\ude00')")).isEqualTo(2);
        assertThat(python.eval("'\u20ac' == u'\u20ac'.encode('utf-8')")).isEqualTo(true);
        python.exec("# -*- coding: latin-1 -*-\nx = 'ascii'");
        assertThat(python.get("x")).isEqualTo("ascii");
    }

    @Test
    void aScriptRunsLikeAProgram() throws Exception {
        fixture.write("scripts/helper.py", "value = 'found beside the script'\n");
        Path script = fixture.write(
                "scripts/main.py",
                "# -*- coding: utf-8 -*-\nimport sys, helper\n"
                        + "seen = (__name__, __file__, sys.argv, helper.value, u'\u20ac')\n");

        python.run(script, List.of("one", "\u20ac"));

        assertThat(python.get("seen"))
                .isEqualTo(List.of(
                        "__main__",
                        script.toString(),
                        List.of(script.toString(), "one", "\u20ac"),
                        "found beside the script",
                        "\u20ac"));
    }

    @Test
    void aScriptThatIsNotThereIsNamed() {
        Path missing = fixture.folder().resolve("missing.py");

        assertThat(raisedBy(() -> python.run(missing, List.of()))).hasMessageContaining("missing.py");
    }

    // --- Exceptions

    @Test
    void anExceptionCarriesTypeMessageAndTraceback() {
        PythonException raised = raisedBy(() -> python.exec("def f(x):\n    raise ValueError('bad %r' % x)\nf(1)\n"));

        assertThat(raised.typeName()).isEqualTo("ValueError");
        assertThat(raised).hasMessage("ValueError: bad 1");
        assertThat(raised.exitCode()).isNull();
        assertThat(raised.pythonTraceback())
                .startsWith("Traceback (most recent call last):\n")
                .contains("File \"<exec>\", line 3, in <module>\n")
                .contains("File \"<exec>\", line 2, in f\n")
                .endsWith("\nValueError: bad 1\n")
                .doesNotContain("\r");
    }

    @Test
    void anExceptionOfAProgramHasItsOwnName() {
        python.exec("class Custom(Exception):\n    pass\n");

        PythonException raised = raisedBy(() -> python.exec("raise Custom()"));

        assertThat(raised.typeName()).isEqualTo("Custom");
        assertThat(raised).hasMessage("Custom");
        assertThat(raisedBy(() -> python.exec("raise Custom(u'\u20ac')"))).hasMessage("Custom: \u20ac");
    }

    @Test
    void aSyntaxErrorIsAPythonException() {
        PythonException raised = raisedBy(() -> python.exec("x = = 1\n"));

        assertThat(raised.typeName()).isEqualTo("SyntaxError");
        assertThat(raised.pythonTraceback()).contains("<exec>").contains("x = = 1");
        assertThat(raisedBy(() -> python.eval("x = 1")).typeName()).isEqualTo("SyntaxError");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0:sys.exit()", "0:sys.exit(0)", "3:sys.exit(3)", "1:sys.exit('message')", "0:sys.exit(None)"})
    void anExitHasItsCode(String codeAndCall) {
        String[] parts = codeAndCall.split(":");
        python.exec("import sys");

        PythonException raised = raisedBy(() -> python.exec(parts[1]));

        assertThat(raised.typeName()).isEqualTo("SystemExit");
        assertThat(raised.exitCode()).isEqualTo(Integer.valueOf(parts[0]));
    }

    @Test
    void endlessRecursionIsARuntimeError() {
        python.exec("def f():\n    return f()\n");

        assertThat(raisedBy(() -> python.exec("f()")).typeName()).isEqualTo("RuntimeError");
    }

    @Test
    void anExceptionWhoseTextFailsIsStillReported() {
        python.exec(
                "class Odd(Exception):\n    def __str__(self):\n        raise KeyError('no text')\n    __unicode__ = __str__\n"
                        + "    def __repr__(self):\n        raise KeyError('no repr')\n");

        PythonException raised = raisedBy(() -> python.exec("raise Odd()"));
        assertThat(raised.typeName()).isEqualTo("Odd");
        assertThat(raised.pythonTraceback()).endsWith("\nOdd: <unprintable Odd object>\n");
    }

    // --- Threads

    @Test
    void everythingRunsOnOneThreadOfItsOwn() {
        Function<List<Object>, Object> thread =
                arguments -> Thread.currentThread().getName();
        python.set("thread", thread);

        assertThat(python.eval("thread()")).isEqualTo("hpyve-alpha");
        assertThat(python.thread().getName()).isEqualTo("hpyve-alpha");
        assertThat(python.submit(self -> Thread.currentThread()).join()).isSameAs(python.thread());
    }

    @Test
    void tasksRunInTheOrderOfTheirSubmission() {
        python.exec("order = []");
        List<CompletableFuture<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int number = i;
            tasks.add(python.submit(self -> self.call("order.append", number)));
        }
        CompletableFuture.allOf(tasks.toArray(CompletableFuture[]::new)).join();

        assertThat(python.eval("order == range(500)")).isEqualTo(true);
    }

    @Test
    void callsInATaskRunAtOnce() {
        CompletableFuture<Object> task = python.submit(self -> {
            self.exec("x = 1");
            self.set("x", (Integer) self.get("x") + 1);
            return self.eval("x");
        });

        assertThat(task.join()).isEqualTo(2);
    }

    @Test
    void aTaskFailsWithWhatItThrew() {
        CompletableFuture<Object> task = python.submit(self -> self.eval("1 / 0"));

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(task::join)
                .withCauseInstanceOf(PythonException.class)
                .withMessageContaining("ZeroDivisionError");
    }

    @Test
    void fourThreadsUseOneInterpreterAtOnce() throws Exception {
        python.exec("total = 0\ndef add(n):\n    global total\n    old = total\n    total = old + n\n    return n\n");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch begin = new CountDownLatch(1);
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int amount = i + 1;
            work.add(threads.submit(() -> {
                begin.await();
                for (int turn = 0; turn < 250; turn++) {
                    assertThat(python.call("add", amount)).isEqualTo(amount);
                }
                return null;
            }));
        }
        begin.countDown();
        for (Future<?> one : work) {
            one.get();
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(python.get("total")).isEqualTo(250 * (1 + 2 + 3 + 4));
    }

    // --- The end

    @Test
    void aClosedInterpreterRefusesWork() {
        assertThat(python.isClosed()).isFalse();
        python.close();

        assertThat(python.isClosed()).isTrue();
        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> python.exec("pass"))
                .withMessageContaining("alpha");
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> python.eval("1"));
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> python.call("len", ""));
        assertThat(python.submit(self -> 1)).isCompletedExceptionally();
        assertThat(python.stats().handlesOpen()).isZero();
    }

    @Test
    void closingAgainDoesNothing() {
        python.close();
        python.close();

        assertThat(python.isClosed()).isTrue();
    }

    @Test
    void exitFunctionsRunAtCloseLastFirst() {
        List<Object> called = Collections.synchronizedList(new ArrayList<>());
        Function<List<Object>, Object> note = arguments -> called.add(arguments.get(0));
        python.set("note", note);
        python.exec("import atexit\natexit.register(note, 'first')\natexit.register(note, 'second')\nkept = 'x'\n"
                + "atexit.register(lambda: note(kept))");
        assertThat(called).isEmpty();

        python.close();

        assertThat(called).containsExactly("x", "second", "first");
    }

    @Test
    void aFailingExitFunctionDoesNotKeepItOpen() {
        PrintStream err = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        Interpreter failing;
        try {
            failing = fixture.newInterpreter("failing");
            failing.exec("import atexit\ndef fail():\n    raise ValueError('at exit')\natexit.register(fail)\n");
            failing.close();
        } finally {
            System.setErr(err);
        }

        assertThat(failing.thread().isAlive()).isFalse();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("ValueError: at exit");
    }

    @Test
    void whatPythonPrintsIsFlushed() {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, false, StandardCharsets.UTF_8));
        try {
            Interpreter printing = fixture.newInterpreter("printing");
            printing.exec("import sys, atexit\nsys.stdout.write('no line feed')");
            assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("no line feed");
            printing.exec("atexit.register(lambda: sys.stdout.write(', at exit'))");
            printing.close();
        } finally {
            System.setOut(out);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("no line feed, at exit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "None",
                "object()",
                "type('Sink', (object,), {'write': lambda self, text: None})()",
                "type('Broken', (object,), {'flush': lambda self: 1 / 0})()"
            })
    void whatReplacesStdoutNeitherHidesExceptionsNorKeepsItOpen(String replacement) throws Exception {
        python.exec("import sys\nsys.stdout = " + replacement);

        assertThat(python.eval("6 * 7")).isEqualTo(42);
        python.run(fixture.write("fine.py", "x = 1\n"), List.of());
        Path failing = fixture.write("failing.py", "raise KeyError('lost')\n");
        assertThat(raisedBy(() -> python.run(failing, List.of())).typeName()).isEqualTo("KeyError");
        python.close();

        assertThat(python.closeReport().clean()).isTrue();
        assertThat(fixture.host().interpreters()).isEmpty();
    }

    @Test
    void anExitFunctionThatFailsWithAJavaErrorDoesNotKeepItOpen() {
        python.exec(
                "import sys\nfrom java.lang import AssertionError\ndef fail():\n    raise AssertionError('at exit')\n"
                        + "sys.exitfunc = fail\nsys.stderr = None");

        try {
            python.close();
        } catch (AssertionError e) {
            assertThat(e).hasMessage("at exit");
        }

        assertThat(python.closeReport().clean()).isTrue();
        assertThat(fixture.host().interpreters()).isEmpty();
    }

    @Test
    void aClosedInterpreterKeepsNoneOfItsObjects() throws Exception {
        fixture.build("kept", HostFixture.valueModule("kept", 3));
        python.exec("import kept\nkept.value()");
        InterpreterStats before = python.stats();
        WeakReference<PySystemState> system =
                python.submit(self -> new WeakReference<>(Py.getSystemState())).join();

        python.close();

        for (int turn = 0; turn < 50 && system.get() != null; turn++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(system.get()).isNull();
        assertThat(python.stats().handlesOpened()).isGreaterThanOrEqualTo(before.handlesOpened());
        assertThat(python.stats().crossings()).isGreaterThanOrEqualTo(before.crossings());
        assertThat(python.stats().handlesOpen()).isZero();
    }

    @Test
    void anExitWithSomethingElseThanANumberHasAMessage() {
        python.exec("import sys");

        assertThat(raisedBy(() -> python.exec("sys.exit('no input')")).exitMessage())
                .isEqualTo("no input");
        assertThat(raisedBy(() -> python.exec("sys.exit(u'gr\\xfc\\xdf')")).exitMessage())
                .isEqualTo("gr\u00fc\u00df");
        assertThat(raisedBy(() -> python.exec("sys.exit('gr\u00fc\u00df')")).exitMessage())
                .isEqualTo("gr\u00fc\u00df");
        assertThat(raisedBy(() -> python.exec("sys.exit((1, 2))")).exitMessage())
                .isEqualTo("(1, 2)");
        assertThat(raisedBy(() -> python.exec("sys.exit(3)")).exitMessage()).isNull();
        assertThat(raisedBy(() -> python.exec("1 / 0")).exitMessage()).isNull();
    }
}
