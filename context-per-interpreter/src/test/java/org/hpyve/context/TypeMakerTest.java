package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Specifications of types: inheritance of struct and destruction, and what cannot be. */
class TypeMakerTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String DERIVED = """
            typedef struct { int64_t a; } Base;
            HPyType_HELPERS(Base)
            typedef struct { Base base; int64_t b; } Derived;
            HPyType_HELPERS(Derived)
            static int64_t base_destroyed;
            HPyDef_SLOT(Base_destroy, HPy_tp_destroy)
            static void Base_destroy_impl(void *data) { base_destroyed += ((Base *)data)->a; }
            HPyDef_GETSET(a, "a")
            static HPy a_get(HPyContext *ctx, HPy self, void *closure)
            {
                return HPyLong_FromInt64_t(ctx, Base_AsStruct(ctx, self)->a);
            }
            static int a_set(HPyContext *ctx, HPy self, HPy value, void *closure)
            {
                Base_AsStruct(ctx, self)->a = HPyLong_AsInt64_t(ctx, value);
                return 0;
            }
            static HPyDef *Base_defines[] = {&Base_destroy, &a, NULL};
            static HPyType_Spec Base_spec = {.name = "m.Base", .basicsize = sizeof(Base),
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Base_defines};
            HPyDef_SET(b, "b")
            static int b_set(HPyContext *ctx, HPy self, HPy value, void *closure)
            {
                Derived_AsStruct(ctx, self)->b = HPyLong_AsInt64_t(ctx, value);
                return 0;
            }
            static HPyDef *Derived_defines[] = {&b, NULL};
            static HPyType_Spec Derived_spec = {.name = "m.Derived", .basicsize = sizeof(Derived),
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Derived_defines};
            static HPyType_Spec Same_spec = {.name = "m.Same", .flags = HPy_TPFLAGS_DEFAULT};
            static HPyType_Spec Small_spec = {.name = "m.Small", .basicsize = 4, .flags = HPy_TPFLAGS_DEFAULT};
            """;

    @Test
    void typesDeriveFromTypesWithTheirStructsAndDestruction() {
        python.loadTypes("Base Derived:Base Same:Base", "destroyed:NOARGS small:O", DERIVED + """
                static HPy destroyed_impl(HPyContext *ctx, HPy self)
                {
                    return HPyLong_FromInt64_t(ctx, base_destroyed);
                }
                static HPy small_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return add_type(ctx, self, "Small", &Small_spec, arg) ? HPy_Dup(ctx, ctx->h_None) : HPy_NULL;
                }
                """);
        python.exec("""
                import gc, time
                d = m.Derived(); d.b = 9; d.a = 30
                s = m.Same(); s.a = 12
                class P(m.Derived):
                    pass
                p = P(); p.b = 1; p.a = 100
                kept = (d.a, s.a, p.a, isinstance(d, m.Base))
                del d, s, p
                def collected():
                    for i in range(200):
                        gc.collect()
                        if m.destroyed() == 142:
                            break
                        time.sleep(0.02)
                    return m.destroyed()
                """);

        assertThat(python.repr("kept")).isEqualTo("(30, 12, 100, True)");
        assertThat(python.repr("collected()")).isEqualTo("142");
        assertThat(python.raised("m.small(m.Base)"))
                .startsWith("TypeError: m.Small: HPyType_Spec.basicsize (4) is too small");
        assertThat(python.raised("m.small(5)")).startsWith("TypeError: ");
    }

    @Test
    void definitionsThatCannotBeAreRejected() {
        python.load("""
                HPyDef_SLOT(item, HPy_sq_item)
                static HPy item_impl(HPyContext *ctx, HPy self, HPy_ssize_t i) { return HPy_NULL; }
                static HPy no_impl(HPyContext *ctx, HPy self) { return HPy_NULL; }
                static HPyDef wrong = {.kind = HPyDef_Kind_Meth, .meth = {.name = "wrong",
                    .impl = (HPyCFunction)(void (*)(void))no_impl, .signature = HPyFunc_UNARYFUNC}};
                static HPyDef *wrong_defines[] = {&item, &wrong, NULL};
                static HPyDef odd = {.kind = 9};
                static HPyDef *odd_defines[] = {&odd, NULL};
                static HPyType_Spec specs[] = {
                    {.name = NULL, .flags = HPy_TPFLAGS_DEFAULT},
                    {.name = "m.A", .itemsize = -8, .flags = HPy_TPFLAGS_DEFAULT},
                    {.name = "m.B", .basicsize = -8, .flags = HPy_TPFLAGS_DEFAULT},
                    {.name = "m.C", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC},
                    {.name = "m.D", .builtin_shape = HPyType_BuiltinShape_Legacy},
                    {.name = "m.E", .legacy_slots = specs},
                    {.name = "m.F", .defines = wrong_defines},
                    {.name = "m.G"},
                    {.name = "m.H", .defines = odd_defines},
                };
                HPyDef_METH(make, "make", HPyFunc_VARARGS)
                static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPyType_SpecParam params[] = {
                        {nargs > 1 ? HPyType_SpecParam_BasesTuple : 0, nargs > 1 ? args[1] : HPy_NULL}, {0, HPy_NULL}};
                    return HPyType_FromSpec(ctx, &specs[HPyLong_AsInt32_t(ctx, args[0])], params);
                }
                static HPyDef *module_defines[] = {&make, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """);

        assertThat(python.raised("m.make(0)")).isEqualTo("ValueError: HPyType_Spec without a name");
        assertThat(python.raised("m.make(1)")).startsWith("ValueError: m.A: ").contains("itemsize");
        assertThat(python.raised("m.make(2)")).startsWith("ValueError: m.B: ").contains("basicsize");
        assertThat(python.raised("m.make(3)")).startsWith("ValueError: ").contains("HPy_tp_traverse", "'m.C'");
        assertThat(python.raised("m.make(4)")).startsWith("TypeError: m.D: legacy");
        assertThat(python.raised("m.make(5)")).startsWith("TypeError: m.E: legacy");
        assertThat(python.raised("m.make(6)")).isEqualTo("ValueError: Unsupported HPyMeth signature");
        assertThat(python.raised("m.make(8)")).isEqualTo("SystemError: m.H: unknown kind of HPyDef: 9");
        assertThat(python.raised("m.make(7, 5)")).startsWith("TypeError: ").contains("bases must be a tuple");
        assertThat(python.raised("m.make(7, (5,))")).startsWith("TypeError: ");
        assertThat(python.repr("m.make(7, (object,)).__name__, m.make(7).__name__"))
                .isEqualTo("('G', 'G')");
    }
}
