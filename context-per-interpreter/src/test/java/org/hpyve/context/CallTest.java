package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls from Python into C: the four signatures, results, errors, nesting. */
class CallTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadSignatures() {
        python.loadFunctions(
                "none:NOARGS same:O count:VARARGS names:KEYWORDS",
                """
                static HPy none_impl(HPyContext *ctx, HPy self) { return HPy_Dup(ctx, ctx->h_None); }
                static HPy same_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Dup(ctx, arg); }
                static HPy count_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs);
                }
                static HPy names_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    if (HPy_IsNull(kwnames))
                        return HPyLong_FromSize_t(ctx, nargs);
                    return HPyTuple_Pack(ctx, 2, kwnames, args[nargs]);
                }
                """);
    }

    @Test
    void everySignatureTakesItsArguments() {
        loadSignatures();

        assertThat(python.repr("m.none()")).isEqualTo("None");
        assertThat(python.repr("m.same('x')")).isEqualTo("'x'");
        assertThat(python.repr("m.count()")).isEqualTo("()");
        assertThat(python.repr("m.count(1, 2.5, None, 'a', [], 6, 7, 8, 9, 10)"))
                .isEqualTo("(1, 2.5, None, 'a', [], 6, 7, 8, 9, 10)");
        assertThat(python.repr("m.names(1, 2)")).isEqualTo("2");
        assertThat(python.repr("m.names(1, a=5)")).isEqualTo("((u'a',), 5)");
    }
}
