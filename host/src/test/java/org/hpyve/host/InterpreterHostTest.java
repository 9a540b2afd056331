package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
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
    void anInterpreterSeesItsOwnCounts() throws Exception {
        fixture.build("counted", HostFixture.valueModule("counted", 1));
        Interpreter python = fixture.newInterpreter();
        Interpreter other = fixture.newInterpreter();
        python.exec("import hpyve, counted\ncounted.value()\nstats = hpyve.current().stats()");
        other.exec("import hpyve\nstats = hpyve.current().stats()");

        assertThat(python.eval("stats._fields"))
                .isEqualTo(List.of(
                        "handles_open",
                        "handles_opened",
                        "handles_closed",
                        "handles_peak",
                        "crossings",
                        "native_bytes"));
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
}
