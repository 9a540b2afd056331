package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Slices: making them, their parts, fitting them to a length. */
class SliceApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadSlices() {
        python.loadFunctions("make:VARARGS unpack:O adjust:VARARGS", """
                static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy part[3];
                    for (size_t i = 0; i < 3; i++)
                        part[i] = i < nargs ? args[i] : HPy_NULL;
                    return HPySlice_New(ctx, part[0], part[1], part[2]);
                }
                static HPy triple(HPyContext *ctx, HPy_ssize_t a, HPy_ssize_t b, HPy_ssize_t c)
                {
                    HPy items[] = {
                        HPyLong_FromSsize_t(ctx, a), HPyLong_FromSsize_t(ctx, b), HPyLong_FromSsize_t(ctx, c)};
                    HPy result = HPyTuple_FromArray(ctx, items, 3);
                    for (int i = 0; i < 3; i++)
                        HPy_Close(ctx, items[i]);
                    return result;
                }
                static HPy unpack_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t start = 77, stop = 77, step = 77;
                    if (HPySlice_Unpack(ctx, arg, &start, &stop, &step) < 0) {
                        if (start != 77 || stop != 77 || step != 77)
                            HPyErr_SetString(ctx, ctx->h_AssertionError, "written although it failed");
                        return HPy_NULL;
                    }
                    return triple(ctx, start, stop, step);
                }
                static HPy adjust_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy_ssize_t start, stop, step;
                    if (HPySlice_Unpack(ctx, args[0], &start, &stop, &step) < 0)
                        return HPy_NULL;
                    HPy_ssize_t length = HPyLong_AsSsize_t(ctx, args[1]);
                    HPy_ssize_t n = HPySlice_AdjustIndices(ctx, length, &start, &stop, step);
                    return triple(ctx, start, stop, n);
                }
                """);
    }

    @Test
    void newTakesAbsentPartsForNone() {
        loadSlices();

        assertThat(python.repr("m.make(), m.make(1), m.make(1, 2), m.make(1, 2, 3), m.make([], None, {})"))
                .isEqualTo("(slice(None, None, None), slice(1, None, None), slice(1, 2, None), slice(1, 2, 3),"
                        + " slice([], None, {}))");
    }

    @Test
    void unpackKnowsPythonsDefaults() {
        loadSlices();

        assertThat(python.repr("m.unpack(slice(None)) == (0, 2 ** 63 - 1, 1)")).isEqualTo("True");
        assertThat(python.repr("m.unpack(slice(None, None, -1)) == (2 ** 63 - 1, -2 ** 63, -1)"))
                .isEqualTo("True");
        assertThat(python.repr("m.unpack(slice(2, -3, 5))")).isEqualTo("(2, -3, 5)");
    }

    @Test
    void unpackClipsWhatDoesNotFitIntoTheMachine() {
        loadSlices();

        assertThat(python.repr("m.unpack(slice(-2 ** 70, 2 ** 70, 2 ** 70)) == (-2 ** 63, 2 ** 63 - 1, 2 ** 63 - 1)"))
                .isEqualTo("True");
        assertThat(python.repr("m.unpack(slice(0, 0, -2 ** 70))[2] == -(2 ** 63 - 1)"))
                .isEqualTo("True");
    }

    @Test
    void unpackAsksIndexableObjects() {
        loadSlices();
        python.exec("class I(object):\n    def __index__(self):\n        return 4\n");
        python.exec("class Bad(object):\n    def __index__(self):\n        raise KeyError('no')\n");

        assertThat(python.repr("m.unpack(slice(I(), 9, True))")).isEqualTo("(4, 9, 1)");
        assertThat(python.raised("m.unpack(slice(0, Bad()))")).isEqualTo("KeyError: 'no'");
    }

    @Test
    void unpackFailsAndWritesNothing() {
        loadSlices();

        assertThat(python.raised("m.unpack(slice(0, 1, 0))")).isEqualTo("ValueError: slice step cannot be zero");
        assertThat(python.raised("m.unpack(slice('a', 1))"))
                .isEqualTo("TypeError: slice indices must be integers or None or have an __index__ method");
        assertThat(python.raised("m.unpack(slice(2.5, 1))")).startsWith("TypeError: slice indices");
        assertThat(python.raised("m.unpack(5)")).isEqualTo("SystemError: HPySlice_Unpack: bad argument of type 'int'");
    }

    @Test
    void adjustedIndicesSelectWhatPythonSelects() {
        loadSlices();
        python.exec("""
                def agrees(s, n):
                    start, stop, count = m.adjust(s, n)
                    step = 1 if s.step is None else s.step
                    return [start + i * step for i in range(count)] == list(range(n))[s]
                parts = (None, 0, 1, 3, 9, -1, -3, -9)
                steps = (None, 1, 2, 4, -1, -2, -4)
                wrong = [(a, b, c, n) for a in parts for b in parts for c in steps for n in (0, 1, 5)
                         if not agrees(slice(a, b, c), n)]
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
    }
}
