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
    void everyCallableIsCalledAsPythonCallsIt() {
        loadCalls();
        loadCallables();

        python.exec("""
                bad = []
                for name, f in sorted(callables.items()):
                    for n in range(6):
                        args = tuple(range(n))
                        expected = told(lambda: f(*args))
                        for got in (told(lambda: m.call(f, *args)), told(lambda: m.tuple_dict(f, args)),
                                told(lambda: m.tuple_dict(f, Args(args))), told(lambda: m.named(f, *args))):
                            if got != expected:
                                bad.append((name, n, got, expected))
                """);
        assertThat(python.repr("bad")).isEqualTo("[]");
        assertThat(python.repr("len(callables)")).isEqualTo("21");
    }

    private void loadCallables() {
        python.exec("""
                import functools
                class Args(tuple):
                    pass
                class New(object):
                    def __init__(self, *args):
                        self.args = args
                    def __ne__(self, other):
                        return self.args != other.args
                class One(object):
                    def __ne__(self, other):
                        return type(other) is not One
                    def method(self, x=5):
                        return x
                    @staticmethod
                    def static(*args):
                        return args
                    def __call__(self, x, y):
                        return x, y
                class OldNew:
                    def __init__(self, x):
                        self.x = x
                    def __cmp__(self, other):
                        return cmp(self.x, other.x)
                    def __call__(self, *args):
                        return args
                def fails(*args):
                    raise KeyError(args)
                def generates(a, b):
                    yield a
                    yield b
                def closes(a):
                    def inner(b, c=3):
                        return a, b, c
                    return inner
                callables = {'function': f, 'class': New, 'class, no init': One, 'bound': One().method,
                    'unbound': One.method, 'static': One.static, 'class method': C.c, 'instance': One(),
                    'old class': OldNew, 'old instance': OldNew(1), 'lambda': lambda: 1, 'defaults': lambda a, b=2, c=3: (a, b, c),
                    'many': lambda a, *args: (a, args), 'builtin': len, 'builtin method': [1, 2].__getitem__, 'int': int,
                    'partial': functools.partial(max, 7), 'HPy function': m.check, 'closure': closes(1), 'fails': fails,
                    'generator': lambda *args: list(generates(*args))}
                def told(call):
                    try:
                        return call()
                    except Exception as e:
                        return type(e), e.args
                """);
    }

    @Test
    void everyMethodIsCalledAsPythonCallsIt() {
        loadCalls();
        loadCallables();
        python.exec("""
                class Asks(object):
                    def __getattr__(self, name):
                        if name != 'any':
                            raise AttributeError('no ' + name)
                        return lambda *args: (name, args)
                class Always(object):
                    def __getattribute__(self, name):
                        return lambda *args: (name, args)
                class OldAsks:
                    def __getattr__(self, name):
                        return Asks().__getattr__(name)
                own = One()
                own.method = lambda *args: ('own', args)
                old = Old()
                old.m = lambda *args: ('own', args)
                setattr(One, '\\xc3\\xa9', lambda self: 'beyond ASCII')
                class Name(unicode):
                    pass
                objects = [One(), own, C(), C, Old(), old, Old, Asks(), Always(), OldAsks(), m, 'text', u'text', [3, 1], {1: 2},
                    5, None, f, One().method]
                names = ['method', u'method', Name(u'static'), 'm', 'c', 'any', 'x', 'check', 'upper', u'sort', 'get',
                    'im_func', '__call__', '__str__', '__class__', u'\\xe9', '\\xc3\\xa9', '']
                bad = []
                for o in objects:
                    for name in names:
                        for n in range(5):
                            args = tuple(range(n))
                            attribute = name if isinstance(name, str) else name.encode('utf-8')
                            expected = told(lambda: getattr(o, attribute)(*args))
                            got = told(lambda: m.method(name, o, *args))
                            if got != expected:
                                bad.append((o, name, n, got, expected))
                """);

        assertThat(python.repr("[b for b in bad if b[1] != '__class__'][:5]")).isEqualTo("[]");
        assertThat(python.repr("m.method(u'\\xe9', One()), m.method('m', C(), 1, 2)"))
                .isEqualTo("('beyond ASCII', ((1, 2), []))");
    }

    @Test
    void anErrorOfTheCalleeKeepsItsTraceback() {
        loadCalls();
        python.exec("""
                import sys, traceback
                def thrower(*args):
                    raise ValueError(len(args))
                class Throws(object):
                    thrower = thrower
                def lines(call):
                    try:
                        call()
                    except ValueError as e:
                        return str(e), traceback.extract_tb(sys.exc_info()[2])[-1][2]
                """);

        for (int n = 0; n < 5; n++) {
            assertThat(python.repr("lines(lambda: m.call(thrower, *range(%d)))".formatted(n)))
                    .isEqualTo("('%d', 'thrower')".formatted(n));
            assertThat(python.repr("lines(lambda: m.tuple_dict(thrower, tuple(range(%d))))".formatted(n)))
                    .isEqualTo("('%d', 'thrower')".formatted(n));
            assertThat(python.repr("lines(lambda: m.method('thrower', Throws(), *range(%d)))".formatted(n)))
                    .isEqualTo("('%d', 'thrower')".formatted(n + 1));
        }
        assertThat(python.repr("m.call(f, 1)")).isEqualTo("((1,), [])");
    }

    @Test
    void aBadHandleAtAnyPlaceIsASystemErrorAndNothingIsCalled() {
        python.loadFunctions("call:VARARGS method:VARARGS", """
                /* args: what is called, how many arguments, which of all is bad (0: what is called); then the arguments. */
                static HPy spoilt(HPyContext *ctx, const HPy *args, bool method)
                {
                    long n = HPyLong_AsLong(ctx, args[1]), bad = HPyLong_AsLong(ctx, args[2]);
                    HPy closed = HPyList_New(ctx, 0), all[8] = {args[0]};
                    HPy_Close(ctx, closed);
                    for (long i = 1; i <= n; i++)
                        all[i] = args[0];
                    all[bad] = closed;
                    return method ? HPy_CallMethod(ctx, all[0], all + 1, (size_t)n, HPy_NULL)
                                  : HPy_Call(ctx, all[0], all + 1, (size_t)n, HPy_NULL);
                }
                static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return spoilt(ctx, args, false);
                }
                static HPy method_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return spoilt(ctx, args, true);
                }
                """);
        python.exec("called = []\ndef f(*args):\n    called.append(args)\n");

        for (int n = 0; n < 6; n++) {
            for (int bad = 0; bad <= n; bad++) {
                assertThat(python.raised("m.call(f, %d, %d)".formatted(n, bad)))
                        .startsWith("SystemError: ")
                        .contains("HPy_Call, called by m.call()", "was closed");
                if (n > 0) {
                    assertThat(python.raised("m.method('upper', %d, %d)".formatted(n, bad)))
                            .startsWith("SystemError: ")
                            .contains("HPy_CallMethod, called by m.method()", "was closed");
                }
            }
        }
        assertThat(python.repr("called")).isEqualTo("[]");
    }

    @Test
    void endlessRecursionThroughMethodsIsARuntimeError() {
        loadCalls();
        python.exec("""
                import warnings
                class Deep(object):
                    def down(self, *args):
                        return m.method(u'down', self, *args)
                """);

        for (String args : new String[] {"", "1", "1, 2", "1, 2, 3"}) {
            assertThat(python.raised("Deep().down(%s)".formatted(args)))
                    .startsWith("RuntimeError: maximum recursion depth exceeded");
        }
        assertThat(python.repr("m.call(f, 1)")).isEqualTo("((1,), [])");
    }

    @Test
    void unicodeErrorsAreMadeWithTextForTheEncodingAndTheReason() {
        loadCalls();

        assertThat(python.repr("m.call(UnicodeDecodeError, u'utf-8', b'\\xff', 0, 1, u'reason')"))
                .isEqualTo("UnicodeDecodeError('utf-8', '\\xff', 0, 1, 'reason')");
        assertThat(python.repr("m.tuple_dict(UnicodeEncodeError, (u'ascii', u'\\xe9', 0, 1, u'na\\xefve'))"))
                .isEqualTo("UnicodeEncodeError('ascii', u'\\xe9', 0, 1, 'na\\xc3\\xafve')");
        assertThat(python.repr("m.tuple_dict(UnicodeEncodeError, (u'ascii', u'\\xe9', 0, 1, u'reason'), {})"))
                .isEqualTo("UnicodeEncodeError('ascii', u'\\xe9', 0, 1, 'reason')");
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
        // Jython as it is would import it where the stack is full.
        python.exec("import warnings\ndef forever():\n    return m.call(forever)\n");

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
