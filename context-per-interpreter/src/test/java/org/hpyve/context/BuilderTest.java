package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Builders of lists and tuples, which C fills without crossing. */
class BuilderTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadBuilders() {
        python.loadFunctions(
                "make:VARARGS twice:O again:O hole:O cancel:O after_cancel:O range:VARARGS bad_item:O overwrite:VARARGS"
                        + " foreign:O negative:O huge:O mixed:NOARGS many:O",
                """
                #define LIST(arg) (HPyLong_AsInt32_t(ctx, arg) == 0)
                static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy_ssize_t n = (HPy_ssize_t)nargs - 1;
                    if (LIST(args[0])) {
                        HPyListBuilder b = HPyListBuilder_New(ctx, n);
                        for (HPy_ssize_t i = 0; i < n; i++)
                            HPyListBuilder_Set(ctx, b, i, args[i + 1]);
                        return HPyListBuilder_Build(ctx, b);
                    }
                    HPyTupleBuilder b = HPyTupleBuilder_New(ctx, n);
                    for (HPy_ssize_t i = n; i > 0; i--)
                        HPyTupleBuilder_Set(ctx, b, i - 1, args[i]);
                    return HPyTupleBuilder_Build(ctx, b);
                }
                /* Builds a second time what was built. */
                static HPy twice_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    if (LIST(arg)) {
                        HPyListBuilder b = HPyListBuilder_New(ctx, 0);
                        HPy_Close(ctx, HPyListBuilder_Build(ctx, b));
                        return HPyListBuilder_Build(ctx, b);
                    }
                    HPyTupleBuilder b = HPyTupleBuilder_New(ctx, 0);
                    HPy_Close(ctx, HPyTupleBuilder_Build(ctx, b));
                    return HPyTupleBuilder_Build(ctx, b);
                }
                /* The same, while another builder has taken the place of the first. */
                static HPy again_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyListBuilder old = HPyListBuilder_New(ctx, 1);
                    HPyListBuilder_Cancel(ctx, old);
                    HPyListBuilder young = HPyListBuilder_New(ctx, 1);
                    HPyListBuilder_Set(ctx, young, 0, arg);
                    HPy wrong = HPyListBuilder_Build(ctx, old);
                    HPyErr_Clear(ctx);
                    HPy right = HPyListBuilder_Build(ctx, young);
                    if (HPy_IsNull(wrong))
                        return right;
                    HPy_Close(ctx, right);
                    return wrong;
                }
                static HPy hole_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy list = HPyList_New(ctx, 0);
                    HPy result;
                    if (LIST(arg)) {
                        HPyListBuilder b = HPyListBuilder_New(ctx, 2);
                        HPyListBuilder_Set(ctx, b, 1, list);
                        result = HPyListBuilder_Build(ctx, b);
                    } else {
                        HPyTupleBuilder b = HPyTupleBuilder_New(ctx, 2);
                        HPyTupleBuilder_Set(ctx, b, 0, list);
                        result = HPyTupleBuilder_Build(ctx, b);
                    }
                    HPy_Close(ctx, list);
                    return result;
                }
                static HPy cancel_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyListBuilder l = HPyListBuilder_New(ctx, 2);
                    HPyListBuilder_Set(ctx, l, 0, arg);
                    HPyListBuilder_Cancel(ctx, l);
                    HPyTupleBuilder t = HPyTupleBuilder_New(ctx, 2);
                    HPyTupleBuilder_Set(ctx, t, 0, arg);
                    HPyTupleBuilder_Cancel(ctx, t);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy after_cancel_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyListBuilder b = HPyListBuilder_New(ctx, 1);
                    HPyListBuilder_Cancel(ctx, b);
                    switch (HPyLong_AsInt32_t(ctx, arg)) {
                    case 0:
                        return HPyListBuilder_Build(ctx, b);
                    case 1:
                        HPyListBuilder_Set(ctx, b, 0, arg);
                        return HPy_NULL;
                    default:
                        HPyListBuilder_Cancel(ctx, b);
                        return HPy_NULL;
                    }
                }
                static HPy range_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPyTupleBuilder b = HPyTupleBuilder_New(ctx, 2);
                    HPyTupleBuilder_Set(ctx, b, HPyLong_AsSsize_t(ctx, args[0]), args[0]);
                    HPyTupleBuilder_Cancel(ctx, b);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy bad_item_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyListBuilder b = HPyListBuilder_New(ctx, 1);
                    HPyListBuilder_Set(ctx, b, 0, (HPy){(intptr_t)HPyLong_AsInt64_t(ctx, arg)});
                    HPyListBuilder_Cancel(ctx, b);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy overwrite_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPyListBuilder b = HPyListBuilder_New(ctx, 1);
                    for (size_t i = 0; i < nargs; i++)
                        HPyListBuilder_Set(ctx, b, 0, args[i]);
                    return HPyListBuilder_Build(ctx, b);
                }
                static HPy foreign_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyListBuilder_Build(ctx, (HPyListBuilder){(intptr_t)HPyLong_AsInt64_t(ctx, arg)});
                }
                static HPy sized(HPyContext *ctx, HPy arg, HPy_ssize_t size)
                {
                    if (LIST(arg)) {
                        HPyListBuilder b = HPyListBuilder_New(ctx, size);
                        if (HPyErr_Occurred(ctx))
                            return HPyErr_SetString(ctx, ctx->h_AssertionError, "reported by New");
                        HPyListBuilder_Set(ctx, b, 0, arg);
                        if (HPyErr_Occurred(ctx))
                            return HPyErr_SetString(ctx, ctx->h_AssertionError, "reported by Set");
                        return HPyListBuilder_Build(ctx, b);
                    }
                    HPyTupleBuilder b = HPyTupleBuilder_New(ctx, size);
                    HPyTupleBuilder_Set(ctx, b, 0, arg);
                    return HPyTupleBuilder_Build(ctx, b);
                }
                static HPy negative_impl(HPyContext *ctx, HPy self, HPy arg) { return sized(ctx, arg, -1); }
                static HPy huge_impl(HPyContext *ctx, HPy self, HPy arg) { return sized(ctx, arg, HPY_SSIZE_T_MAX); }
                /* A list builder is no tuple builder, even by its number. */
                static HPy mixed_impl(HPyContext *ctx, HPy self)
                {
                    HPyListBuilder b = HPyListBuilder_New(ctx, 0);
                    HPy result = HPyTupleBuilder_Build(ctx, (HPyTupleBuilder){b._lst});
                    HPyListBuilder_Cancel(ctx, b);
                    return result;
                }
                /* Many at once, built in the order in which they were opened. */
                static HPy many_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyListBuilder b[100];
                    for (int i = 0; i < 100; i++) {
                        b[i] = HPyListBuilder_New(ctx, 1);
                        HPy n = HPyLong_FromInt32_t(ctx, i);
                        HPyListBuilder_Set(ctx, b[i], 0, n);
                        HPy_Close(ctx, n);
                    }
                    HPyListBuilder all = HPyListBuilder_New(ctx, 100);
                    for (int i = 0; i < 100; i++) {
                        HPy one = HPyListBuilder_Build(ctx, b[i]);
                        HPyListBuilder_Set(ctx, all, i, one);
                        HPy_Close(ctx, one);
                    }
                    return HPyListBuilder_Build(ctx, all);
                }
                """);
    }

    @Test
    void whatWasSetIsBuilt() {
        loadBuilders();
        python.exec("o = object()");

        assertThat(python.repr("m.make(0), m.make(1), m.make(0, 1, 'a', None), m.make(1, 2.5, [], 2 ** 70)"))
                .isEqualTo("([], (), [1, 'a', None], (2.5, [], 1180591620717411303424L))");
        assertThat(python.repr("m.make(0, o, o)[1] is o, m.make(1, o)[0] is o")).isEqualTo("(True, True)");
        assertThat(python.repr("m.overwrite('a', [], 'last')")).isEqualTo("['last']");
        assertThat(python.repr("m.many(0) == [[i] for i in range(100)]")).isEqualTo("True");
        assertThat(python.repr("m.cancel([])")).isEqualTo("None");
    }

    @Test
    void aBuilderIsUsedUpByBuildAndByCancel() {
        loadBuilders();

        for (String call :
                new String[] {"twice(0)", "twice(1)", "after_cancel(0)", "after_cancel(1)", "after_cancel(2)"}) {
            assertThat(python.raised("m." + call)).startsWith("SystemError: ").contains("not open");
        }
        assertThat(python.repr("m.again('x')")).isEqualTo("['x']");
        assertThat(python.raised("m.mixed()")).startsWith("SystemError: ").contains("not open");
    }

    @Test
    void idsThatNoBuilderHasAreSystemErrors() {
        loadBuilders();
        python.exec("import random\nr = random.Random(7)\nids = [1, -1, 2 ** 20, 2 ** 62, -2 ** 62]\n"
                + "ids += [r.getrandbits(63) - 2 ** 62 for i in range(300)]\n");

        python.exec("""
                for i in ids:
                    try:
                        m.foreign(i)
                    except SystemError:
                        pass
                    else:
                        raise AssertionError(i)
                """);
        assertThat(python.raised("m.foreign(0)")).isEqualTo("MemoryError");
    }

    @Test
    void itemsThatWereNeverSetAreASystemErrorAtBuild() {
        loadBuilders();

        assertThat(python.raised("m.hole(0)")).startsWith("SystemError: ").contains("HPyListBuilder_Build", "HPy_NULL");
        assertThat(python.raised("m.hole(1)"))
                .startsWith("SystemError: ")
                .contains("HPyTupleBuilder_Build", "HPy_NULL");
    }

    @Test
    void anIndexOutOfRangeIsASystemError() {
        loadBuilders();

        assertThat(python.repr("m.range(0), m.range(1)")).isEqualTo("(None, None)");
        assertThat(python.raised("m.range(2)")).startsWith("SystemError: ").contains("out of range");
        assertThat(python.raised("m.range(-1)")).startsWith("SystemError: ").contains("out of range");
        assertThat(python.raised("m.range(2 ** 62)"))
                .startsWith("SystemError: ")
                .contains("out of range");
    }

    @Test
    void aWrongItemIsASystemError() {
        loadBuilders();

        assertThat(python.raised("m.bad_item(0)"))
                .startsWith("SystemError: ")
                .contains("HPyListBuilder_Set", "HPy_NULL");
        assertThat(python.raised("m.bad_item(12345)"))
                .startsWith("SystemError: ")
                .contains("HPyListBuilder_Set", "0x");
    }

    @Test
    void aSizeThatCannotBeIsReportedByBuild() {
        loadBuilders();

        for (String call : new String[] {"negative(0)", "negative(1)", "huge(0)", "huge(1)"}) {
            assertThat(python.raised("m." + call)).startsWith("MemoryError");
        }
    }
}
