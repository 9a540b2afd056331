package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.hpyve.host.Interpreter;
import org.hpyve.host.PythonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one interpreter does is not seen in another. */
class IsolationTest {

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    @Test
    void aStaticVariableInCCountsForEachInterpreter() throws Exception {
        hosts.buildCounting();
        List<Interpreter> all = hosts.newInterpreters(8);
        List<CompletableFuture<Object>> counts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int calls = 100 * (i + 1);
            counts.add(all.get(i).submit(python -> {
                python.exec("import counting\nfor i in xrange(%d): count = counting.bump()".formatted(calls));
                return python.get("count");
            }));
        }

        assertThat(counts.stream().map(CompletableFuture::join))
                .containsExactly(100, 200, 300, 400, 500, 600, 700, 800);
    }

    @Test
    void variablesAndModulesAreSeparate() throws Exception {
        Files.writeString(hosts.folder().resolve("common.py"), "items = []\n");
        Interpreter one = hosts.newInterpreter();
        Interpreter two = hosts.newInterpreter();
        for (Interpreter python : List.of(one, two)) {
            python.exec("import sys, common");
        }

        one.exec("x = 1\ncommon.items.append(1)\nsys.path.append('/only/in/one')\nsys.modules['ghost'] = common");
        one.exec("sys.argv = ['one']\nsys.setrecursionlimit(777)\nimport json\nsys.flag = 1");

        assertThat(two.eval("'x' in globals(), common.items, '/only/in/one' in sys.path, 'ghost' in sys.modules"))
                .isEqualTo(List.of(false, List.of(), false, false));
        assertThat(two.eval("sys.argv != ['one'], sys.getrecursionlimit() != 777, 'json' in sys.modules"))
                .isEqualTo(List.of(true, true, false));
        assertThat(two.eval("hasattr(sys, 'flag')")).isEqualTo(false);
        assertThat(one.eval("common.items, sys.getrecursionlimit()")).isEqualTo(List.of(List.of(1), 777));
    }

    @Test
    void builtInNamesAreSeparate() throws Exception {
        Interpreter one = hosts.newInterpreter();
        Interpreter two = hosts.newInterpreter();

        one.exec("""
                import __builtin__, sys
                __builtin__.extra = 1
                __builtin__.len = lambda x: 'replaced'
                del __builtin__.reduce
                sys.displayhook(5)
                def uses(): return len([])
                """);
        Interpreter three = hosts.newInterpreter();

        assertThat(one.eval("extra, len([]), uses(), _")).isEqualTo(List.of(1, "replaced", "replaced", 5));
        for (Interpreter python : List.of(two, three)) {
            python.exec("import __builtin__, json");
            assertThat(python.eval("[hasattr(__builtin__, name) for name in ('extra', '_', 'reduce')], len([])"))
                    .isEqualTo(List.of(List.of(false, false, true), 0));
            assertThat(python.eval("json.loads('[1]')")).isEqualTo(List.of(1));
        }
        one.close();
        assertThat(hosts.newInterpreter().eval("len([])")).isEqualTo(0);
    }

    @Test
    void aGlobalHoldsAValueForEachInterpreter() throws Exception {
        hosts.buildFunctions("keeping", "store:O load:NOARGS", """
                static HPyGlobal kept;
                static HPy store_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyGlobal_Store(ctx, &kept, arg);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy load_impl(HPyContext *ctx, HPy self)
                {
                    HPy value = HPyGlobal_Load(ctx, kept);
                    return HPy_IsNull(value) && !HPyErr_Occurred(ctx) ? HPy_Dup(ctx, ctx->h_None) : value;
                }
                """, "kept");
        Interpreter one = hosts.newInterpreter();
        Interpreter two = hosts.newInterpreter();
        Interpreter three = hosts.newInterpreter();
        for (Interpreter python : List.of(one, two, three)) {
            python.exec("import keeping");
        }

        one.exec("value = ['one']\nkeeping.store(value)");
        two.exec("value = {'two': 2}\nkeeping.store(value)");

        assertThat(one.eval("keeping.load() is value")).isEqualTo(true);
        assertThat(two.eval("keeping.load() is value")).isEqualTo(true);
        assertThat(three.eval("keeping.load()")).isNull();
        one.close();
        assertThat(two.eval("keeping.load()")).isEqualTo(Map.of("two", 2));
    }

    /** {@code give} keeps a list and tells the bits of its handle; the others use bits as a handle. */
    private void buildHandles() throws Exception {
        hosts.buildFunctions(
                "handles",
                "give:NOARGS drop:NOARGS repr:O dup:O attribute:O length:O number:O same:O item:O result:O append:O",
                """
                static HPy kept;
                static HPy of(HPyContext *ctx, HPy bits) { return (HPy){(intptr_t)HPyLong_AsLong(ctx, bits)}; }
                static HPy give_impl(HPyContext *ctx, HPy self)
                {
                    kept = HPyList_New(ctx, 0);
                    return HPyLong_FromLong(ctx, (long)kept._i);
                }
                static HPy drop_impl(HPyContext *ctx, HPy self)
                {
                    HPy_Close(ctx, kept);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy repr_impl(HPyContext *ctx, HPy self, HPy bits) { return HPy_Repr(ctx, of(ctx, bits)); }
                static HPy dup_impl(HPyContext *ctx, HPy self, HPy bits) { return HPy_Dup(ctx, of(ctx, bits)); }
                static HPy attribute_impl(HPyContext *ctx, HPy self, HPy bits)
                {
                    return HPy_GetAttr_s(ctx, of(ctx, bits), "append");
                }
                static HPy length_impl(HPyContext *ctx, HPy self, HPy bits)
                {
                    HPy_ssize_t length = HPy_Length(ctx, of(ctx, bits));
                    return length < 0 ? HPy_NULL : HPyLong_FromSsize_t(ctx, length);
                }
                static HPy number_impl(HPyContext *ctx, HPy self, HPy bits)
                {
                    long number = HPyLong_AsLong(ctx, of(ctx, bits));
                    return number == -1 && HPyErr_Occurred(ctx) ? HPy_NULL : HPyLong_FromLong(ctx, number);
                }
                static HPy same_impl(HPyContext *ctx, HPy self, HPy bits)
                {
                    return HPy_CallTupleDict(ctx, of(ctx, bits), HPy_NULL, HPy_NULL);
                }
                static HPy item_impl(HPyContext *ctx, HPy self, HPy bits)
                {
                    return HPyTuple_Pack(ctx, 1, of(ctx, bits));
                }
                static HPy result_impl(HPyContext *ctx, HPy self, HPy bits) { return of(ctx, bits); }
                static HPy append_impl(HPyContext *ctx, HPy self, HPy bits)
                {
                    HPy list = HPyList_New(ctx, 0);
                    int failed = HPyList_Append(ctx, list, of(ctx, bits));
                    if (!failed)
                        return list;
                    HPy_Close(ctx, list);
                    return HPy_NULL;
                }
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"repr", "dup", "attribute", "length", "number", "same", "item", "result", "append"})
    void aHandleOfAnotherInterpreterIsASystemErrorThatNamesBoth(String function) throws Exception {
        buildHandles();
        Interpreter one = hosts.newInterpreter("one");
        Interpreter two = hosts.newInterpreter("two");
        for (Interpreter python : List.of(one, two)) {
            python.exec("import handles");
        }
        Object bits = one.eval("handles.give()");
        two.set("bits", bits);

        PythonException raised =
                catchThrowableOfType(PythonException.class, () -> two.eval("handles." + function + "(bits)"));

        assertThat(raised).isNotNull();
        assertThat(raised.typeName()).isEqualTo("SystemError");
        assertThat(raised).hasMessageContaining("'one'").hasMessageContaining("'two'");
        assertThat(two.eval("1 + 1")).isEqualTo(2);
        one.set("bits", bits);
        assertThat(one.eval("handles.length(bits)")).isEqualTo(0);
        one.exec("handles.drop()");
    }

    @Test
    void aHandleOfAClosedInterpreterIsASystemErrorThatSaysSo() throws Exception {
        buildHandles();
        Interpreter one = hosts.newInterpreter("one");
        one.exec("import handles\nbits = handles.give()\nhandles.drop()");
        Object bits = one.get("bits");
        one.close();
        Interpreter two = hosts.newInterpreter("two");
        two.exec("import handles");
        two.set("bits", bits);

        PythonException raised = catchThrowableOfType(PythonException.class, () -> two.eval("handles.repr(bits)"));

        assertThat(raised.typeName()).isEqualTo("SystemError");
        assertThat(raised)
                .hasMessageContaining("'one'")
                .hasMessageContaining("closed")
                .hasMessageContaining("'two'");
    }

    @Test
    void anExceptionInOneInterpreterIsNotSetInAnother() throws Exception {
        hosts.buildFunctions("failing", "fail:O occurred:NOARGS", """
                static HPy fail_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyErr_SetObject(ctx, ctx->h_ValueError, arg);
                    HPy args[] = {arg};
                    return HPy_Call(ctx, arg, args, 0, HPy_NULL);
                }
                static HPy occurred_impl(HPyContext *ctx, HPy self)
                {
                    return HPyBool_FromLong(ctx, HPyErr_Occurred(ctx));
                }
                """);
        Interpreter two = hosts.newInterpreter("two");
        two.exec("import failing");
        Interpreter one = hosts.newInterpreter("one");
        Function<List<Object>, Object> ask = arguments -> two.eval("failing.occurred()");
        one.exec("import failing");
        one.set("ask", ask);

        assertThat(catchThrowableOfType(PythonException.class, () -> one.eval("failing.fail(ask)")))
                .isNotNull();
        assertThat(two.eval("failing.occurred()")).isEqualTo(false);
        assertThat(one.eval("failing.occurred()")).isEqualTo(false);
    }
}
