package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tuples from arrays. */
class TupleApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadTuples() {
        python.loadFunctions("check:O make:VARARGS pack:O holed:NOARGS huge:NOARGS", """
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBool_FromBool(ctx, HPyTuple_Check(ctx, arg));
                }
                static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyTuple_FromArray(ctx, nargs ? args : NULL, (HPy_ssize_t)nargs);
                }
                static HPy pack_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyTuple_Pack(ctx, 3, arg, ctx->h_None, arg);
                }
                static HPy holed_impl(HPyContext *ctx, HPy self)
                {
                    HPy items[] = {ctx->h_None, HPy_NULL};
                    return HPyTuple_FromArray(ctx, items, 2);
                }
                static HPy huge_impl(HPyContext *ctx, HPy self)
                {
                    HPy items[] = {ctx->h_None};
                    return HPyTuple_FromArray(ctx, items, HPY_SSIZE_T_MAX);
                }
                """);
        python.exec("class T(tuple):\n    pass");
    }

    @Test
    void checkIsTrueForTuplesAndSubclassesOnly() {
        loadTuples();

        assertThat(python.repr("[m.check(x) for x in ((), (1,), T(), [], {}, 'ab', 1, None, tuple)]"))
                .isEqualTo("[True, True, True, False, False, False, False, False, False]");
    }

    @Test
    void anArrayBecomesATupleOfTheSameObjects() {
        loadTuples();
        python.exec("o = object(); t = m.make(o, 1, 2 ** 70, 2.5, None, 'a', u'a', o)");

        assertThat(python.repr("m.make()")).isEqualTo("()");
        assertThat(python.repr("t[1:7], t[0] is o, t[7] is o, type(t)"))
                .isEqualTo("((1, 1180591620717411303424L, 2.5, None, 'a', u'a'), True, True, <type 'tuple'>)");
        assertThat(python.repr("m.make(*range(1000)) == tuple(range(1000))")).isEqualTo("True");
    }

    @Test
    void packTakesItsArgumentsInOrder() {
        loadTuples();

        assertThat(python.repr("m.pack('x')")).isEqualTo("('x', None, 'x')");
    }

    @Test
    void aNullItemIsASystemError() {
        loadTuples();

        assertThat(python.raised("m.holed()")).startsWith("SystemError").contains("HPyTuple_FromArray", "HPy_NULL");
    }

    @Test
    void aTupleLargerThanTheHostAllowsIsAnOverflowError() {
        loadTuples();

        assertThat(python.raised("m.huge()")).startsWith("OverflowError");
    }
}
