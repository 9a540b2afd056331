package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hpyve.include.ExtensionCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;

/** Calls from Python into C: the four signatures, results, errors, nesting. */
class CallTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @TempDir
    Path folder;

    private void loadSignatures() {
        python.loadFunctions("none:NOARGS same:O count:VARARGS names:KEYWORDS", """
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

    @Test
    void upToTwelveArgumentsArriveInOrder() {
        loadSignatures();

        for (int n = 0; n <= 12; n++) {
            assertThat(python.repr("m.count(*range(%1$d)) == tuple(range(%1$d))".formatted(n)))
                    .isEqualTo("True");
        }
        assertThat(python.repr("m.count(*range(1000)) == tuple(range(1000))")).isEqualTo("True");
    }

    @Test
    void identityIsKeptWhereAnObjectIsHandedOver() {
        loadSignatures();
        python.exec("o = object(); l = []; big = 2 ** 80; one = 1L; t = True; n = float('nan'); s = 'x' * 3");

        assertThat(python.repr(
                        "[m.same(x) is x for x in (o, l, big, one, t, None, s, m, int, Ellipsis, NotImplemented)]"))
                .isEqualTo("[" + "True, ".repeat(10) + "True]");
        assertThat(python.repr("m.same(n) != m.same(n), type(m.same(1)), type(m.same(1L)), type(m.same(2 ** 40))"))
                .isEqualTo("(True, <type 'int'>, <type 'long'>, <type 'long'>)");
        assertThat(python.repr(
                        "m.same(-0.0), m.same(float('inf')), m.same(-2 ** 31), m.same(-2 ** 47), m.same(2 ** 47)"))
                .isEqualTo("(-0.0, inf, -2147483648L, -140737488355328L, 140737488355328L)");
    }

    @Test
    void arityErrorsAreWordedAsCPythonsAre() {
        loadSignatures();

        assertThat(python.raised("m.none(1)")).isEqualTo("TypeError: none() takes no arguments (1 given)");
        assertThat(python.raised("m.none(1, 2)")).isEqualTo("TypeError: none() takes no arguments (2 given)");
        assertThat(python.raised("m.same()")).isEqualTo("TypeError: same() takes exactly one argument (0 given)");
        assertThat(python.raised("m.same(1, 2)")).isEqualTo("TypeError: same() takes exactly one argument (2 given)");
        assertThat(python.raised("m.same(1, 2, 3, 4, 5)"))
                .isEqualTo("TypeError: same() takes exactly one argument (5 given)");
        assertThat(python.raised("m.none(a=1)")).isEqualTo("TypeError: none() takes no keyword arguments");
        assertThat(python.raised("m.same(arg=1)")).isEqualTo("TypeError: same() takes no keyword arguments");
        assertThat(python.raised("m.count(1, a=1)")).isEqualTo("TypeError: count() takes no keyword arguments");
    }

    @Test
    void starArgumentsAndKeywordsAreUnpacked() {
        loadSignatures();

        assertThat(python.repr("m.count(0, *[1, 2])")).isEqualTo("(0, 1, 2)");
        assertThat(python.repr("m.none(*(), **{})")).isEqualTo("None");
        assertThat(python.repr("m.same(*'x')")).isEqualTo("'x'");
        assertThat(python.repr("m.names(0, *[1], **{'k': 'v'})")).isEqualTo("((u'k',), 'v')");
        assertThat(python.repr("m.names()")).isEqualTo("0");
        assertThat(python.repr("map(m.same, [1, 2]), reduce(lambda a, b: m.count(a, b), [1, 2, 3])"))
                .isEqualTo("([1, 2], ((1, 2), 3))");
    }

    @Test
    void aFunctionKnowsItsNameModuleAndSelf() {
        loadSignatures();

        assertThat(python.repr(
                        "m.same.__name__, m.same.__module__, m.same.__self__ is m, m.same.__doc__, callable(m.same)"))
                .isEqualTo("('same', 'm', True, None, True)");
    }

    @Test
    void selfOfAModuleFunctionIsTheModule() {
        python.loadFunctions("me:NOARGS", """
                static HPy me_impl(HPyContext *ctx, HPy self) { return HPy_Dup(ctx, self); }
                """);

        assertThat(python.repr("m.me() is m")).isEqualTo("True");
    }

    @Test
    void aResultThatIsNoOpenHandleIsASystemError() {
        python.loadFunctions("closed:O garbage:NOARGS closes:O closes_last:VARARGS closes_names:KEYWORDS", """
                static HPy closed_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy list = HPyList_New(ctx, 0);
                    HPy_Close(ctx, list);
                    return list;
                }
                static HPy garbage_impl(HPyContext *ctx, HPy self) { return (HPy){0x2345}; }
                static HPy closes_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_Close(ctx, arg);
                    return HPyLong_FromInt32_t(ctx, 1);
                }
                static HPy closes_last_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy_Close(ctx, args[nargs - 1]);
                    return HPyLong_FromInt32_t(ctx, 1);
                }
                static HPy closes_names_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    HPy_Close(ctx, kwnames);
                    return HPyLong_FromInt32_t(ctx, 1);
                }
                """);

        assertThat(python.raised("m.closed(0)"))
                .startsWith("SystemError: interpreter '")
                .contains("m.closed()", "was closed");
        assertThat(python.raised("m.garbage()"))
                .startsWith("SystemError: ")
                .contains("m.garbage()", "0x0000000000002345");
        String message = "closed the handle of one of its arguments";
        assertThat(python.raised("m.closes([])")).startsWith("SystemError: ").contains("m.closes()", message);
        assertThat(python.raised("m.closes_last(1, 2, [])"))
                .startsWith("SystemError: ")
                .contains("m.closes_last()", message);
        assertThat(python.raised("m.closes_names(a=1)"))
                .startsWith("SystemError: ")
                .contains("m.closes_names()", message);
        assertThat(python.repr("m.closes(5)")).isEqualTo("1");
    }

    @Test
    void aClosedInterpreterCallsNothing() throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("m.c"), """
                #include <hpy.h>
                HPyDef_METH(f, "f", HPyFunc_NOARGS)
                static HPy f_impl(HPyContext *ctx, HPy self) { (void)self; return HPyLong_FromInt32_t(ctx, 7); }
                static HPyDef *module_defines[] = {&f, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """);
        Path extension;
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            extension = compiler.compile("m", List.of(source), folder, List.of());
        }
        InterpreterContext other = new InterpreterContext("other", Py.getSystemState(), false);
        PyObject module = other.modules().load("m", extension, Py.None);
        PyObject function = module.__getattr__("f");
        assertThat(function.__call__().asInt()).isEqualTo(7);
        other.close();

        assertThatThrownBy(function::__call__)
                .isInstanceOfSatisfying(
                        PyException.class,
                        e -> assertThat(Py.formatException(e.type, e.value))
                                .startsWith("RuntimeError: interpreter 'other' is closed: m.f() cannot be called"));
    }
}
