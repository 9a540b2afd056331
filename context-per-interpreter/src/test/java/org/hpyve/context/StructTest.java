package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** C code never meets an instance of an HPy type without its struct, however Python code made it. */
class StructTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadTypes() {
        python.load("""
                typedef struct { long value; } Small;
                HPyType_HELPERS(Small)
                typedef struct { long values[64]; } Large;
                HPyType_HELPERS(Large)

                static HPyType_Spec small_spec = {
                    .name = "m.Small", .basicsize = sizeof(Small), .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};
                static HPyType_Spec large_spec = {
                    .name = "m.Large", .basicsize = sizeof(Large), .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};

                HPyDef_METH(last, "last", HPyFunc_O)
                static HPy last_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromLong(ctx, Large_AsStruct(ctx, arg)->values[63]);
                }
                HPyDef_SLOT(start, HPy_mod_exec)
                static int start_impl(HPyContext *ctx, HPy module)
                {
                    return HPyHelpers_AddType(ctx, module, "Small", &small_spec, NULL)
                        && HPyHelpers_AddType(ctx, module, "Large", &large_spec, NULL) ? 0 : -1;
                }
                static HPyDef *module_defines[] = {&last, &start, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """);
    }

    @Test
    void anInstanceMadeByItsOwnTypeHasItsStruct() {
        assertThat(python.repr("m.last(m.Large())")).isEqualTo("0");
        assertThat(python.repr("m.last(type('Sub', (m.Large,), {})())")).isEqualTo("0");
    }

    @Test
    void anInstanceMadeByObjectNewIsRefused() {
        assertThat(python.raised("m.last(object.__new__(m.Large))"))
                .isEqualTo("TypeError: the 'Large' object was not made by Large.__new__()");
    }

    @Test
    void anInstanceThatIsBuiltUponABuiltInTypeIsRefused() {
        python.exec("class Both(dict, m.Large): pass");

        assertThat(python.raised("m.last(Both())"))
                .isEqualTo("TypeError: the 'Both' object was not made by Large.__new__()");
    }

    @Test
    void anInstanceWhoseClassWasChangedIsRefused() {
        python.exec("small = m.Small()\nsmall.__class__ = m.Large");

        assertThat(python.raised("m.last(small)"))
                .isEqualTo("TypeError: the 'Large' object was not made by Large.__new__()");
    }
}
