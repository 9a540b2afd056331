package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hpyve.include.ExtensionCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.python.core.Py;
import org.python.core.PyObject;

/** Trackers: handles that are closed together. */
class TrackerTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @TempDir
    Path folder;

    private void loadTrackers() {
        python.loadFunctions(
                "track:VARARGS forget:O negative:NOARGS huge:NOARGS closed:O id:O bad:O late:O add_null:NOARGS", """
                /* Tracks n lists made here, with room for hint of them. */
                static HPy track_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPyTracker t = HPyTracker_New(ctx, HPyLong_AsSsize_t(ctx, args[0]));
                    int32_t n = HPyLong_AsInt32_t(ctx, args[1]);
                    for (int32_t i = 0; i < n; i++) {
                        if (HPyTracker_Add(ctx, t, HPyList_New(ctx, i)) < 0)
                            return HPy_NULL;
                    }
                    HPyTracker_Close(ctx, t);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromInt32_t(ctx, n);
                }
                static HPy forget_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyTracker t = HPyTracker_New(ctx, 1);
                    HPyTracker_ForgetAll(ctx, t);
                    HPy kept = HPyTuple_Pack(ctx, 1, arg);
                    HPyTracker_Add(ctx, t, kept);
                    HPyTracker_ForgetAll(ctx, t);
                    HPyTracker_Add(ctx, t, HPyList_New(ctx, 0));
                    HPyTracker_Close(ctx, t);
                    return kept;
                }
                static HPy negative_impl(HPyContext *ctx, HPy self)
                {
                    HPyTracker t = HPyTracker_New(ctx, -1);
                    return t._i == 0 ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy huge_impl(HPyContext *ctx, HPy self)
                {
                    HPyTracker t = HPyTracker_New(ctx, HPY_SSIZE_T_MAX);
                    return t._i == 0 ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy use(HPyContext *ctx, HPyTracker t, HPy how)
                {
                    HPy list = HPyList_New(ctx, 0);
                    int status = -1;
                    switch (HPyLong_AsInt32_t(ctx, how)) {
                    case 0:
                        status = HPyTracker_Add(ctx, t, list);
                        break;
                    case 1:
                        HPyTracker_ForgetAll(ctx, t);
                        break;
                    default:
                        HPyTracker_Close(ctx, t);
                        break;
                    }
                    HPy_Close(ctx, list);
                    return status < 0 && HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy closed_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyTracker t = HPyTracker_New(ctx, 0);
                    HPyTracker_Close(ctx, t);
                    return use(ctx, t, arg);
                }
                static HPy id_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy how = HPyLong_FromInt32_t(ctx, 0);
                    HPy result = use(ctx, (HPyTracker){(intptr_t)HPyLong_AsInt64_t(ctx, arg)}, how);
                    HPy_Close(ctx, how);
                    return result;
                }
                static HPy bad_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyTracker t = HPyTracker_New(ctx, 0);
                    int status = HPyTracker_Add(ctx, t, (HPy){(intptr_t)HPyLong_AsInt64_t(ctx, arg)});
                    HPyTracker_Close(ctx, t);
                    return status < 0 ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                /* A tracked handle is closed before its tracker is. */
                static HPy late_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyTracker t = HPyTracker_New(ctx, 0);
                    HPy list = HPyList_New(ctx, 0);
                    HPyTracker_Add(ctx, t, list);
                    HPyTracker_Add(ctx, t, HPyList_New(ctx, 0));
                    HPy_Close(ctx, list);
                    HPyTracker_Close(ctx, t);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy add_null_impl(HPyContext *ctx, HPy self)
                {
                    HPyTracker t = HPyTracker_New(ctx, 0);
                    int status = HPyTracker_Add(ctx, t, HPy_NULL);
                    status += HPyTracker_Add(ctx, t, HPyFloat_FromDouble(ctx, 1.5));
                    HPyTracker_Close(ctx, t);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromInt32_t(ctx, status);
                }
                """);
    }

    @Test
    void trackedHandlesAreClosedWithTheirTracker() {
        loadTrackers();
        long before = python.context().counters().handlesOpen();

        assertThat(python.repr("m.track(0, 0), m.track(5, 2), m.track(1, 1), m.track(0, 100), m.track(3, 1000)"))
                .isEqualTo("(0, 2, 1, 100, 1000)");
        assertThat(python.context().counters().handlesOpen()).isEqualTo(before);
        assertThat(python.context().counters().handlesPeak()).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void forgottenHandlesStayOpen() {
        loadTrackers();

        assertThat(python.repr("m.forget('x')")).isEqualTo("('x',)");
    }

    @Test
    void nullAndValuesCanBeTracked() {
        loadTrackers();

        assertThat(python.repr("m.add_null()")).isEqualTo("0");
    }

    @Test
    void aSizeThatCannotBeIsAnError() {
        loadTrackers();

        assertThat(python.raised("m.negative()")).isEqualTo("ValueError: HPyTracker size cannot be negative");
        assertThat(python.raised("m.huge()")).isEqualTo("MemoryError");
    }

    @Test
    void aTrackerThatIsNotOpenIsASystemError() {
        loadTrackers();

        for (String call :
                new String[] {"closed(0)", "closed(1)", "closed(2)", "id(0)", "id(1)", "id(-1)", "id(2 ** 62)"}) {
            assertThat(python.raised("m." + call)).isEqualTo("SystemError: the tracker is not open");
        }
    }

    @Test
    void aHandleThatIsNotOpenIsASystemErrorWhenItIsAddedAndWhenTheTrackerIsClosed() {
        loadTrackers();

        assertThat(python.raised("m.bad(12345)")).startsWith("SystemError: ").contains("HPyTracker_Add", "0x");
        assertThat(python.raised("m.late(0)")).startsWith("SystemError: ").contains("HPyTracker_Close", "was closed");
    }

    @Test
    void whatIsLeftOpenIsReportedAndAnIdIsWorthNothingInAnotherInterpreter() throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("t.c"), """
                #include <hpy.h>
                HPyDef_METH(leave_open, "leave_open", HPyFunc_NOARGS)
                static HPy leave_open_impl(HPyContext *ctx, HPy self)
                {
                    (void)self;
                    HPyTracker t = HPyTracker_New(ctx, 3);
                    HPyListBuilder l = HPyListBuilder_New(ctx, 1);
                    HPyTupleBuilder u = HPyTupleBuilder_New(ctx, 1);
                    HPy list = HPyList_New(ctx, 0);
                    HPyTracker_Add(ctx, t, list);
                    HPyListBuilder_Set(ctx, l, 0, list);
                    HPyTupleBuilder_Set(ctx, u, 0, list);
                    HPy ids[] = {HPyLong_FromInt64_t(ctx, t._i), HPyLong_FromInt64_t(ctx, l._lst),
                                 HPyLong_FromInt64_t(ctx, u._tup)};
                    HPy result = HPyTuple_FromArray(ctx, ids, 3);
                    for (int i = 0; i < 3; i++)
                        HPy_Close(ctx, ids[i]);
                    return result;
                }
                /* How many of another context's tracker and builders this one takes for its own: 0. */
                HPyDef_METH(accepted, "accepted", HPyFunc_O)
                static HPy accepted_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    (void)self;
                    HPyTracker t = HPyTracker_New(ctx, 3);
                    HPyListBuilder l = HPyListBuilder_New(ctx, 0);
                    HPyTupleBuilder u = HPyTupleBuilder_New(ctx, 0);
                    int64_t id[3];
                    for (int i = 0; i < 3; i++) {
                        HPy h = HPy_GetItem_i(ctx, arg, i);
                        id[i] = HPyLong_AsInt64_t(ctx, h);
                        HPy_Close(ctx, h);
                    }
                    int32_t accepted = 0;
                    HPyTracker_Close(ctx, (HPyTracker){(intptr_t)id[0]});
                    accepted += !HPyErr_Occurred(ctx);
                    HPyErr_Clear(ctx);
                    HPyListBuilder_Cancel(ctx, (HPyListBuilder){(intptr_t)id[1]});
                    accepted += !HPyErr_Occurred(ctx);
                    HPyErr_Clear(ctx);
                    HPyTupleBuilder_Cancel(ctx, (HPyTupleBuilder){(intptr_t)id[2]});
                    accepted += !HPyErr_Occurred(ctx);
                    HPyErr_Clear(ctx);
                    HPyTracker_Close(ctx, t);
                    HPyListBuilder_Cancel(ctx, l);
                    HPyTupleBuilder_Cancel(ctx, u);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromInt32_t(ctx, accepted);
                }
                static HPyDef *module_defines[] = {&leave_open, &accepted, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(t, module_def)
                """);
        Path extension;
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            extension = compiler.compile("t", List.of(source), folder, List.of());
        }
        InterpreterContext leaking = new InterpreterContext("leaking", Py.getSystemState(), false);
        PyObject ids = leaking.modules().load("t", extension, Py.None).invoke("leave_open");
        PyObject here = python.context().modules().load("t", extension, Py.None);

        assertThat(here.invoke("accepted", ids).asInt()).isZero();

        leaking.close();
        assertThat(leaking.leaks().builders()).isEqualTo(3);
        assertThat(leaking.leaks().handles()).isEqualTo(3);
        assertThat(leaking.leaks().none()).isFalse();
    }
}
