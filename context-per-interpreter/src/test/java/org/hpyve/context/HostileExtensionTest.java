package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.python.core.PyException;

/** What a faulty extension does becomes an exception that names it; nothing is lost and the JVM lives. */
class HostileExtensionTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadWithDefinition(String definition) {
        python.load("""
                %s
                static HPyDef *module_defines[] = {&bad, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """.formatted(definition));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HPyDef bad = {.kind = HPyDef_Kind_Meth, .meth = {.name = \"f\", .signature = HPyFunc_NOARGS}};",
                "HPyDef bad = {.kind = HPyDef_Kind_Meth, .meth = {.signature = HPyFunc_NOARGS}};",
                "HPyDef bad = {.kind = HPyDef_Kind_Slot, .slot = {.slot = HPy_mod_exec}};"
            })
    void aDefinitionWithoutNameOrFunctionIsRefusedWhenTheModuleIsLoaded(String definition) {
        assertThatThrownBy(() -> loadWithDefinition(definition))
                .isInstanceOf(PyException.class)
                .hasMessageContaining("SystemError: m: an HPyDef without a ");
    }

    @Test
    void aNullCStringIsRefusedInTheNameOfTheFunction() {
        python.loadFunctions("get:O set:O item:O warn:NOARGS make:NOARGS", """
                static const char *none; /* not a literal, which the compiler would warn of */
                static HPy get_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_GetAttr_s(ctx, arg, none); }
                static HPy item_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_GetItem_s(ctx, arg, none); }
                static HPy set_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPy_SetAttr_s(ctx, arg, none, arg) < 0 ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy warn_impl(HPyContext *ctx, HPy self)
                {
                    return HPyErr_WarnEx(ctx, ctx->h_UserWarning, none, 1) < 0 ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy make_impl(HPyContext *ctx, HPy self)
                {
                    return HPyErr_NewException(ctx, "m.\\u00e9\\u65e5", HPy_NULL, HPy_NULL);
                }
                """);

        String needed = ": NULL where a C string is needed";
        assertThat(python.raised("m.get([])")).isEqualTo("SystemError: HPy_GetAttr_s" + needed);
        assertThat(python.raised("m.item({})")).isEqualTo("SystemError: HPy_GetItem_s" + needed);
        assertThat(python.raised("m.set(m)")).isEqualTo("SystemError: HPy_SetAttr_s" + needed);
        assertThat(python.repr("m.make().__name__.decode('utf-8')")).isEqualTo("u'\\xe9\\u65e5'");
    }

    @Test
    void anArgumentThatIsReturnedWithoutDupIsFoundOut() {
        python.loadFunctions("steal:O", "static HPy steal_impl(HPyContext *ctx, HPy self, HPy arg) { return arg; }");

        assertThat(python.raised("m.steal([])"))
                .startsWith("SystemError: interpreter ")
                .endsWith("m.steal() closed the handle of one of its arguments, or returned it without HPy_Dup");
    }

    @Test
    void theContextsOwnHandleOfAConstantCannotBeClosed() {
        python.loadFunctions("close:NOARGS", """
                static HPy close_impl(HPyContext *ctx, HPy self)
                {
                    HPy_Close(ctx, ctx->h_None);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_True);
                }
                """);

        assertThat(python.raised("m.close()"))
                .startsWith("SystemError: interpreter ")
                .endsWith(" is the context's own, of a constant");
        assertThat(python.repr("[None]")).isEqualTo("[None]");
    }

    @Test
    void aModuleIsTheSelfOfItsFunctions() {
        python.loadFunctions("isself:O", """
                static HPy isself_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBool_FromBool(ctx, HPy_Is(ctx, self, arg));
                }
                """);

        assertThat(python.repr("m.isself(m)")).isEqualTo("True");
        assertThat(python.repr("m.isself([])")).isEqualTo("False");
    }

    @Test
    void anExceptionThatWasClearedDoesNotComeBackAtTheEndOfTheStack() {
        python.loadFunctions("deep:O", """
                static HPy deep_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyErr_SetString(ctx, ctx->h_ValueError, "cleared");
                    HPyErr_Clear(ctx);
                    return HPy_Call(ctx, arg, &arg, 1, HPy_NULL);
                }
                """);

        assertThat(python.raised("m.deep(m.deep)")).startsWith("RuntimeError: ");
    }

    @Test
    void anotherThreadCanNeitherLoadNorMakeInstances() {
        python.load("""
                typedef struct { long value; } Thing;
                HPyType_HELPERS(Thing)
                static HPyType_Spec thing_spec = {
                    .name = "m.Thing", .basicsize = sizeof(Thing), .flags = HPy_TPFLAGS_DEFAULT};
                HPyDef_SLOT(start, HPy_mod_exec)
                static int start_impl(HPyContext *ctx, HPy module)
                {
                    return HPyHelpers_AddType(ctx, module, "Thing", &thing_spec, NULL) ? 0 : -1;
                }
                static HPyDef *module_defines[] = {&start, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """);

        String made =
                CompletableFuture.supplyAsync(() -> python.raised("m.Thing()")).join();
        String loaded = CompletableFuture.supplyAsync(() -> {
                    try {
                        python.context().modules().load("m", java.nio.file.Path.of("m.hpy0.so"), null);
                        return "loaded";
                    } catch (PyException e) {
                        return e.getMessage();
                    }
                })
                .join();

        assertThat(made).startsWith("RuntimeError: interpreter ").contains("m.Thing.__new__() called on thread");
        assertThat(loaded).startsWith("RuntimeError: interpreter ").contains("m.HPyInit() called on thread");
    }

    @Test
    void keywordsComeFromTheDictItselfWhateverItsClassSays() {
        python.loadFunctions("call:VARARGS", """
                static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    return HPy_CallTupleDict(ctx, args[0], HPy_NULL, args[1]);
                }
                """);
        python.exec("""
                class Odd(dict):
                    def __iter__(self): return iter('abcdef')
                    def __len__(self): return 1
                    def __getitem__(self, key): return 'changed'
                """);

        assertThat(python.repr("m.call(dict, Odd(x=1, y=2)) == {'x': 1, 'y': 2}"))
                .isEqualTo("True");
    }
}
