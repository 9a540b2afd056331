package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.hpyve.bridge.BridgeMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.python.core.CompileMode;
import org.python.core.CompilerFlags;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyStringMap;

/** Which calls leave handles open, and where they were made. */
class LeakTraceTest {

    private static final String MODULE = """
            typedef struct { int unused; } Leaky;
            HPyType_HELPERS(Leaky)
            static HPy stashed;

            HPyDef_METH(lists, "lists", HPyFunc_O)
            static HPy lists_impl(HPyContext *ctx, HPy self, HPy count)
            {
                for (long left = HPyLong_AsLong(ctx, count); left > 0; left--)
                    HPyList_New(ctx, 0);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(keep, "keep", HPyFunc_O)
            static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPy_Dup(ctx, arg);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(keyword, "keyword", HPyFunc_KEYWORDS)
            static HPy keyword_impl(HPyContext *ctx, HPy self, const HPy *args, size_t n, HPy names)
            {
                HPy_Dup(ctx, args[n]);
                return HPy_Dup(ctx, args[0]);
            }
            HPyDef_METH(after, "after", HPyFunc_VARARGS)
            static HPy after_impl(HPyContext *ctx, HPy self, const HPy *args, size_t n)
            {
                HPy_Dup(ctx, args[1]);
                HPy_Dup(ctx, args[2]);
                return HPy_CallTupleDict(ctx, args[0], HPy_NULL, HPy_NULL);
            }
            HPyDef_METH(text, "text", HPyFunc_NOARGS)
            static HPy text_impl(HPyContext *ctx, HPy self)
            {
                HPyUnicode_FromString(ctx, "again");
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(none, "none", HPyFunc_NOARGS)
            static HPy none_impl(HPyContext *ctx, HPy self)
            {
                HPy_Dup(ctx, ctx->h_None);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(balanced, "balanced", HPyFunc_O)
            static HPy balanced_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPy list = HPyList_New(ctx, 0);
                HPyList_Append(ctx, list, arg);
                HPy_Close(ctx, list);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(stash, "stash", HPyFunc_O)
            static HPy stash_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPy_Close(ctx, stashed);
                stashed = HPy_Is(ctx, arg, ctx->h_None) ? HPy_NULL : HPy_Dup(ctx, arg);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(fails, "fails", HPyFunc_NOARGS)
            static HPy fails_impl(HPyContext *ctx, HPy self)
            {
                HPyList_New(ctx, 0);
                HPyErr_SetString(ctx, ctx->h_ValueError, "after the leak");
                return HPy_NULL;
            }
            HPyDef_METH(around, "around", HPyFunc_O)
            static HPy around_impl(HPyContext *ctx, HPy self, HPy function)
            {
                HPyDict_New(ctx);
                HPy result = HPy_CallTupleDict(ctx, function, HPy_NULL, HPy_NULL);
                HPyDict_New(ctx);
                return result;
            }
            HPyDef_METH(within, "within", HPyFunc_VARARGS)
            static HPy within_impl(HPyContext *ctx, HPy self, const HPy *args, size_t n)
            {
                HPy none = HPy_Dup(ctx, ctx->h_None);
                HPy list = HPyList_New(ctx, 0);
                HPy result = HPy_CallTupleDict(ctx, args[0], HPy_NULL, HPy_NULL);
                HPy_Close(ctx, list);
                HPy_Close(ctx, none);
                return result;
            }
            static HPy leak_list(HPyContext *ctx)
            {
                HPyList_New(ctx, 0);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(method, "method", HPyFunc_NOARGS)
            static HPy method_impl(HPyContext *ctx, HPy self) { return leak_list(ctx); }
            HPyDef_GETSET(attribute, "attribute")
            static HPy attribute_get(HPyContext *ctx, HPy self, void *closure) { return leak_list(ctx); }
            static int attribute_set(HPyContext *ctx, HPy self, HPy value, void *closure)
            {
                HPy_Dup(ctx, value);
                return 0;
            }
            HPyDef_SLOT(length, HPy_sq_length)
            static HPy_ssize_t length_impl(HPyContext *ctx, HPy self)
            {
                HPy_Close(ctx, leak_list(ctx));
                return 0;
            }
            HPyDef_SLOT(initialise, HPy_tp_init)
            static int initialise_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t n, HPy kw)
            {
                HPy_Close(ctx, leak_list(ctx));
                return 0;
            }
            HPyDef_SLOT(finalize, HPy_tp_finalize)
            static void finalize_impl(HPyContext *ctx, HPy self) { HPyDict_New(ctx); }
            static HPyDef *type_defines[] = {&method, &attribute, &length, &initialise, &finalize, NULL};
            static HPyType_Spec Leaky_spec = {.name = "m.Leaky", .basicsize = sizeof(Leaky), .defines = type_defines};

            HPyDef_SLOT(execute, HPy_mod_exec)
            static int execute_impl(HPyContext *ctx, HPy module)
            {
                return HPyHelpers_AddType(ctx, module, "Leaky", &Leaky_spec, NULL) ? 0 : -1;
            }
            static HPyDef *module_defines[] = {&lists, &keep, &keyword, &after, &text, &none, &balanced, &stash, &fails, &around,
                                               &within, &execute, NULL};
            static HPyModuleDef module_def = {.defines = module_defines};
            HPy_MODINIT(m, module_def)
            """;

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private final PyStringMap names = new PyStringMap();
    private InterpreterContext context;

    static Stream<BridgeMode> modes() {
        return Stream.of("eager,jni", "batched,jni").map(BridgeMode::parse);
    }

    private void start(BridgeMode mode) {
        // Other tests of this thread may have left it where a stack came to its end.
        Py.getThreadState().frame = null;
        context = new InterpreterContext("leaky", Py.getSystemState(), false, mode);
        names.__setitem__("m", load("pkg.m"));
        context.leakTrace().set(true);
    }

    private PyObject load(String name) {
        return context.modules().load(name, python.compiled(MODULE), Py.None);
    }

    /** Runs the code of a file {@code app.py}. */
    private void run(String code) {
        Py.runCode(Py.compile_flags(code, "app.py", CompileMode.exec, new CompilerFlags()), names, names);
    }

    private static PyObject function(Runnable action) {
        return new PyObject() {
            @Override
            public PyObject __call__(PyObject[] arguments, String[] keywords) {
                action.run();
                return Py.None;
            }
        };
    }

    private List<TracedLeak> leaks() {
        return context.leakTrace().leaks();
    }

    private static TracedLeak leak(long count, String type, String function, int line) {
        return new TracedLeak(type, "pkg.m", function, "app.py", line, count);
    }

    @AfterEach
    void whatIsLeftIsWhatTheContextTells() {
        names.clear();
        context.close();
        assertThat(context.leakedHandles().stream()
                        .mapToLong(OpenHandles::count)
                        .sum())
                .isEqualTo(context.leaks().handles());
    }

    @ParameterizedTest
    @MethodSource("modes")
    void eachLeakIsToldByTypeFunctionAndLine(BridgeMode mode) {
        start(mode);

        run("""
                m.lists(2)
                m.keep({})
                for i in range(3):
                    m.lists(i)
                    m.balanced([])
                m.keyword(1, key=set())
                """);

        assertThat(leaks())
                .containsExactly(
                        leak(3, "list", "pkg.m.lists", 4),
                        leak(2, "list", "pkg.m.lists", 1),
                        leak(1, "dict", "pkg.m.keep", 2),
                        leak(1, "set", "pkg.m.keyword", 6));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void functionsOfATypeAreTold(BridgeMode mode) {
        start(mode);

        run("""
                x = m.Leaky()
                x.method()
                x.attribute
                x.attribute = {}
                len(x)
                """);

        assertThat(leaks())
                .containsExactlyInAnyOrder(
                        leak(1, "list", "m.Leaky.__init__", 1),
                        leak(1, "list", "m.Leaky.method", 2),
                        leak(1, "list", "m.Leaky.attribute", 3),
                        leak(1, "dict", "m.Leaky.attribute", 4),
                        leak(1, "list", "m.Leaky.__len__", 5));
        names.clear();
        context.close();
        assertThat(leaks())
                .as("with a finalizer that is called at close")
                .contains(new TracedLeak("dict", "pkg.m", "Leaky.tp_finalize", "", 0, 1))
                .hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aHandleThatIsClosedLaterIsNoLeakAnyMore(BridgeMode mode) {
        start(mode);

        run("m.stash([])\nm.lists(1)");
        assertThat(leaks()).containsExactly(leak(1, "list", "pkg.m.lists", 2), leak(1, "list", "pkg.m.stash", 1));
        run("m.stash(None)");

        assertThat(leaks()).containsExactly(leak(1, "list", "pkg.m.lists", 2));
        run("m.stash({})\nm.stash(())\nm.stash(None)");
        assertThat(leaks()).containsExactly(leak(1, "list", "pkg.m.lists", 2));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aTextThatComesAgainHasAnOwnHandleWhileItIsTraced(BridgeMode mode) {
        start(mode);
        context.leakTrace().set(false);
        run("for i in range(5): m.text()");
        context.leakTrace().set(true);

        run("for i in range(5):\n  m.text()");

        assertThat(leaks()).containsExactly(leak(5, "unicode", "pkg.m.text", 2));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void handlesOfConstantsAreTold(BridgeMode mode) {
        start(mode);

        run("""
                m.none()
                m.keep(None)
                m.keep(True)
                m.keep(m)
                """);

        assertThat(leaks())
                .containsExactlyInAnyOrder(
                        leak(1, "NoneType", "pkg.m.none", 1),
                        leak(1, "NoneType", "pkg.m.keep", 2),
                        leak(1, "bool", "pkg.m.keep", 3),
                        leak(1, "module", "pkg.m.keep", 4));
        assertThat(context.openHandles()).contains(new OpenHandles("NoneType", "", 2));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aCallWithinAnotherHasItsOwnLeaksOnly(BridgeMode mode) {
        start(mode);
        names.__setitem__("other", load("other.m"));

        run("""
                def inner():
                    other.lists(2)
                    other.none()
                m.around(inner)
                m.within(inner, None)
                m.after(inner, {}, set())
                """);

        assertThat(leaks())
                .containsExactlyInAnyOrder(
                        new TracedLeak("list", "other.m", "other.m.lists", "app.py", 2, 6),
                        new TracedLeak("NoneType", "other.m", "other.m.none", "app.py", 3, 3),
                        leak(2, "dict", "pkg.m.around", 4),
                        leak(1, "dict", "pkg.m.after", 6),
                        leak(1, "set", "pkg.m.after", 6));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aCallThatFailsIsTold(BridgeMode mode) {
        start(mode);

        assertThatThrownBy(() -> run("m.fails()")).isInstanceOf(PyException.class);

        assertThat(leaks()).containsExactly(leak(1, "list", "pkg.m.fails", 1));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aCallFromJavaHasNoPlace(BridgeMode mode) {
        start(mode);

        names.__getitem__(Py.newString("m")).invoke("keep", new PyList());

        assertThat(leaks()).containsExactly(new TracedLeak("list", "pkg.m", "pkg.m.keep", "", 0, 1));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void nothingIsNotedWhileItIsOff(BridgeMode mode) {
        start(mode);
        context.leakTrace().set(false);
        assertThat(context.leakTrace().isOn()).isFalse();
        run("m.lists(3)\nm.text()\nm.none()");
        assertThat(leaks()).isEmpty();
        context.leakTrace().set(true);
        context.leakTrace().set(true);
        assertThat(context.leakTrace().isOn()).isTrue();
        run("m.lists(1)");
        context.leakTrace().set(false);
        run("m.lists(1)");

        assertThat(leaks()).as("what was noted stays").containsExactly(leak(1, "list", "pkg.m.lists", 1));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aCallDuringWhichItIsSwitchedIsNotNoted(BridgeMode mode) {
        start(mode);
        names.__setitem__("on", function(() -> context.leakTrace().set(true)));
        names.__setitem__("off", function(() -> context.leakTrace().set(false)));
        run("""
                def again():
                    m.around(off)
                    m.lists(1)
                    on()
                    m.lists(2)
                m.around(again)
                m.around(on)
                """);

        assertThat(leaks())
                .containsExactlyInAnyOrder(leak(2, "list", "pkg.m.lists", 5), leak(2, "dict", "pkg.m.around", 7));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theNewestCallsAreRemembered(BridgeMode mode) {
        start(mode);

        run("""
                def f():
                    m.lists(1)
                    m.keep(())
                for i in range(3000):
                    m.stash([]); m.stash(None)
                    f()
                """);
        assertThat(leaks()).containsExactly(leak(3000, "tuple", "pkg.m.keep", 3), leak(3000, "list", "pkg.m.lists", 2));

        run("\n\nfor i in range(8000):\n  f()");
        long remembered = leaks().stream().mapToLong(TracedLeak::count).sum();
        assertThat(remembered).isBetween(5000L, 10_000L);
        assertThat(context.openHandles())
                .contains(new OpenHandles("list", "pkg.m", 11_000), new OpenHandles("tuple", "pkg.m", 11_000));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void handlesOfCallsUnderWayAreNotAmongTheOpenOnes(BridgeMode mode) {
        start(mode);
        names.__setitem__(
                "look",
                function(() -> names.__setitem__(
                        "seen", Py.newString(context.openHandles().toString()))));

        run("m.lists(1)\nm.within(look, {}, [], ())\nm.lists(1)");

        assertThat(names.__getitem__(Py.newString("seen")))
                .hasToString(List.of(new OpenHandles("list", "pkg.m", 1)).toString());
        assertThat(context.openHandles()).containsExactly(new OpenHandles("list", "pkg.m", 2));
    }
}
