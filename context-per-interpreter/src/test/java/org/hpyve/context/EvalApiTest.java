package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Compiling and running source. */
class EvalApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadEval() {
        python.loadFunctions("compile:VARARGS run:VARARGS run_globally:VARARGS nothing:NOARGS", """
                static HPy compile_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    const char *source = HPyUnicode_AsUTF8AndSize(ctx, args[0], NULL);
                    const char *file = HPyUnicode_AsUTF8AndSize(ctx, args[1], NULL);
                    HPy_SourceKind kind = (HPy_SourceKind)HPyLong_AsInt32_t(ctx, args[2]);
                    return HPy_Compile_s(ctx, source, file, kind);
                }
                static HPy run_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_EvalCode(ctx, args[0], args[1], nargs > 2 ? args[2] : args[1]);
                }
                static HPy run_globally_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_EvalCode(ctx, args[0], args[1], HPy_NULL);
                }
                static HPy nothing_impl(HPyContext *ctx, HPy self)
                {
                    return HPy_Compile_s(ctx, NULL, "f", HPy_SourceKind_Expr);
                }
                """);
    }

    @Test
    void anExpressionHasAValue() {
        loadEval();

        assertThat(python.repr("m.run(m.compile(u'a + b', u'f.py', 0), {'a': 1}, {'b': 2})"))
                .isEqualTo("3");
        assertThat(python.repr("eval(m.compile(u'6 * 7', u'f.py', 0))")).isEqualTo("42");
    }

    @Test
    void aFileOfStatementsHasNone() {
        loadEval();
        python.exec("g = {}; l = {}; r = m.run(m.compile(u'global x\\nx = 1\\ny = x + 1\\n', u'f.py', 1), g, l)");

        assertThat(python.repr("r, g['x'], l['y'], 'y' in g")).isEqualTo("(None, 1, 2, False)");
    }

    @Test
    void aSingleStatementShowsItsValue() {
        loadEval();
        python.exec("""
                import sys
                shown = []
                sys.displayhook = shown.append
                m.run(m.compile(u'1 + 1', u'f.py', 2), {})
                sys.displayhook = sys.__displayhook__
                """);

        assertThat(python.repr("shown")).isEqualTo("[2]");
    }

    @Test
    void builtinsAreAtHand() {
        loadEval();

        assertThat(python.repr("m.run(m.compile(u'len([1, 2])', u'f.py', 0), {})"))
                .isEqualTo("2");
    }

    @Test
    void literalsKeepTheBytesOfTheSource() {
        loadEval();

        assertThat(python.repr("m.run(m.compile(u'\"\\xe9\", u\"\\xe9\\u20ac\"', u'f.py', 0), {})"))
                .isEqualTo("('\\xc3\\xa9', u'\\xe9\\u20ac')");
        assertThat(python.repr("m.run(m.compile(u'# coding: latin-1\\n1', u'f.py', 0), {})"))
                .isEqualTo("1");
    }

    @Test
    void withoutLocalsTheGlobalsAreTheLocals() {
        loadEval();
        python.exec("g = {'a': 1}; m.run_globally(m.compile(u'b = a + 1', u'f.py', 1), g)");

        assertThat(python.repr("g['b']")).isEqualTo("2");
        assertThat(python.raised("m.run_globally(m.compile(u'a', u'f.py', 0), [])"))
                .isEqualTo("SystemError: HPy_EvalCode: bad argument of type 'list'");
    }

    @Test
    void aSyntaxErrorNamesTheFile() {
        loadEval();
        python.exec("""
                try:
                    m.compile(u'1 +', u'place.py', 0)
                except SyntaxError as e:
                    found = (type(e).__name__, e.filename, e.lineno)
                """);

        assertThat(python.repr("found")).isEqualTo("('SyntaxError', 'place.py', 1)");
        assertThat(python.raised("m.compile(u'x = 1', u'f.py', 0)")).startsWith("SyntaxError: ");
    }

    @Test
    void anExceptionOfTheCodeHasItsFrame() {
        loadEval();
        python.exec("""
                import sys, traceback
                try:
                    m.run(m.compile(u'def f():\\n    return 1 / 0\\nf()\\n', u'inner.py', 1), {})
                except ZeroDivisionError:
                    places = [(p[0], p[1], p[2]) for p in traceback.extract_tb(sys.exc_info()[2])][1:]
                """);

        assertThat(python.repr("places")).isEqualTo("[('inner.py', 3, '<module>'), ('inner.py', 2, 'f')]");
    }

    @Test
    void wrongArgumentsAreRejected() {
        loadEval();

        assertThat(python.raised("m.compile(u'1', u'f', 3)")).isEqualTo("SystemError: invalid source kind");
        assertThat(python.raised("m.compile(u'1', u'f', -1)")).isEqualTo("SystemError: invalid source kind");
        assertThat(python.raised("m.run('1 + 1', {})"))
                .isEqualTo("SystemError: HPy_EvalCode: bad argument of type 'str'");
        assertThat(python.raised("m.nothing()")).startsWith("SystemError: ");
    }
}
