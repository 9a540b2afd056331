package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.Py;
import org.python.core.PyObject;

/** HPyGlobal variables. */
class GlobalApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String MODULE = """
            static HPyGlobal first, second, unregistered;
            HPyDef_METH(store, "store", HPyFunc_VARARGS)
            static HPy store_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                HPyGlobal_Store(ctx, &first, args[0]);
                HPyGlobal_Store(ctx, &second, nargs > 1 ? args[1] : HPy_NULL);
                return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
            }
            static HPy value(HPyContext *ctx, HPyGlobal global)
            {
                HPy h = HPyGlobal_Load(ctx, global);
                return HPy_IsNull(h) && !HPyErr_Occurred(ctx) ? HPyUnicode_FromString(ctx, "empty") : h;
            }
            HPyDef_METH(load, "load", HPyFunc_NOARGS)
            static HPy load_impl(HPyContext *ctx, HPy self)
            {
                HPy h[] = {value(ctx, first), value(ctx, second)};
                HPy result = HPyTuple_FromArray(ctx, h, 2);
                HPy_Close(ctx, h[0]);
                HPy_Close(ctx, h[1]);
                return result;
            }
            HPyDef_METH(stray, "stray", HPyFunc_O)
            static HPy stray_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                if (HPy_Is(ctx, arg, ctx->h_None))
                    return HPyGlobal_Load(ctx, unregistered);
                HPyGlobal_Store(ctx, &unregistered, arg);
                return HPy_NULL;
            }
            HPyDef_METH(bad, "bad", HPyFunc_NOARGS)
            static HPy bad_impl(HPyContext *ctx, HPy self)
            {
                HPyGlobal_Store(ctx, &first, (HPy){0x4711});
                return HPy_NULL;
            }
            static HPyDef *module_defines[] = {&store, &load, &stray, &bad, NULL};
            static HPyGlobal *module_globals[] = {&first, &second, NULL};
            static HPyModuleDef module_def = {.defines = module_defines, .globals = module_globals};
            """;

    @Test
    void aGlobalKeepsAnObjectBetweenCalls() {
        python.load(MODULE + "HPy_MODINIT(m, module_def)\n");
        python.exec("o = object()");

        assertThat(python.repr("m.load()")).isEqualTo("(u'empty', u'empty')");
        assertThat(python.repr("m.store(o, 2.5), m.load()[0] is o, m.load()[1]"))
                .isEqualTo("(None, True, 2.5)");
        assertThat(python.repr("m.store(1, 2 ** 70), m.load()")).isEqualTo("(None, (1, 1180591620717411303424L))");
        assertThat(python.repr("m.store('x'), m.load()")).isEqualTo("(None, ('x', u'empty'))");
    }

    @Test
    void everyModuleHasItsOwn() {
        python.load("m", MODULE + "HPy_MODINIT(m, module_def)\n");
        python.load("n", MODULE + "HPy_MODINIT(n, module_def)\n");

        assertThat(python.repr("m.store(1, 2), n.store(3, 4), m.load(), n.load()"))
                .isEqualTo("(None, None, (1, 2), (3, 4))");
    }

    @Test
    void everyInterpreterHasItsOwn() {
        python.load(MODULE + "HPy_MODINIT(m, module_def)\n");
        InterpreterContext other = new InterpreterContext("other", Py.getSystemState(), false);
        try {
            PyObject there =
                    other.modules().load("m", Path.of(python.eval("m.__file__").toString()), Py.None);
            python.exec("m.store('here', 1)");
            there.invoke("store", Py.newString("there"));

            assertThat(python.repr("m.load()")).isEqualTo("('here', 1)");
            assertThat(there.invoke("load").__repr__().toString()).isEqualTo("('there', u'empty')");
        } finally {
            other.close();
        }
        assertThat(other.leaks().none()).isTrue();
    }

    @Test
    void misuseIsASystemError() {
        python.load(MODULE + "HPy_MODINIT(m, module_def)\n");

        assertThat(python.raised("m.stray(None)")).startsWith("SystemError: ").contains("HPyGlobal");
        assertThat(python.raised("m.stray(5)")).startsWith("SystemError: ").contains("HPyGlobal");
        assertThat(python.raised("m.bad()")).startsWith("SystemError: ").contains("HPyGlobal_Store", "0x");
        assertThat(python.repr("m.load()")).isEqualTo("(u'empty', u'empty')");
    }
}
