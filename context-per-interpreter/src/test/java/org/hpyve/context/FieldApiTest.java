package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HPyField in instances: objects that an instance refers to from its C struct. */
class FieldApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadPairs() {
        python.load("""
                typedef struct { HPyField a, b; } Pair;
                HPyType_HELPERS(Pair)
                HPyDef_SLOT(Pair_new, HPy_tp_new)
                static HPy Pair_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    Pair *pair;
                    HPy self = HPy_New(ctx, cls, &pair);
                    if (HPy_IsNull(self))
                        return HPy_NULL;
                    if (nargs > 0)
                        HPyField_Store(ctx, self, &pair->a, args[0]);
                    if (nargs > 1)
                        HPyField_Store(ctx, self, &pair->b, args[1]);
                    return self;
                }
                HPyDef_SLOT(Pair_traverse, HPy_tp_traverse)
                static int Pair_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
                {
                    Pair *pair = self;
                    HPy_VISIT(&pair->a);
                    HPy_VISIT(&pair->b);
                    return 0;
                }
                static HPy value(HPyContext *ctx, HPy self, HPyField field)
                {
                    if (HPyField_IsNull(field))
                        return HPyUnicode_FromString(ctx, "empty");
                    return HPyField_Load(ctx, self, field);
                }
                HPyDef_METH(get, "get", HPyFunc_NOARGS)
                static HPy get_impl(HPyContext *ctx, HPy self)
                {
                    Pair *pair = Pair_AsStruct(ctx, self);
                    HPy a = value(ctx, self, pair->a);
                    HPy b = value(ctx, self, pair->b);
                    HPy result = HPyTuple_Pack(ctx, 2, a, b);
                    HPy_Close(ctx, a);
                    HPy_Close(ctx, b);
                    return result;
                }
                HPyDef_METH(set, "set", HPyFunc_VARARGS)
                static HPy set_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    Pair *pair = Pair_AsStruct(ctx, self);
                    HPyField_Store(ctx, self, &pair->a, nargs > 0 ? args[0] : HPy_NULL);
                    HPyField_Store(ctx, self, &pair->b, nargs > 1 ? args[1] : HPy_NULL);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                /* A field whose content was made up. */
                HPyDef_METH(forge, "forge", HPyFunc_O)
                static HPy forge_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyField field = {(intptr_t)HPyLong_AsInt64_t(ctx, arg)};
                    HPy loaded = HPyField_Load(ctx, self, field);
                    if (!HPy_IsNull(loaded) || !HPyErr_Occurred(ctx))
                        return loaded;
                    HPyErr_Clear(ctx);
                    intptr_t before = field._i;
                    HPyField_Store(ctx, self, &field, arg);
                    if (HPyErr_Occurred(ctx) && field._i != before)
                        return HPyErr_SetString(ctx, ctx->h_AssertionError, "written although it failed");
                    return HPy_NULL;
                }
                HPyDef_METH(owner, "owner", HPyFunc_O)
                static HPy owner_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPyField field = HPyField_NULL;
                    HPyField_Store(ctx, arg, &field, self);
                    return HPy_NULL;
                }
                HPyDef_METH(bad, "bad", HPyFunc_NOARGS)
                static HPy bad_impl(HPyContext *ctx, HPy self)
                {
                    HPyField_Store(ctx, self, &Pair_AsStruct(ctx, self)->a, (HPy){0x4711});
                    return HPy_NULL;
                }
                static HPyDef *Pair_defines[] = {&Pair_new, &Pair_traverse, &get, &set, &forge, &owner, &bad, NULL};
                static HPyType_Spec Pair_spec = {
                    .name = "m.Pair", .basicsize = sizeof(Pair), .builtin_shape = SHAPE(Pair), .defines = Pair_defines,
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC};
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    return HPyHelpers_AddType(ctx, module, "Pair", &Pair_spec, NULL) ? 0 : -1;
                }
                static HPyDef *module_defines[] = {&exec, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """);
        python.exec("P = m.Pair");
    }

    @Test
    void aFieldKeepsItsObject() {
        loadPairs();
        python.exec("o = object(); p = P(o, 2 ** 70)");

        assertThat(python.repr("p.get()[0] is o, p.get()[1] == 2 ** 70")).isEqualTo("(True, True)");
        assertThat(python.repr("P().get(), P(1).get(), P(None, 2.5).get()"))
                .isEqualTo("((u'empty', u'empty'), (1, u'empty'), (None, 2.5))");
    }

    @Test
    void aFieldIsOverwrittenAndEmptied() {
        loadPairs();
        python.exec("p = P('a', 'b')");

        assertThat(python.repr("p.set('c'), p.get(), p.set('d', 'e'), p.get(), p.set(), p.get(), p.set(1, 2), p.get()"))
                .isEqualTo("(None, ('c', u'empty'), None, ('d', 'e'), None, (u'empty', u'empty'), None, (1, 2))");
    }

    @Test
    void instancesDoNotShareFields() {
        loadPairs();
        python.exec("ps = [P(i, -i) for i in range(500)]");

        assertThat(python.repr("[p.get() for p in ps] == [(i, -i) for i in range(500)]"))
                .isEqualTo("True");
    }

    @Test
    void instancesOfPythonSubclassesHaveFields() {
        loadPairs();
        python.exec("class S(P):\n    pass\ns = S([1], 2); s.extra = 3");

        assertThat(python.repr("s.get(), s.extra, type(s) is S")).isEqualTo("(([1], 2), 3, True)");
    }

    @Test
    void cyclesThroughFieldsAreCollected() {
        loadPairs();
        python.exec("""
                import gc, time, weakref
                p = P(); q = P(p, None); p.set(q, p)
                w = weakref.ref(p)
                del p, q
                for i in range(100):
                    gc.collect()
                    if w() is None:
                        break
                    time.sleep(0.02)
                """);

        assertThat(python.repr("w() is None")).isEqualTo("True");
    }

    @Test
    void aFieldThatIsNotOneOfTheObjectIsASystemError() {
        loadPairs();
        python.exec("p = P(1, 2)");

        for (String forged : new String[] {"3", "1000", "-1", "2 ** 32 + 1", "2 ** 32", "2 ** 46"}) {
            assertThat(python.raised("p.forge(" + forged + ")"))
                    .startsWith("SystemError: ")
                    .contains("HPyField");
        }
        assertThat(python.repr("p.get()")).isEqualTo("(1, 2)");
        assertThat(python.raised("p.owner(5)")).isEqualTo("SystemError: HPyField_Store: bad argument of type 'int'");
        assertThat(python.raised("p.bad()")).startsWith("SystemError: ").contains("HPyField_Store", "0x");
    }
}
