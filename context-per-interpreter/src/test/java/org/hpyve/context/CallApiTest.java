package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.Py;
import org.python.core.PyStringMap;
import org.python.core.PySystemState;

/** Calls from C into Python. */
class CallApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Runs Python code that knows the module {@code m}, in an interpreter on a thread with this many bytes of stack. */
    private String resultOnThread(long bytes, String statements) throws InterruptedException {
        Path file = Path.of(python.eval("m.__file__").toString());
        AtomicReference<String> result = new AtomicReference<>();
        Runnable body = () -> {
            PySystemState system = new PySystemState();
            Py.setSystemState(system);
            PyStringMap globals = new PyStringMap();
            try (InterpreterContext context = new InterpreterContext("deep", system, false)) {
                globals.__setitem__("m", context.modules().load("m", file, Py.None));
                Py.exec(Py.newString(statements), globals, globals);
                result.set(globals.__getitem__("result").toString());
            }
        };
        Thread thread = new Thread(null, body, "deep", bytes);
        thread.start();
        thread.join();
        return result.get();
    }

    private void loadCalls() {
        python.loadFunctions(
                "check:O call:VARARGS named:KEYWORDS method:KEYWORDS tuple_dict:VARARGS nothing:NOARGS again:VARARGS",
                """
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBool_FromBool(ctx, HPyCallable_Check(ctx, arg));
                }
                static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_Call(ctx, args[0], args + 1, nargs - 1, HPy_NULL);
                }
                static HPy named_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    return HPy_Call(ctx, args[0], args + 1, nargs - 1, kwnames);
                }
                static HPy method_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    return HPy_CallMethod(ctx, args[0], args + 1, nargs - 1, kwnames);
                }
                static HPy tuple_dict_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy h[3] = {HPy_NULL, HPy_NULL, HPy_NULL};
                    for (size_t i = 0; i < nargs && i < 3; i++)
                        h[i] = HPy_Is(ctx, args[i], ctx->h_None) ? HPy_NULL : args[i];
                    return HPy_CallTupleDict(ctx, h[0], h[1], h[2]);
                }
                static HPy nothing_impl(HPyContext *ctx, HPy self)
                {
                    return HPy_Call(ctx, HPy_NULL, NULL, 0, HPy_NULL);
                }
                /* Hands itself the rest: f(n, f, n - 1) calls f(n - 1, f, n - 2) ... */
                static HPy again_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_Call(ctx, args[0], args, nargs, HPy_NULL);
                }
                """);
        python.exec("""
                def f(*args, **kw):
                    return args, sorted(kw.items())
                class C(object):
                    def __call__(self, *args, **kw):
                        return ('called', args, kw)
                    def m(self, *args, **kw):
                        return args, sorted(kw.items())
                    @classmethod
                    def c(cls, x):
                        return cls.__name__, x
                class Old:
                    def m(self, x):
                        return x
                """);
    }

    @Test
    void callableCheckKnowsEveryKindOfCallable() {
        loadCalls();

        assertThat(python.repr(
                        "[m.check(x) for x in (f, C, C(), C().m, len, int, Old, [].append, m.check, lambda: 0)]"))
                .isEqualTo("[" + "True, ".repeat(9) + "True]");
        assertThat(python.repr("[m.check(x) for x in (5, 'a', None, [], {}, Old(), object(), m)]"))
                .isEqualTo("[" + "False, ".repeat(7) + "False]");
    }

    @Test
    void positionalArgumentsArriveInOrderFromNoneToTwelve() {
        loadCalls();

        for (int n = 0; n <= 12; n++) {
            assertThat(python.repr("m.call(f, *range(" + n + ")) == (tuple(range(" + n + ")), [])"))
                    .isEqualTo("True");
        }
        python.exec("o = object()");
        assertThat(python.repr("m.call(f, o)[0][0] is o, m.call(int, '12'), m.call(C(), 1), m.call(Old().m, 3)"))
                .isEqualTo("(True, 12, ('called', (1,), {}), 3)");
    }

    @Test
    void keywordsArriveWithTheirValues() {
        loadCalls();

        assertThat(python.repr("m.named(f, a=1)")).isEqualTo("((), [('a', 1)])");
        assertThat(python.repr("m.named(f, 1, 2, b=3, a=4)")).isEqualTo("((1, 2), [('a', 4), ('b', 3)])");
        assertThat(python.repr("m.named(f, 1)")).isEqualTo("((1,), [])");
        assertThat(python.repr("m.named(dict, x=[])")).isEqualTo("{'x': []}");
        assertThat(python.raised("m.named(lambda x: x, 1, x=2)")).startsWith("TypeError: ");
    }

    @Test
    void methodsAreCalledByName() {
        loadCalls();

        assertThat(python.repr("m.method('m', C(), 1, k=2)")).isEqualTo("((1,), [('k', 2)])");
        assertThat(python.repr("m.method(u'c', C, 1), m.method('m', Old(), 2), m.method('upper', 'a')"))
                .isEqualTo("(('C', 1), 2, 'A')");
        assertThat(python.raised("m.method('nope', C())"))
                .startsWith("AttributeError: ")
                .contains("nope");
        assertThat(python.raised("m.method(5, C())")).startsWith("TypeError: ");
        assertThat(python.raised("m.method('m')")).startsWith("SystemError: ").contains("HPy_CallMethod");
    }

    @Test
    void aTupleAndADictAreArguments() {
        loadCalls();

        assertThat(python.repr("m.tuple_dict(f)")).isEqualTo("((), [])");
        assertThat(python.repr("m.tuple_dict(f, (1, 2))")).isEqualTo("((1, 2), [])");
        assertThat(python.repr("m.tuple_dict(f, None, {'a': 1})")).isEqualTo("((), [('a', 1)])");
        assertThat(python.repr("m.tuple_dict(f, (0,), {'b': 1, u'c': 2})")).isEqualTo("((0,), [('b', 1), ('c', 2)])");
        assertThat(python.repr("m.tuple_dict(f, (0,), {})")).isEqualTo("((0,), [])");
        assertThat(python.raised("m.tuple_dict(f, [1])"))
                .isEqualTo("TypeError: HPy_CallTupleDict requires args to be a tuple or null handle");
        assertThat(python.raised("m.tuple_dict(f, (), [1])"))
                .isEqualTo("TypeError: HPy_CallTupleDict requires kw to be a dict or null handle");
        assertThat(python.raised("m.tuple_dict(f, (), {1: 2})")).isEqualTo("TypeError: keywords must be strings");
        assertThat(python.raised("m.tuple_dict(None)"))
                .startsWith("SystemError: ")
                .contains("HPy_CallTupleDict");
    }

    @Test
    void unicodeErrorsAreMadeWithTextForTheEncodingAndTheReason() {
        loadCalls();

        assertThat(python.repr("m.call(UnicodeDecodeError, u'utf-8', b'\\xff', 0, 1, u'reason')"))
                .isEqualTo("UnicodeDecodeError('utf-8', '\\xff', 0, 1, 'reason')");
        assertThat(python.repr("m.tuple_dict(UnicodeEncodeError, (u'ascii', u'\\xe9', 0, 1, u'na\\xefve'))"))
                .isEqualTo("UnicodeEncodeError('ascii', u'\\xe9', 0, 1, 'na\\xc3\\xafve')");
        assertThat(python.repr("m.call(UnicodeTranslateError, u'\\xe9', 0, 1, u'reason')"))
                .isEqualTo("UnicodeTranslateError(u'\\xe9', 0, 1, 'reason')");
        assertThat(python.raised("m.call(UnicodeDecodeError, u'utf-8')")).startsWith("TypeError: ");
        assertThat(python.repr("m.call(UnicodeError, u'text')")).isEqualTo("UnicodeError(u'text',)");
    }

    @Test
    void whatCannotBeCalledIsATypeError() {
        loadCalls();

        assertThat(python.raised("m.call(5)")).isEqualTo("TypeError: 'int' object is not callable");
        assertThat(python.raised("m.call('a', 1)")).isEqualTo("TypeError: 'str' object is not callable");
        assertThat(python.raised("m.call(Old())")).startsWith("AttributeError: ");
        assertThat(python.raised("m.tuple_dict([])")).isEqualTo("TypeError: 'list' object is not callable");
        assertThat(python.raised("m.nothing()")).startsWith("SystemError: ").contains("HPy_Call", "HPy_NULL");
    }

    @Test
    void pythonAndCCallEachOtherFiveHundredDeep() throws InterruptedException {
        loadCalls();

        String statements =
                "def down(n):\n    return n if n == 500 else m.call(down, n + 1)\nresult = m.call(down, 0)\n";
        assertThat(resultOnThread(64 << 20, statements)).isEqualTo("500");
    }

    @Test
    void endlessRecursionIsARuntimeErrorAndTheInterpreterGoesOn() {
        loadCalls();
        python.exec("def forever():\n    return m.call(forever)\n");

        assertThat(python.raised("forever()")).startsWith("RuntimeError: maximum recursion depth exceeded");
        assertThat(python.repr("m.call(f, 1)")).isEqualTo("((1,), [])");
    }

    @Test
    void endlessRecursionWithinCIsARuntimeErrorAndTheInterpreterGoesOn() {
        loadCalls();

        assertThat(python.raised("m.again(m.again)")).startsWith("RuntimeError: maximum recursion depth exceeded");
        assertThat(python.repr("m.call(f, 1)")).isEqualTo("((1,), [])");
    }
}
