package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HPyContextVar: values that belong to a thread of the interpreter. */
class ContextvarApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void load() {
        python.loadFunctions("new:VARARGS get:VARARGS set:VARARGS nameless:NOARGS closed:O null:NOARGS", """
                static HPy new_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyContextVar_New(ctx, "variable", nargs > 0 ? args[0] : HPy_NULL);
                }
                static HPy get_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy value = ctx->h_Ellipsis;
                    int32_t status = HPyContextVar_Get(ctx, args[0], nargs > 1 ? args[1] : HPy_NULL, &value);
                    if (status < 0)
                        return HPy_IsNull(value) ? HPy_NULL : HPyErr_SetString(ctx, ctx->h_AssertionError, "not NULL");
                    return HPy_IsNull(value) ? HPyUnicode_FromString(ctx, "nothing") : value;
                }
                static HPy set_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPyContextVar_Set(ctx, args[0], args[1]);
                }
                static HPy nameless_impl(HPyContext *ctx, HPy self) { return HPyContextVar_New(ctx, NULL, HPy_NULL); }
                static HPy null_impl(HPyContext *ctx, HPy self)
                {
                    return HPyContextVar_Set(ctx, HPy_NULL, ctx->h_None);
                }
                static HPy closed_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy value, handle = HPy_Dup(ctx, arg);
                    HPy other = HPyContextVar_New(ctx, "other", HPy_NULL);
                    HPy_Close(ctx, other);
                    int32_t status = HPyContextVar_Get(ctx, other, handle, &value);
                    HPy_Close(ctx, handle);
                    return status < 0 ? HPy_NULL : value;
                }
                """);
        python.exec("""
                import threading
                def in_thread(f):
                    result = []
                    def run():
                        try:
                            result.append(f())
                        except Exception as e:
                            result.append(type(e).__name__ + ': ' + str(e))
                    thread = threading.Thread(target=run)
                    thread.start()
                    thread.join()
                    return result[0]
                v = m.new()
                """);
    }

    @Test
    void aValueComesBeforeTheCallersDefaultAndThatBeforeTheVariables() {
        assertThat(python.repr("m.get(v), m.get(v, 1)")).isEqualTo("(u'nothing', 1)");
        assertThat(python.repr("(lambda d: (m.get(d), m.get(d, 1)))(m.new(2))")).isEqualTo("(2, 1)");
        python.exec("m.set(v, 3)");
        assertThat(python.repr("m.get(v), m.get(v, 1)")).isEqualTo("(3, 3)");
        python.exec("m.set(v, None)");
        assertThat(python.repr("m.get(v), m.get(v, 1)")).isEqualTo("(None, None)");
    }

    @Test
    void aTokenRestoresWhatWasBefore() {
        python.exec("first = m.set(v, 1); second = m.set(v, 2)");

        assertThat(python.repr("first.var is v, first.old_value is type(first).MISSING, second.old_value"))
                .isEqualTo("(True, True, 1)");
        assertThat(python.repr("v.reset(second), m.get(v), v.reset(first), m.get(v)"))
                .isEqualTo("(None, 1, None, u'nothing')");
        assertThat(python.raised("v.reset(first)"))
                .matches("RuntimeError: <Token used var=<ContextVar name='variable' at 0x\\w+> at 0x\\w+>"
                        + " has already been used once");
        assertThat(python.raised("m.new().reset(m.set(v, 1))")).endsWith("> was created by a different ContextVar");
        assertThat(python.raised("v.reset(5)")).isEqualTo("TypeError: expected an instance of Token, got 5");
    }

    @Test
    void pythonUsesItAsOneOfPython3() {
        assertThat(python.repr("v.name, m.new(5).get(), v.get(6)")).isEqualTo("('variable', 5, 6)");
        assertThat(python.raised("v.get()")).matches("LookupError: <ContextVar name='variable' at 0x\\w+>");
        assertThat(python.repr("type(v.set(7)), v.get(), m.get(v)")).isEqualTo("(<class 'contextvars.Token'>, 7, 7)");
        assertThat(python.repr("m.new('d')")).matches("<ContextVar name='variable' default='d' at 0x\\w+>");
        assertThat(python.repr("type(v.set(1)).MISSING")).isEqualTo("<Token.MISSING>");
        assertThat(python.eval("v.__repr__()").toString()).startsWith("<ContextVar name='variable' at ");
        assertThat(python.raised("type(v)('x')")).isEqualTo("TypeError: cannot create 'ContextVar' instances");
        assertThat(python.raised("v.get(1, 2)")).isEqualTo("TypeError: get() takes 0 to 1 arguments (2 given)");
        assertThat(python.raised("v.set()")).isEqualTo("TypeError: set() takes 1 arguments (0 given)");
        assertThat(python.raised("v.set(value=1)")).isEqualTo("TypeError: set() takes no keyword arguments");
        assertThat(python.raised("type(v).get(5)"))
                .isEqualTo("TypeError: descriptor 'get' requires a 'ContextVar' object but received a 'int'");
        assertThat(python.raised("setattr(v, 'name', 1)")).isEqualTo("TypeError: readonly attribute");
        assertThat(python.repr("type(v).set(v, 9) is None, v.get(), callable(v.get), v.get.__self__ is v"))
                .isEqualTo("(False, 9, True, True)");
    }

    @Test
    void eachThreadHasItsOwnValue() {
        python.exec("token = m.set(v, 1)");

        assertThat(python.repr("in_thread(lambda: v.get('none here'))")).isEqualTo("'none here'");
        assertThat(python.repr("in_thread(lambda: (v.set(2), v.get())[1]), v.get()"))
                .isEqualTo("(2, 1)");
        assertThat(python.eval("in_thread(lambda: v.reset(token))").toString())
                .startsWith("ValueError: <Token var=")
                .endsWith("was created in a different Context");
    }

    @Test
    void anythingElseIsNoVariable() {
        for (String call : new String[] {"m.get(5)", "m.get('x', 1)", "m.set(None, 1)", "m.null()"}) {
            assertThat(python.raised(call)).isEqualTo("TypeError: an instance of ContextVar was expected");
        }
        assertThat(python.raised("m.nameless()"))
                .isEqualTo("SystemError: HPyContextVar_New: NULL where a C string is needed");
        assertThat(python.raised("m.closed([])")).contains("SystemError: ", "HPyContextVar_Get", "was closed");
    }
}
