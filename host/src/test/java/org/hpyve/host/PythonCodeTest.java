package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs that are compiled once, and sets of variables that they run in. */
class PythonCodeTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void open() {
        python = fixture.newInterpreter("alpha");
    }

    @Test
    void aProgramRunsAsOftenAsIsWanted() {
        PythonCode code = python.compile("total = total + 1", "count.py");
        python.set("total", 0);

        for (int i = 0; i < 100; i++) {
            assertThat(code.run()).isNull();
        }

        assertThat(python.get("total")).isEqualTo(100);
        assertThat(code).hasToString("<Python code of 'count.py' of interpreter 'alpha'>");
        assertThat(code.interpreter()).isSameAs(python);
    }

    @Test
    void itsResultIsTheValueOfALastExpression() {
        assertThat(python.compile("1 + 1", "a.py").run()).isEqualTo(2);
        assertThat(python.compile("x = 20\nx + 1\n", "a.py").run(long.class)).isEqualTo(21L);
        assertThat(python.compile("'text'", "a.py").run()).isEqualTo("text");
        assertThat(python.compile("from __future__ import division\n1 / 2", "a.py")
                        .run())
                .isEqualTo(0.5);
        assertThat(python.compile("if True:\n  5", "a.py").run()).isNull();
        assertThat(python.compile("", "a.py").run()).isNull();
        assertThat(python.compile("u'\u20ac'", "a.py").run()).isEqualTo("\u20ac");
        assertThat(python.eval("sorted(name for name in globals() if name[0] != '_')"))
                .isEqualTo(List.of("division", "x"));
    }

    @Test
    void aProgramThatRunsAnotherHasItsOwnResult() {
        PythonCode inner = python.compile("'inner'", "inner.py");
        Runnable run = inner::run;
        python.set("run", run);

        assertThat(python.compile("[run(), 'outer'][1]", "outer.py").run()).isEqualTo("outer");
    }

    @Test
    void errorsNameFileAndLine() {
        PythonException syntax =
                catchThrowableOfType(PythonException.class, () -> python.compile("x = 1\nx ==", "bad.py"));
        PythonException raised = catchThrowableOfType(
                PythonException.class,
                () -> python.compile("x = 1\n\n1 // 0", "zero.py").run());

        assertThat(syntax.typeName()).isEqualTo("SyntaxError");
        assertThat(syntax.fileName()).isEqualTo("bad.py");
        assertThat(syntax.lineNumber()).isEqualTo(2);
        assertThat(raised.fileName()).isEqualTo("zero.py");
        assertThat(raised.lineNumber()).isEqualTo(3);
        assertThat(raised.pythonTraceback()).contains("File \"zero.py\", line 3");
    }

    @Test
    void afterCloseItIsRejected() {
        PythonCode code = python.compile("1", "a.py");
        python.close();

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(code::run)
                .withMessageContaining("alpha");
    }

    @Test
    void variablesAreKeptApart() {
        PythonVariables one = python.newVariables();
        PythonVariables two = python.newVariables();
        PythonCode code = python.compile("x = x + 1\ndef f(): return x\nf()", "a.py");
        one.set("x", 10);
        two.set("x", 20);

        assertThat(code.run(one)).isEqualTo(11);
        assertThat(code.run(two)).isEqualTo(21);
        assertThat(one.get("x")).isEqualTo(11);
        assertThat(one.get("x", double.class)).isEqualTo(11.0);
        assertThat(one.names()).containsExactlyInAnyOrder("x", "f");
        assertThat(one.has("y")).isFalse();
        one.remove("x");
        one.remove("x");
        assertThat(one.get("x")).isNull();
        assertThat(python.eval("'x' in globals()")).isEqualTo(false);
    }

    @Test
    void namesThatAreNotSetAreAskedOutside() {
        PythonVariables variables = python.newVariables(name -> name.equals("outside") ? List.of(1) : null);

        assertThat(python.compile("def f(): return outside\nf() + [len(outside)]", "a.py")
                        .run(variables))
                .isEqualTo(List.of(1, 1));
        assertThat(variables.has("outside")).isFalse();
        assertThatExceptionOfType(PythonException.class)
                .isThrownBy(() -> python.compile("inside", "a.py").run(variables))
                .withMessageContaining("NameError");
    }

    @Test
    void anotherInterpretersVariablesAreRefused() {
        PythonVariables others = fixture.newInterpreter("beta").newVariables();

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> python.compile("1", "a.py").run(others))
                .withMessageContaining("'alpha'")
                .withMessageContaining("'beta'");
    }

    @Test
    void textWithAnEncodingDeclarationOrAByteOrderMarkIsRead() {
        String source = "#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx = u'\u00e4\u4e2d'\nx";
        assertThat(python.compile(source, "a.py").run()).isEqualTo("\u00e4\u4e2d");
        python.exec(source.replace("utf-8", "latin-1"));
        assertThat(python.get("x")).isEqualTo("\u00e4\u4e2d");
        python.exec("# vim: set fileencoding=utf-8 :\nx = u'\u00f6'");
        assertThat(python.get("x")).isEqualTo("\u00f6");
        python.exec("\ufeffx = 5");
        assertThat(python.get("x")).isEqualTo(5);
        assertThat(python.compile("\ufeffx + 1", "a.py").run()).isEqualTo(6);
    }
}
