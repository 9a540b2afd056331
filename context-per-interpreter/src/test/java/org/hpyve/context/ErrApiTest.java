package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Exceptions: set, asked for, cleared in C; crossing in both directions; nested calls. */
class ErrApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadErrors() {
        python.loadFunctions(
                "set_string:VARARGS set_object:VARARGS set_nothing:O no_text:O no_memory:NOARGS clear:O matches:VARARGS"
                        + " new:VARARGS warn:VARARGS unraisable:O errno_name:VARARGS errno_objects:VARARGS format:O"
                        + " call:O swallow:VARARGS keep:VARARGS pass_on:VARARGS null:NOARGS both:NOARGS cleared:NOARGS",
                """
                #include <errno.h>
                static HPy set_string_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    const char *text = HPyUnicode_AsUTF8AndSize(ctx, args[1], NULL);
                    return text ? HPyErr_SetString(ctx, args[0], text) : HPy_NULL;
                }
                static HPy set_object_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyErr_SetObject(ctx, args[0], args[1]);
                }
                static HPy set_nothing_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyErr_SetObject(ctx, arg, HPy_NULL);
                }
                static HPy no_text_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyErr_SetString(ctx, arg, NULL);
                }
                static HPy no_memory_impl(HPyContext *ctx, HPy self) { return HPyErr_NoMemory(ctx); }
                static HPy clear_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    int before = HPyErr_Occurred(ctx) != 0;
                    HPyErr_SetString(ctx, arg, "to be cleared");
                    int set = HPyErr_Occurred(ctx) != 0;
                    HPyErr_Clear(ctx);
                    int after = HPyErr_Occurred(ctx) != 0;
                    HPyErr_Clear(ctx);
                    return HPyLong_FromInt32_t(ctx, before * 100 + set * 10 + after);
                }
                /* Raises args[0], then tells which of the others match it. */
                static HPy matches_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPyErr_SetString(ctx, args[0], "x");
                    int32_t found = 0;
                    for (size_t i = 1; i < nargs; i++)
                        found = found * 10 + HPyErr_ExceptionMatches(ctx, args[i]);
                    HPyErr_Clear(ctx);
                    if (nargs > 1 && HPyErr_ExceptionMatches(ctx, args[1]))
                        return HPyErr_SetString(ctx, ctx->h_AssertionError, "matches although nothing is set");
                    return HPyLong_FromInt32_t(ctx, found);
                }
                /* name, doc or None, base or None, dict or None */
                static HPy new_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy h[4];
                    for (size_t i = 0; i < 4; i++)
                        h[i] = i >= nargs || HPy_Is(ctx, args[i], ctx->h_None) ? HPy_NULL : args[i];
                    const char *name = HPyUnicode_AsUTF8AndSize(ctx, h[0], NULL);
                    const char *doc = HPy_IsNull(h[1]) ? NULL : HPyUnicode_AsUTF8AndSize(ctx, h[1], NULL);
                    if (!name)
                        return HPy_NULL;
                    return doc ? HPyErr_NewExceptionWithDoc(ctx, name, doc, h[2], h[3])
                               : HPyErr_NewException(ctx, name, h[2], h[3]);
                }
                static HPy warn_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    int status = HPyErr_WarnEx(ctx, HPy_Is(ctx, args[0], ctx->h_None) ? HPy_NULL : args[0], "careful",
                                               HPyLong_AsSsize_t(ctx, args[1]));
                    return status < 0 ? HPy_NULL : HPyLong_FromInt32_t(ctx, status);
                }
                static HPy unraisable_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyErr_SetString(ctx, ctx->h_ValueError, "nowhere to go");
                    HPyErr_WriteUnraisable(ctx, arg);
                    int after = HPyErr_Occurred(ctx) != 0;
                    HPyErr_SetString(ctx, ctx->h_KeyError, "without an object");
                    HPyErr_WriteUnraisable(ctx, HPy_NULL);
                    HPyErr_WriteUnraisable(ctx, arg);
                    return HPyLong_FromInt32_t(ctx, after + HPyErr_Occurred(ctx) != 0);
                }
                static HPy errno_name_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    const char *name = nargs > 1 ? HPyUnicode_AsUTF8AndSize(ctx, args[1], NULL) : NULL;
                    errno = ENOENT;
                    return HPyErr_SetFromErrnoWithFilename(ctx, args[0], name);
                }
                static HPy errno_objects_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    errno = EACCES;
                    HPyErr_SetFromErrnoWithFilenameObjects(ctx, args[0], nargs > 1 ? args[1] : HPy_NULL,
                                                           nargs > 2 ? args[2] : HPy_NULL);
                    return HPy_NULL;
                }
                static HPy format_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyErr_Format(ctx, ctx->h_ValueError, "%d and %R", 5, arg);
                }
                static HPy call_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPy_Call(ctx, arg, NULL, 0, HPy_NULL);
                }
                /* Calls args[0]; an exception of the class args[1] is swallowed. */
                static HPy swallow_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy result = HPy_Call(ctx, args[0], NULL, 0, HPy_NULL);
                    if (!HPy_IsNull(result) || !HPyErr_ExceptionMatches(ctx, args[1]))
                        return result;
                    HPyErr_Clear(ctx);
                    return HPyUnicode_FromString(ctx, "swallowed");
                }
                /* Raises args[0], runs args[1] meanwhile, which must not notice; what was raised first is kept. */
                static HPy keep_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPyErr_SetString(ctx, args[0], "outer");
                    HPy result = HPy_Call(ctx, args[1], NULL, 0, HPy_NULL);
                    if (!HPyErr_Occurred(ctx))
                        HPyErr_SetString(ctx, ctx->h_AssertionError, "the outer exception was lost");
                    HPy_Close(ctx, result);
                    return HPy_NULL;
                }
                /* Runs args[0] and, without an exception of its own, returns args[1]. */
                static HPy pass_on_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy result = HPy_Call(ctx, args[0], NULL, 0, HPy_NULL);
                    if (HPy_IsNull(result))
                        return HPy_NULL;
                    HPy_Close(ctx, result);
                    if (HPyErr_Occurred(ctx))
                        return HPy_NULL;
                    return HPy_Dup(ctx, args[1]);
                }
                static HPy null_impl(HPyContext *ctx, HPy self) { return HPy_NULL; }
                static HPy both_impl(HPyContext *ctx, HPy self)
                {
                    HPyErr_SetString(ctx, ctx->h_ValueError, "and yet");
                    return HPyUnicode_FromString(ctx, "a value");
                }
                static HPy cleared_impl(HPyContext *ctx, HPy self)
                {
                    HPyErr_SetString(ctx, ctx->h_ValueError, "gone");
                    HPyErr_Clear(ctx);
                    return HPy_NULL;
                }
                """);
        python.exec("""
                import sys, traceback
                class E(ValueError):
                    __module__ = 'exceptions'
                def fail():
                    raise E('from Python')
                """);
    }

    @Test
    void aStringOrAnObjectBecomesTheException() {
        loadErrors();
        python.exec("""
                def value(f, *args):
                    try:
                        f(*args)
                    except BaseException as e:
                        return e
                e = E('mine')
                """);

        assertThat(python.raised("m.set_string(ValueError, u'text')")).isEqualTo("ValueError: text");
        assertThat(python.raised("m.set_string(E, u'')")).isEqualTo("E");
        assertThat(python.repr("value(m.set_string, KeyError, u'\\u20ac').args"))
                .isEqualTo("(u'\\u20ac',)");
        assertThat(python.raised("m.no_text(ValueError)")).isEqualTo("ValueError");
        assertThat(python.repr("value(m.set_object, E, e) is e, value(m.set_object, ValueError, e) is e"))
                .isEqualTo("(True, True)");
        assertThat(python.repr("value(m.set_object, ValueError, 5).args")).isEqualTo("(5,)");
        assertThat(python.repr("value(m.set_object, ValueError, (1, 2)).args")).isEqualTo("(1, 2)");
        assertThat(python.repr("value(m.set_object, ValueError, None).args")).isEqualTo("()");
        assertThat(python.repr("value(m.set_nothing, KeyboardInterrupt)")).isEqualTo("KeyboardInterrupt()");
        assertThat(python.repr("value(m.set_object, KeyError, e).args[0] is e")).isEqualTo("True");
        assertThat(python.raised("m.no_memory()")).isEqualTo("MemoryError");
        assertThat(python.raised("m.format('x')")).isEqualTo("ValueError: 5 and 'x'");
    }

    @Test
    void onlyClassesOfExceptionsCanBeRaised() {
        loadErrors();

        assertThat(python.raised("m.set_string(5, u'x')"))
                .isEqualTo("SystemError: exception 5 not a BaseException subclass");
        assertThat(python.raised("m.set_object(int, 5)"))
                .isEqualTo("SystemError: exception <type 'int'> not a BaseException subclass");
    }

    @Test
    void aClearedExceptionIsGone() {
        loadErrors();

        assertThat(python.repr("m.clear(ValueError)")).isEqualTo("10");
        assertThat(python.raised("m.cleared()"))
                .startsWith("SystemError: interpreter '")
                .contains("': m.cleared() returned NULL without setting an exception");
    }

    @Test
    void anExceptionMatchesItsClassABaseAndATuple() {
        loadErrors();

        assertThat(python.repr("m.matches(E, E, ValueError, Exception, KeyError, (KeyError, E), (KeyError,), ())"))
                .isEqualTo("1110100");
        assertThat(python.repr("m.matches(KeyError, LookupError, E, BaseException)"))
                .isEqualTo("101");
    }

    @Test
    void newExceptionClassesHaveNameBaseDictAndDoc() {
        loadErrors();
        python.exec("""
                A = m.new(u'some.where.A')
                B = m.new(u'mod.B', u'Documented.', A, {'x': 5})
                C = m.new(u'mod.C', None, (KeyError, A))
                """);

        assertThat(python.repr("A.__name__, A.__module__, A.__bases__, A.__doc__"))
                .isEqualTo("('A', 'some.where', (<type 'exceptions.Exception'>,), None)");
        assertThat(python.repr("B.__doc__, B.x, issubclass(B, A), B('m').args"))
                .isEqualTo("('Documented.', 5, True, ('m',))");
        assertThat(python.repr("C.__bases__ == (KeyError, A)")).isEqualTo("True");
        assertThat(python.raised("m.set_string(B, u'hey')")).isEqualTo("mod.B: hey");
        assertThat(python.raised("m.new(u'nodot')")).startsWith("SystemError: ").contains("module.class");
    }

    @Test
    void warningsGoThroughTheWarningsModule() {
        loadErrors();
        python.exec("""
                import warnings
                def caught(*args):
                    with warnings.catch_warnings(record=True) as log:
                        warnings.simplefilter('always')
                        status = m.warn(*args)
                    return status, log[0].category.__name__, str(log[0].message), log[0].lineno
                def outer():
                    return caught(UserWarning, 2)
                def strictly():
                    with warnings.catch_warnings():
                        warnings.simplefilter('error')
                        m.warn(DeprecationWarning, 1)
                """);

        assertThat(python.repr("caught(UserWarning, 1)")).isEqualTo("(0, 'UserWarning', 'careful', 5)");
        assertThat(python.repr("caught(None, 1)")).isEqualTo("(0, 'RuntimeWarning', 'careful', 5)");
        assertThat(python.repr("outer()")).isEqualTo("(0, 'UserWarning', 'careful', 8)");
        assertThat(python.raised("strictly()")).isEqualTo("DeprecationWarning: careful");
    }

    @Test
    void onlyAWarningIsACategory() {
        loadErrors();

        assertThat(python.raised("m.warn(ValueError, 1)"))
                .isEqualTo("TypeError: category must be a Warning subclass, not 'type'");
        assertThat(python.raised("m.warn(5, 1)"))
                .isEqualTo("TypeError: category must be a Warning subclass, not 'int'");
    }

    /** Its class cannot be called with a text alone. */
    @Test
    void anExceptionThatCannotBeMadeIsFoundByTheNextHandler() {
        loadErrors();
        python.exec("""
                try:
                    m.set_string(UnicodeDecodeError, u'x')
                except TypeError as e:
                    found = str(e)
                """);

        assertThat(python.repr("found")).contains("takes 5 arguments");
    }

    @Test
    void anUnraisableExceptionIsWrittenAndCleared() {
        loadErrors();
        python.exec("""
                import StringIO
                saved, sys.stderr = sys.stderr, StringIO.StringIO()
                try:
                    status = m.unraisable('place')
                    written = sys.stderr.getvalue()
                finally:
                    sys.stderr = saved
                """);

        assertThat(python.repr("status")).isEqualTo("0");
        assertThat(python.eval("written").toString())
                .contains("ValueError", "nowhere to go", "place", "KeyError", "without an object");
    }

    @Test
    void errnoBecomesAnOSErrorWithItsFile() {
        loadErrors();
        python.exec("""
                def fields(f, *args):
                    try:
                        f(*args)
                    except EnvironmentError as e:
                        return type(e).__name__, e.errno, e.strerror, e.filename
                """);

        assertThat(python.repr("fields(m.errno_name, OSError, u'a/b')"))
                .isEqualTo("('FileNotFoundError', 2, 'No such file or directory', u'a/b')");
        assertThat(python.repr("fields(m.errno_name, IOError)"))
                .isEqualTo("('IOError', 2, 'No such file or directory', None)");
        assertThat(python.repr("fields(m.errno_name, type('Own', (OSError,), {}))"))
                .isEqualTo("('Own', 2, 'No such file or directory', None)");
        assertThat(python.repr("fields(m.errno_objects, OSError, 'x', 'y')"))
                .isEqualTo("('PermissionError', 13, 'Permission denied', 'x')");
        assertThat(python.repr("fields(m.errno_objects, OSError)"))
                .isEqualTo("('PermissionError', 13, 'Permission denied', None)");
        assertThat(python.raised("m.errno_objects(OSError, 'x', 'y')"))
                .isEqualTo("PermissionError: [Errno 13] Permission denied: 'x'");
        assertThat(python.raised("m.errno_name(KeyError, u'x')"))
                .isEqualTo("KeyError: (2, 'No such file or directory', u'x')");
        assertThat(python.raised("m.errno_name(int, u'f')")).startsWith("SystemError: ");
    }

    @Test
    void eachErrnoOfPython3RaisesItsOwnOSError() {
        python.loadFunctions("fail:O objects:VARARGS", """
                #include <errno.h>
                #include <string.h>
                #define CODE(X) {#X, X}
                static const struct { const char *name; int code; } codes[] = {
                    CODE(EAGAIN), CODE(EALREADY), CODE(EINPROGRESS), CODE(EWOULDBLOCK), CODE(EPIPE), CODE(ESHUTDOWN),
                    CODE(ECHILD), CODE(ECONNABORTED), CODE(ECONNREFUSED), CODE(ECONNRESET), CODE(EEXIST), CODE(ENOENT),
                    CODE(EINTR), CODE(EISDIR), CODE(ENOTDIR), CODE(EACCES), CODE(EPERM), CODE(ESRCH), CODE(ETIMEDOUT),
                    CODE(EINVAL), {"none", 0}};
                static HPy fail_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *name = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
                        if (strcmp(codes[i].name, name) == 0) {
                            errno = codes[i].code;
                            return HPyErr_SetFromErrno(ctx, ctx->h_OSError);
                        }
                    }
                    return HPy_NULL;
                }
                static HPy objects_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    errno = EEXIST;
                    return HPyErr_SetFromErrnoWithFilenameObjects(ctx, ctx->h_OSError, args[0], args[1]);
                }
                """);
        String[] expected = {
            "EAGAIN BlockingIOError",
            "EALREADY BlockingIOError",
            "EINPROGRESS BlockingIOError",
            "EWOULDBLOCK BlockingIOError",
            "EPIPE BrokenPipeError",
            "ESHUTDOWN BrokenPipeError",
            "ECHILD ChildProcessError",
            "ECONNABORTED ConnectionAbortedError",
            "ECONNREFUSED ConnectionRefusedError",
            "ECONNRESET ConnectionResetError",
            "EEXIST FileExistsError",
            "ENOENT FileNotFoundError",
            "EINTR InterruptedError",
            "EISDIR IsADirectoryError",
            "ENOTDIR NotADirectoryError",
            "EACCES PermissionError",
            "EPERM PermissionError",
            "ESRCH ProcessLookupError",
            "ETIMEDOUT TimeoutError",
            "EINVAL OSError",
        };
        for (String row : expected) {
            assertThat(python.raised("m.fail('" + row.split(" ")[0] + "')"))
                    .startsWith(row.split(" ")[1] + ": [Errno ");
        }
        assertThat(python.raised("m.fail('none')")).isEqualTo("OSError: (0, 'Error')");
        python.exec("""
                try:
                    m.objects('from', 'to')
                except OSError as e:
                    names = type(e).__name__, e.filename, e.filename2
                """);
        assertThat(python.repr("names")).isEqualTo("('FileExistsError', 'from', 'to')");
    }

    @Test
    void anExceptionOfPythonPassesThroughCUnchanged() {
        loadErrors();
        python.exec("""
                e = E('the one')
                def fail_with_it():
                    raise e
                try:
                    m.call(fail_with_it)
                except ValueError as caught:
                    same = caught is e
                    places = [(p[1], p[2]) for p in traceback.extract_tb(sys.exc_info()[2])]
                def two_levels():
                    m.call(fail_with_it)
                try:
                    m.call(two_levels)
                except E as caught:
                    still = caught is e
                    deep = [(p[1], p[2]) for p in traceback.extract_tb(sys.exc_info()[2])]
                """);

        assertThat(python.repr("same, places")).isEqualTo("(True, [(5, '<module>'), (3, 'fail_with_it')])");
        assertThat(python.repr("still, deep"))
                .isEqualTo("(True, [(12, '<module>'), (10, 'two_levels'), (3, 'fail_with_it')])");
    }

    @Test
    void cCanSwallowAnExceptionAndContinue() {
        loadErrors();

        assertThat(python.repr("m.swallow(fail, ValueError)")).isEqualTo("u'swallowed'");
        assertThat(python.raised("m.swallow(fail, KeyError)")).isEqualTo("E: from Python");
        assertThat(python.repr("m.swallow(lambda: m.swallow(fail, E), ValueError)"))
                .isEqualTo("u'swallowed'");
    }

    @Test
    void anOuterExceptionWaitsForInnerCalls() {
        loadErrors();

        assertThat(python.raised("m.keep(E, lambda: 5)")).isEqualTo("E: outer");
        assertThat(python.raised("m.keep(E, lambda: m.call(dict))")).isEqualTo("E: outer");
        assertThat(python.raised("m.keep(E, lambda: m.clear(KeyError))")).isEqualTo("E: outer");
        assertThat(python.raised("m.keep(E, lambda: m.swallow(lambda: m.set_string(KeyError, u'inner'), KeyError))"))
                .isEqualTo("E: outer");
        assertThat(python.raised(
                        "m.keep(E, lambda: m.swallow(lambda: m.keep(KeyError, lambda: m.call(list)), KeyError))"))
                .isEqualTo("E: outer");
        assertThat(python.raised("m.keep(E, fail)")).isEqualTo("E: from Python");
        python.exec("seen = []\ndef look():\n    seen.append(sys.exc_info()[0])\n    return m.clear(KeyError)\n");
        assertThat(python.raised("m.keep(E, lambda: seen.append(look()))")).isEqualTo("E: outer");
        assertThat(python.repr("seen")).isEqualTo("[None, 10]");
    }

    @Test
    void anInnerExceptionThatPythonCaughtIsNotSeenOutside() {
        loadErrors();
        python.exec("""
                def catching():
                    try:
                        m.set_string(KeyError, u'inner')
                    except KeyError:
                        return 'caught'
                """);

        assertThat(python.repr("m.pass_on(catching, 'result')")).isEqualTo("'result'");
        assertThat(python.repr("m.pass_on(lambda: m.pass_on(catching, 1), [])")).isEqualTo("[]");
        assertThat(python.raised("m.pass_on(fail, 'result')")).isEqualTo("E: from Python");
    }

    @Test
    void nullWithoutAnExceptionAndAValueWithOneAreSystemErrors() {
        loadErrors();
        String interpreter = "SystemError: interpreter '" + python.context().name() + "': ";

        assertThat(python.raised("m.null()"))
                .isEqualTo(interpreter + "m.null() returned NULL without setting an exception");
        assertThat(python.raised("m.both()"))
                .isEqualTo(interpreter + "m.both() returned a result with an exception set: ValueError: and yet");
    }

    @Test
    void aJavaExceptionOfACallbackArrivesAsOne() {
        loadErrors();
        python.exec("from java.util import ArrayList\nimport java.lang");

        assertThat(python.raised("m.call(lambda: ArrayList().get(3))"))
                .startsWith("java.lang.IndexOutOfBoundsException");
        assertThat(python.repr("m.swallow(lambda: ArrayList().get(3), java.lang.RuntimeException)"))
                .isEqualTo("u'swallowed'");
    }
}
