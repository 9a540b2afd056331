package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.Py;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyTuple;

/** Which module opened a handle that stays open, and what it is of. */
class OpenHandlesTest {

    /** Everything in it leaves a handle open. */
    private static final String MODULE = """
            typedef struct { int unused; } Leaky;
            HPyType_HELPERS(Leaky)

            HPyDef_METH(keep, "keep", HPyFunc_O)
            static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPy_Dup(ctx, arg);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(make, "make", HPyFunc_NOARGS)
            static HPy make_impl(HPyContext *ctx, HPy self)
            {
                HPyList_New(ctx, 0);
                HPyList_New(ctx, 0);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(around, "around", HPyFunc_O)
            static HPy around_impl(HPyContext *ctx, HPy self, HPy function)
            {
                HPyDict_New(ctx);
                HPy result = HPy_CallTupleDict(ctx, function, HPy_NULL, HPy_NULL);
                HPyDict_New(ctx);
                return result;
            }
            HPyDef_METH(constant, "constant", HPyFunc_NOARGS)
            static HPy constant_impl(HPyContext *ctx, HPy self)
            {
                HPy_Dup(ctx, ctx->h_True);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(method, "method", HPyFunc_NOARGS)
            static HPy method_impl(HPyContext *ctx, HPy self) { return make_impl(ctx, self); }
            HPyDef_GET(attribute, "attribute")
            static HPy attribute_get(HPyContext *ctx, HPy self, void *closure) { return make_impl(ctx, self); }
            HPyDef_SLOT(length, HPy_sq_length)
            static HPy_ssize_t length_impl(HPyContext *ctx, HPy self)
            {
                HPy_Close(ctx, make_impl(ctx, self));
                return 0;
            }
            HPyDef_SLOT(finalize, HPy_tp_finalize)
            static void finalize_impl(HPyContext *ctx, HPy self) { HPy_Close(ctx, make_impl(ctx, self)); }
            static HPyDef *type_defines[] = {&method, &attribute, &length, &finalize, NULL};
            static HPyType_Spec Leaky_spec = {.name = "m.Leaky", .basicsize = sizeof(Leaky), .defines = type_defines};

            HPyDef_SLOT(execute, HPy_mod_exec)
            static int execute_impl(HPyContext *ctx, HPy module)
            {
                HPyTuple_FromArray(ctx, &module, 1);
                return HPyHelpers_AddType(ctx, module, "Leaky", &Leaky_spec, NULL) ? 0 : -1;
            }
            static HPyDef *module_defines[] = {&keep, &make, &around, &constant, &execute, NULL};
            static HPyModuleDef module_def = {.defines = module_defines};
            HPy_MODINIT(m, module_def)
            """;

    /** What loading leaves. */
    private static final OpenHandles LOADED = new OpenHandles("tuple", "a.m", 1);

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private InterpreterContext context;
    private PyObject module;

    @BeforeEach
    void load() {
        context = new InterpreterContext("leaky", Py.getSystemState(), false);
        module = load("a.m");
    }

    private PyObject load(String name) {
        return context.modules().load(name, python.compiled(MODULE), Py.None);
    }

    @AfterEach
    void whatIsOpenAtCloseIsWhatLeaks() {
        List<OpenHandles> open = context.openHandles();
        context.close();
        assertThat(context.leakedHandles()).containsAll(open);
        assertThat(context.leakedHandles().stream()
                        .mapToLong(OpenHandles::count)
                        .sum())
                .isEqualTo(context.leaks().handles());
    }

    @Test
    void handlesOfArgumentsAndOfNewObjectsAreTheModules() {
        module.invoke("keep", new PyTuple());
        module.invoke("keep", new PyTuple());
        module.invoke("make");
        module.invoke("keep", Py.newInteger(5));

        assertThat(context.openHandles())
                .containsExactly(new OpenHandles("tuple", "a.m", 3), new OpenHandles("list", "a.m", 2));
    }

    @Test
    void nothingIsListedThatIsClosedOrPermanent() {
        assertThat(python.context().openHandles()).isEmpty();
        assertThat(context.openHandles()).containsExactly(LOADED);
    }

    @Test
    void furtherHandlesOfAConstantAreNobodys() {
        module.invoke("constant");

        assertThat(context.openHandles()).containsExactlyInAnyOrder(LOADED, new OpenHandles("bool", "", 1));
    }

    @Test
    void aCallInsideACallCountsForTheInnerModule() {
        PyObject other = load("b.m");
        module.invoke("around", other.__getattr__("make"));

        assertThat(context.openHandles())
                .containsExactlyInAnyOrder(
                        LOADED,
                        new OpenHandles("tuple", "b.m", 1),
                        new OpenHandles("dict", "a.m", 2),
                        new OpenHandles("list", "b.m", 2));
    }

    @Test
    void functionsOfATypeBelongToTheModuleThatMadeIt() {
        PyObject other = load("b.m");
        PyObject instance = module.__getattr__("Leaky").__call__();
        instance.invoke("method");
        instance.__getattr__("attribute");
        instance.__len__();
        module.invoke("around", other.__getattr__("Leaky").__call__().__getattr__("method"));

        assertThat(context.openHandles())
                .contains(new OpenHandles("list", "a.m", 6), new OpenHandles("list", "b.m", 2));
        context.close();
        assertThat(context.leakedHandles())
                .as("with finalizers, which are called at close")
                .contains(new OpenHandles("list", "a.m", 8), new OpenHandles("list", "b.m", 4));
        context = new InterpreterContext("another", Py.getSystemState(), false);
    }

    @Test
    void aSubclassIsListedByItsOwnName() {
        module.invoke("keep", new PyList());
        python.exec("class Special(list): pass");
        module.invoke("keep", python.eval("Special()"));

        assertThat(context.openHandles())
                .contains(new OpenHandles("list", "a.m", 1), new OpenHandles("Special", "a.m", 1));
    }
}
