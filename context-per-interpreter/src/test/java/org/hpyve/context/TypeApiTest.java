package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Types of the object shape: struct, slots, methods, attributes, construction, destruction, subclasses. */
class TypeApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String ADD_TYPES = """
            static bool add(HPyContext *ctx, HPy module, const char *name, HPyType_Spec *spec, HPy base)
            {
                HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, base}, {0, HPy_NULL}};
                HPy type = HPyType_FromSpec(ctx, spec, HPy_IsNull(base) ? NULL : params);
                if (HPy_IsNull(type))
                    return false;
                int status = HPy_SetAttr_s(ctx, module, name, type);
                HPy_Close(ctx, type);
                return status == 0;
            }
            """;

    private void loadPoint() {
        python.load(ADD_TYPES + """
                typedef struct { int64_t x, y; } Point;
                HPyType_HELPERS(Point)
                HPyDef_SLOT(Point_new, HPy_tp_new)
                static HPy Point_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    Point *point;
                    HPy self = HPy_New(ctx, cls, &point);
                    if (HPy_IsNull(self))
                        return HPy_NULL;
                    if (point->x != 0 || point->y != 0)
                        HPyErr_SetString(ctx, ctx->h_AssertionError, "not zeroed");
                    point->x = nargs > 0 ? HPyLong_AsInt64_t(ctx, args[0]) : 0;
                    point->y = nargs > 1 ? HPyLong_AsInt64_t(ctx, args[1]) : 0;
                    if (!HPy_IsNull(kw)) {
                        HPy y = HPy_GetItem_s(ctx, kw, "y");
                        if (!HPy_IsNull(y))
                            point->y = HPyLong_AsInt64_t(ctx, y);
                        HPy_Close(ctx, y);
                    }
                    if (!HPyErr_Occurred(ctx))
                        return self;
                    HPy_Close(ctx, self);
                    return HPy_NULL;
                }
                HPyDef_METH(norm, "norm", HPyFunc_NOARGS, .doc = "The square of the length.")
                static HPy norm_impl(HPyContext *ctx, HPy self)
                {
                    Point *p = Point_AsStruct(ctx, self);
                    return HPyLong_FromInt64_t(ctx, p->x * p->x + p->y * p->y);
                }
                HPyDef_METH(dot, "dot", HPyFunc_O)
                static HPy dot_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    Point *p = Point_AsStruct(ctx, self);
                    return HPyLong_FromInt64_t(ctx, p->x * HPyLong_AsInt64_t(ctx, arg));
                }
                HPyDef_METH(names, "names", HPyFunc_KEYWORDS)
                static HPy names_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    if (HPy_IsNull(kwnames))
                        return HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs);
                    return HPy_Dup(ctx, kwnames);
                }
                HPyDef_METH(closes, "closes", HPyFunc_NOARGS)
                static HPy closes_impl(HPyContext *ctx, HPy self)
                {
                    HPy_Close(ctx, self);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                HPyDef_GETSET(x, "x", .doc = "Across.", .closure = (void *)1)
                static HPy x_get(HPyContext *ctx, HPy self, void *closure)
                {
                    return HPyLong_FromInt64_t(ctx, Point_AsStruct(ctx, self)->x * (intptr_t)closure);
                }
                static int x_set(HPyContext *ctx, HPy self, HPy value, void *closure)
                {
                    if (HPy_IsNull(value)) {
                        HPyErr_SetString(ctx, ctx->h_TypeError, "x cannot be deleted");
                        return -1;
                    }
                    int64_t x = HPyLong_AsInt64_t(ctx, value);
                    if (x == -1 && HPyErr_Occurred(ctx))
                        return -1;
                    if (x == 666)
                        return -1;
                    if (x == 667)
                        HPy_Close(ctx, self);
                    Point_AsStruct(ctx, self)->x = x;
                    return 0;
                }
                HPyDef_GET(y, "y")
                static HPy y_get(HPyContext *ctx, HPy self, void *closure)
                {
                    return HPyLong_FromInt64_t(ctx, Point_AsStruct(ctx, self)->y);
                }
                HPyDef_SET(z, "z")
                static int z_set(HPyContext *ctx, HPy self, HPy value, void *closure)
                {
                    Point_AsStruct(ctx, self)->y = HPy_IsNull(value) ? -1 : HPyLong_AsInt64_t(ctx, value);
                    return 0;
                }
                static HPyDef *Point_defines[] = {&Point_new, &norm, &dot, &names, &closes, &x, &y, &z, NULL};
                static HPyType_Spec Point_spec = {
                    .name = "some.where.Point", .basicsize = sizeof(Point), .builtin_shape = SHAPE(Point),
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE,
                    .defines = Point_defines, .doc = "Two numbers."};
                static HPyType_Spec Plain_spec = {
                    .name = "m.Plain", .basicsize = 64, .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};
                static HPyType_Spec Empty_spec = {.name = "Empty", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    return add(ctx, module, "Point", &Point_spec, HPy_NULL)
                        && add(ctx, module, "Plain", &Plain_spec, HPy_NULL)
                        && add(ctx, module, "Empty", &Empty_spec, HPy_NULL) ? 0 : -1;
                }
                HPyDef_METH(new_of, "new_of", HPyFunc_O)
                static HPy new_of_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    void *data = NULL;
                    HPy h = _HPy_New(ctx, arg, &data);
                    if (HPy_IsNull(h))
                        return data ? HPyErr_SetString(ctx, ctx->h_AssertionError, "a struct of nothing") : HPy_NULL;
                    HPy generic = HPyType_GenericNew(ctx, arg, NULL, 0, HPy_NULL);
                    HPy result = HPyTuple_Pack(ctx, 2, h, generic);
                    HPy_Close(ctx, h);
                    HPy_Close(ctx, generic);
                    return result;
                }
                HPyDef_METH(about, "about", HPyFunc_VARARGS)
                static HPy about_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy type = HPy_Type(ctx, args[0]);
                    const char *name = HPyType_GetName(ctx, type);
                    HPy text = HPyUnicode_FromString(ctx, name);
                    HPy checks = HPyLong_FromInt32_t(ctx, HPy_TypeCheck(ctx, args[0], args[1]) * 100
                        + HPyType_IsSubtype(ctx, type, args[1]) * 10 + (_HPyType_GetBuiltinShape(ctx, type) == 0));
                    HPy result = HPyTuple_Pack(ctx, 3, type, text, checks);
                    HPy_Close(ctx, type);
                    HPy_Close(ctx, text);
                    HPy_Close(ctx, checks);
                    if (!HPyErr_Occurred(ctx))
                        return result;
                    HPy_Close(ctx, result);
                    return HPy_NULL;
                }
                static HPyDef *module_defines[] = {&exec, &new_of, &about, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """);
        python.exec("P = m.Point");
    }

    @Test
    void aTypeHasTheNameModuleAndDocOfItsSpec() {
        loadPoint();

        assertThat(python.repr("P.__name__, P.__module__, P.__doc__, type(P) is type, P.__bases__"))
                .isEqualTo("('Point', 'some.where', 'Two numbers.', True, (<type 'object'>,))");
        assertThat(python.repr("m.Plain.__module__, m.Plain.__doc__, m.Empty.__name__"))
                .isEqualTo("('m', None, 'Empty')");
        assertThat(python.repr("isinstance(m.Empty(), m.Empty), isinstance(m.Plain(), m.Plain)"))
                .isEqualTo("(True, True)");
    }

    @Test
    void theStructOfAnInstanceBelongsToItAlone() {
        loadPoint();
        python.exec("ps = [P(i, 2 * i) for i in range(300)]");

        assertThat(python.repr("[(p.x, p.y) for p in ps] == [(i, 2 * i) for i in range(300)]"))
                .isEqualTo("True");
        assertThat(python.repr(
                        "P(3, 4).norm(), P(3, y=4).norm(), P().norm(), P(2).dot(21), P().names(1, 2), P().names(a=1)"))
                .isEqualTo("(25, 25, 0, 42, (1, 2), (u'a',))");
        assertThat(python.raised("P('a')")).startsWith("TypeError: ");
    }

    @Test
    void attributesAreReadWrittenAndDeletedByC() {
        loadPoint();
        python.exec("p = P(1, 2); p.x = 5; p.z = 7");

        assertThat(python.repr("p.x, p.y")).isEqualTo("(5, 7)");
        python.exec("del p.z");
        assertThat(python.repr("p.y, P.x.__name__, P.x.__doc__")).isEqualTo("(-1, 'x', 'Across.')");
        assertThat(python.raised("delattr(p, 'x')")).isEqualTo("TypeError: x cannot be deleted");
        assertThat(python.raised("setattr(p, 'x', 'a')")).startsWith("TypeError: ");
        assertThat(python.raised("setattr(p, 'y', 1)"))
                .startsWith("AttributeError: ")
                .contains("'y'", "not writable");
        assertThat(python.raised("p.z")).startsWith("AttributeError: ").contains("'z'", "not readable");
        assertThat(python.raised("setattr(p, 'x', 666)"))
                .startsWith("SystemError: ")
                .contains("some.where.Point.x() returned an error without setting an exception");
    }

    @Test
    void methodsAreCheckedAsModuleFunctionsAre() {
        loadPoint();

        assertThat(python.raised("P().norm(1)")).isEqualTo("TypeError: norm() takes no arguments (1 given)");
        assertThat(python.raised("P().dot()")).isEqualTo("TypeError: dot() takes exactly one argument (0 given)");
        assertThat(python.repr("P.norm(P(1, 1)), P.norm.__name__, P.norm.__doc__, P().norm.__self__.x"))
                .isEqualTo("(2, 'norm', 'The square of the length.', 0)");
        assertThat(python.raised("P().closes()"))
                .startsWith("SystemError: ")
                .contains("some.where.Point.closes() closed the handle of one of its arguments");
        assertThat(python.raised("P.norm()")).startsWith("TypeError: descriptor 'norm'");
    }

    @Test
    void cFunctionsOfATypeGetNoOtherSelf() {
        loadPoint();
        python.exec("class Other(object):\n    pass\n");

        assertThat(python.raised("P.norm(5)"))
                .isEqualTo("TypeError: descriptor 'norm' requires a 'some.where.Point' object but received a 'int'");
        assertThat(python.raised("P.norm(m.Plain())")).startsWith("TypeError: descriptor 'norm' requires");
        python.exec("Other.x = P.x; Other.norm = P.norm");
        assertThat(python.raised("Other().x")).startsWith("TypeError: descriptor 'x' requires");
        assertThat(python.raised("setattr(Other(), 'x', 5)")).startsWith("TypeError: descriptor 'x' requires");
        assertThat(python.raised("Other().norm()")).startsWith("TypeError: descriptor 'norm' requires");
        python.exec("class DictFirst(dict, P):\n    pass\n");
        assertThat(python.raised("object.__new__(P).norm()"))
                .isEqualTo("TypeError: the 'Point' object was not made by Point.__new__()");
        assertThat(python.raised("DictFirst().norm()"))
                .isEqualTo("TypeError: the 'DictFirst' object was not made by Point.__new__()");
        assertThat(python.raised("P.__new__(int)"))
                .isEqualTo("TypeError: some.where.Point.__new__(int): int is not a subtype of some.where.Point");
        assertThat(python.raised("P.__new__(5)")).startsWith("TypeError: ");
        assertThat(python.raised("P.__new__()")).startsWith("TypeError: ");
        assertThat(python.raised("m.Plain.__new__(P)")).startsWith("TypeError: m.Plain.__new__(Point)");
    }

    @Test
    void pythonClassesCanDerive() {
        loadPoint();
        python.exec("""
                class S(P):
                    def __init__(self, *args):
                        self.args = args
                    def norm(self):
                        return P.norm(self) + 1000
                class Q(m.Plain):
                    def __init__(self, a):
                        self.a = a
                class Both(P, m.Plain):
                    pass
                class WithEmpty(m.Empty, P):
                    pass
                s = S(3, 4)
                """);

        assertThat(python.repr("s.norm(), s.args, s.x, isinstance(s, P), type(s) is S, Q(5).a"))
                .isEqualTo("(1025, (3, 4), 3, True, True, 5)");
        assertThat(python.raised("Both()")).startsWith("TypeError: multiple bases have instance lay-out conflict");
    }

    @Test
    void newGivesInstancesOfItsTypesOnly() {
        loadPoint();
        python.exec("class S(P):\n    pass\n");

        assertThat(python.repr("[type(x).__name__ for t in (P, S, m.Plain, m.Empty) for x in m.new_of(t)]"))
                .isEqualTo("['Point', 'Point', 'S', 'S', 'Plain', 'Plain', 'Empty', 'Empty']");
        assertThat(python.raised("m.Plain(1)")).isEqualTo("TypeError: Plain() takes no arguments");
        assertThat(python.raised("m.Plain(a=1)")).isEqualTo("TypeError: Plain() takes no arguments");
        assertThat(python.raised("m.new_of(int)")).startsWith("TypeError: HPy_New: 'int'");
        assertThat(python.raised("m.new_of(5)")).startsWith("TypeError: ");
    }

    @Test
    void aTypeIsKnownByItsChecks() {
        loadPoint();
        python.exec("class S(P):\n    pass\n");

        assertThat(python.repr(
                        "m.about(P(), P)[1:], m.about(S(), P)[1:], m.about(S(), m.Plain)[1:], m.about(5, int)[1:]"))
                .isEqualTo("((u'Point', 111), (u'S', 111), (u'S', 1), (u'int', 110))");
        assertThat(python.repr("m.about(P(), P)[0] is P, m.about(None, object)[0] is type(None)"))
                .isEqualTo("(True, True)");
        assertThat(python.raised("m.about(5, 5)")).startsWith("TypeError: ").contains("is not a type");
    }

    private void loadSlots() {
        StringBuilder slots = new StringBuilder();
        StringBuilder defines = new StringBuilder();
        String binary = "nb_add nb_and nb_divmod nb_floor_divide nb_lshift nb_multiply nb_or nb_remainder nb_rshift"
                + " nb_subtract nb_true_divide nb_xor nb_matrix_multiply nb_inplace_add nb_inplace_and"
                + " nb_inplace_floor_divide nb_inplace_lshift nb_inplace_multiply nb_inplace_or nb_inplace_remainder"
                + " nb_inplace_rshift nb_inplace_subtract nb_inplace_true_divide nb_inplace_xor"
                + " nb_inplace_matrix_multiply";
        for (String slot : binary.split(" ")) {
            slots.append("""
                    HPyDef_SLOT(%1$s, HPy_%1$s)
                    static HPy %1$s_impl(HPyContext *ctx, HPy a, HPy b) { return named(ctx, "%1$s", a, b); }
                    """.formatted(slot));
            defines.append("&").append(slot).append(", ");
        }
        for (String slot : "nb_absolute nb_invert nb_negative nb_positive tp_repr tp_str".split(" ")) {
            slots.append("""
                    HPyDef_SLOT(%1$s, HPy_%1$s)
                    static HPy %1$s_impl(HPyContext *ctx, HPy a) { return HPyBytes_FromString(ctx, "%1$s"); }
                    """.formatted(slot));
            defines.append("&").append(slot).append(", ");
        }
        python.load(ADD_TYPES + """
                typedef struct { int32_t n; } Number;
                HPyType_HELPERS(Number)
                static HPy number_type(HPyContext *ctx, HPy h)
                {
                    HPy type = HPy_Type(ctx, h);
                    HPy result = HPy_GetAttr_s(ctx, type, "__name__");
                    HPy_Close(ctx, type);
                    return result;
                }
                static HPy named(HPyContext *ctx, const char *slot, HPy a, HPy b)
                {
                    if (HPyUnicode_Check(ctx, b))
                        return HPy_Dup(ctx, ctx->h_NotImplemented);
                    HPy h[] = {HPyBytes_FromString(ctx, slot), number_type(ctx, a), number_type(ctx, b)};
                    HPy result = HPyTuple_FromArray(ctx, h, 3);
                    for (int i = 0; i < 3; i++)
                        HPy_Close(ctx, h[i]);
                    return result;
                }
                """ + slots + """
                HPyDef_SLOT(nb_bool, HPy_nb_bool)
                static int nb_bool_impl(HPyContext *ctx, HPy self) { return Number_AsStruct(ctx, self)->n != 0; }
                HPyDef_SLOT(nb_int, HPy_nb_int)
                static HPy nb_int_impl(HPyContext *ctx, HPy self)
                {
                    return HPyLong_FromInt32_t(ctx, Number_AsStruct(ctx, self)->n);
                }
                HPyDef_SLOT(nb_index, HPy_nb_index)
                static HPy nb_index_impl(HPyContext *ctx, HPy self) { return HPyLong_FromInt32_t(ctx, 3); }
                HPyDef_SLOT(nb_float, HPy_nb_float)
                static HPy nb_float_impl(HPyContext *ctx, HPy self) { return HPyFloat_FromDouble(ctx, 1.5); }
                HPyDef_SLOT(tp_hash, HPy_tp_hash)
                static HPy_hash_t tp_hash_impl(HPyContext *ctx, HPy self) { return 1234; }
                HPyDef_SLOT(tp_call, HPy_tp_call)
                static HPy tp_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    HPy names = HPy_IsNull(kwnames) ? HPy_Dup(ctx, ctx->h_None) : HPy_Dup(ctx, kwnames);
                    HPy all = HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs);
                    HPy result = HPyTuple_Pack(ctx, 2, all, names);
                    HPy_Close(ctx, names);
                    HPy_Close(ctx, all);
                    return result;
                }
                HPyDef_SLOT(tp_init, HPy_tp_init)
                static int tp_init_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    if (nargs > 1) {
                        HPyErr_SetString(ctx, ctx->h_TypeError, "one at most");
                        return -1;
                    }
                    HPy n = HPy_IsNull(kw) ? HPy_NULL : HPy_GetItem_s(ctx, kw, "n");
                    Number_AsStruct(ctx, self)->n = nargs ? HPyLong_AsInt32_t(ctx, args[0])
                                                  : HPy_IsNull(n) ? 0 : HPyLong_AsInt32_t(ctx, n);
                    HPy_Close(ctx, n);
                    return HPyErr_Occurred(ctx) ? -1 : 0;
                }
                HPyDef_SLOT(tp_richcompare, HPy_tp_richcompare)
                static HPy tp_richcompare_impl(HPyContext *ctx, HPy a, HPy b, HPy_RichCmpOp op)
                {
                    HPy type = HPy_Type(ctx, a);
                    bool same = HPy_TypeCheck(ctx, b, type);
                    HPy_Close(ctx, type);
                    if (!same)
                        return HPy_Dup(ctx, ctx->h_NotImplemented);
                    HPy_RETURN_RICHCOMPARE(ctx, Number_AsStruct(ctx, a)->n, Number_AsStruct(ctx, b)->n, op);
                }
                static HPyDef *Number_defines[] = {&nb_bool, &nb_int, &nb_index, &nb_float, &tp_hash, &tp_call,
                                                   &tp_init, &tp_richcompare, %s NULL};
                static HPyType_Spec Number_spec = {
                    .name = "m.Number", .basicsize = sizeof(Number), .defines = Number_defines,
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};

                /* A sequence of five that tells the index it is asked for, and a mapping besides. */
                HPyDef_SLOT(sq_length, HPy_sq_length)
                static HPy_ssize_t sq_length_impl(HPyContext *ctx, HPy self) { return 5; }
                HPyDef_SLOT(sq_item, HPy_sq_item)
                static HPy sq_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t index)
                {
                    if (index < 0 || index >= 5)
                        return HPyErr_SetString(ctx, ctx->h_IndexError, "out of it");
                    return HPyLong_FromSsize_t(ctx, index);
                }
                HPyDef_SLOT(sq_concat, HPy_sq_concat)
                static HPy sq_concat_impl(HPyContext *ctx, HPy a, HPy b) { return named(ctx, "sq_concat", a, b); }
                HPyDef_SLOT(sq_repeat, HPy_sq_repeat)
                static HPy sq_repeat_impl(HPyContext *ctx, HPy self, HPy_ssize_t n)
                {
                    return HPyLong_FromSsize_t(ctx, n);
                }
                HPyDef_SLOT(sq_contains, HPy_sq_contains)
                static int sq_contains_impl(HPyContext *ctx, HPy self, HPy item)
                {
                    int32_t n = HPyLong_AsInt32_t(ctx, item);
                    return n == -1 && HPyErr_Occurred(ctx) ? -1 : n == 42;
                }
                static HPyDef *Sequence_defines[] = {&sq_length, &sq_item, &sq_concat, &sq_repeat, &sq_contains, NULL};
                static HPyType_Spec Sequence_spec = {
                    .name = "m.Sequence", .flags = HPy_TPFLAGS_DEFAULT, .defines = Sequence_defines};
                HPyDef_SLOT(mp_length, HPy_mp_length)
                static HPy_ssize_t mp_length_impl(HPyContext *ctx, HPy self) { return 7; }
                HPyDef_SLOT(mp_subscript, HPy_mp_subscript)
                static HPy mp_subscript_impl(HPyContext *ctx, HPy self, HPy key) { return HPyTuple_Pack(ctx, 1, key); }
                HPyDef_SLOT(mp_ass_subscript, HPy_mp_ass_subscript)
                static int mp_ass_subscript_impl(HPyContext *ctx, HPy self, HPy key, HPy value)
                {
                    HPy args[] = {key, HPy_IsNull(value) ? ctx->h_Ellipsis : value};
                    HPy told = HPyTuple_FromArray(ctx, args, 2);
                    HPyErr_SetObject(ctx, ctx->h_KeyError, told);
                    HPy_Close(ctx, told);
                    return -1;
                }
                static HPyDef *Mapping_defines[] = {&sq_length, &sq_item, &mp_length, &mp_subscript,
                                                    &mp_ass_subscript, NULL};
                static HPyType_Spec Mapping_spec = {
                    .name = "m.Mapping", .flags = HPy_TPFLAGS_DEFAULT, .defines = Mapping_defines};

                HPyDef_SLOT(bad_length, HPy_sq_length)
                static HPy_ssize_t bad_length_impl(HPyContext *ctx, HPy self) { return -1; }
                HPyDef_SLOT(bad_repr, HPy_tp_repr)
                static HPy bad_repr_impl(HPyContext *ctx, HPy self)
                {
                    HPyErr_SetString(ctx, ctx->h_ValueError, "and yet");
                    return HPyBytes_FromString(ctx, "text");
                }
                HPyDef_SLOT(bad_contains, HPy_sq_contains)
                static int bad_contains_impl(HPyContext *ctx, HPy self, HPy item)
                {
                    HPy_Close(ctx, item);
                    return 1;
                }
                static HPyDef *Bad_defines[] = {&bad_length, &bad_repr, &bad_contains, NULL};
                static HPyType_Spec Bad_spec = {.name = "m.Bad", .flags = HPy_TPFLAGS_DEFAULT, .defines = Bad_defines};
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    return add(ctx, module, "Number", &Number_spec, HPy_NULL)
                        && add(ctx, module, "Sequence", &Sequence_spec, HPy_NULL)
                        && add(ctx, module, "Mapping", &Mapping_spec, HPy_NULL)
                        && add(ctx, module, "Bad", &Bad_spec, HPy_NULL) ? 0 : -1;
                }
                static HPyDef *module_defines[] = {&exec, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """.formatted(defines));
        python.exec("N = m.Number; n = N(5); q = m.Sequence(); g = m.Mapping(); bad = m.Bad()");
    }

    @Test
    void everyOperatorCallsItsOwnSlot() {
        loadSlots();
        python.exec("""
                import operator as o
                names = dict(o.__dict__)
                def slot(f, *args):
                    return f(*args)[0]
                wanted = dict(add='add', and_='and', floordiv='floor_divide', lshift='lshift', mul='multiply', or_='or',
                              mod='remainder', rshift='rshift', sub='subtract', truediv='true_divide', xor='xor')
                wrong = [(k, slot(getattr(o, k), n, n)) for k, v in wanted.items()
                         if slot(getattr(o, k), n, n) != 'nb_' + v]
                inplace = dict(iadd='add', iand='and', ifloordiv='floor_divide', ilshift='lshift', imul='multiply',
                               ior='or', imod='remainder', irshift='rshift', isub='subtract', itruediv='true_divide', ixor='xor')
                wrong += [(k, slot(getattr(o, k), n, n)) for k, v in inplace.items()
                          if slot(getattr(o, k), n, n) != 'nb_inplace_' + v]
                """);

        assertThat(python.repr("wrong")).isEqualTo("[]");
        assertThat(python.repr("divmod(n, n)[0], (n / n)[0], n.__matmul__(n)[0], n.__imatmul__(1)[0]"))
                .isEqualTo("('nb_divmod', 'nb_true_divide', 'nb_matrix_multiply', 'nb_inplace_matrix_multiply')");
        assertThat(python.repr("abs(n), ~n, -n, +n, repr(n), str(n)"))
                .isEqualTo("('nb_absolute', 'nb_invert', 'nb_negative', 'nb_positive', 'tp_repr', 'tp_str')");
        assertThat(python.repr("n + 1, 1 + n, 2.5 << n, n ^ [], divmod(3, n)"))
                .isEqualTo(
                        "(('nb_add', 'Number', 'int'), ('nb_add', 'int', 'Number'), ('nb_lshift', 'float', 'Number'),"
                                + " ('nb_xor', 'Number', 'list'), ('nb_divmod', 'int', 'Number'))");
        assertThat(python.raised("n + u'text'")).startsWith("TypeError: unsupported operand type");
    }

    @Test
    void conversionsHashTruthCallsAndComparisonsAreSlots() {
        loadSlots();

        assertThat(python.repr("int(n), long(n) == 5, float(n), bool(n), bool(N()), hash(n), [0, 1, 2, 'third'][n]"))
                .isEqualTo("(5, True, 1.5, True, False, 1234, 'third')");
        assertThat(python.repr("n(), n(1, 2), n(1, a=2, b=3)"))
                .isEqualTo("(((), None), ((1, 2), None), ((1,), (u'a', u'b')))");
        assertThat(python.repr(
                        "N(1) < N(2), N(2) <= N(1), N(1) == N(1), N(1) != N(1), N(3) > N(2), N(1) >= N(2), n == 5"))
                .isEqualTo("(True, False, True, False, True, False, False)");
        assertThat(python.repr("int(N(n=9)), int(N(**{'n': 8}))")).isEqualTo("(9, 8)");
        assertThat(python.raised("N(1, 2)")).isEqualTo("TypeError: one at most");
        assertThat(python.raised("N([])")).startsWith("TypeError: ");
    }

    @Test
    void sequencesAndMappingsAreSlots() {
        loadSlots();

        assertThat(python.repr("len(q), q[0], q[4], q[-1], q[-5], list(q), q * 3, 4 * q, 42 in q, 41 in q"))
                .isEqualTo("(5, 0, 4, 4, 0, [0, 1, 2, 3, 4], 3, 4, True, False)");
        assertThat(python.repr("q + 1")).isEqualTo("('sq_concat', 'Sequence', 'int')");
        assertThat(python.raised("q[5]")).isEqualTo("IndexError: out of it");
        assertThat(python.raised("q[-6]")).isEqualTo("IndexError: out of it");
        assertThat(python.raised("q[2 ** 64]")).startsWith("OverflowError: ");
        assertThat(python.raised("q['a']")).startsWith("TypeError: ");
        assertThat(python.raised("'a' in q")).startsWith("TypeError: ");
        assertThat(python.repr("len(g), g['k'], g[-1]")).isEqualTo("(7, ('k',), (-1,))");
        assertThat(python.raised("g.__setitem__('k', 'v')")).isEqualTo("KeyError: ('k', 'v')");
        assertThat(python.raised("g.__delitem__('k')")).isEqualTo("KeyError: ('k', Ellipsis)");
    }

    @Test
    void slotsThatEndWronglyAreSystemErrors() {
        loadSlots();

        assertThat(python.raised("len(bad)"))
                .startsWith("SystemError: ")
                .contains("m.Bad.__len__() returned an error without setting an exception");
        assertThat(python.raised("repr(bad)"))
                .startsWith("SystemError: ")
                .contains("m.Bad.__repr__() returned a result with an exception set: ValueError: and yet");
        assertThat(python.raised("[] in bad"))
                .startsWith("SystemError: ")
                .contains("m.Bad.__contains__() closed the handle of one of its arguments");
        assertThat(python.raised("N.__add__(5, n)")).startsWith("TypeError: descriptor '__add__' requires");
        assertThat(python.raised("N.__init__(5)")).startsWith("TypeError: descriptor '__init__' requires");
        assertThat(python.raised("N.__len__(n)")).startsWith("AttributeError: ");
        assertThat(python.raised("N.__repr__()")).startsWith("TypeError: ");
        assertThat(python.raised("N.__repr__(n, 1)")).startsWith("TypeError: ");
    }

    private static final String DERIVED = ADD_TYPES + """
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
        python.load(DERIVED + """
                HPyDef_METH(destroyed, "destroyed", HPyFunc_NOARGS)
                static HPy destroyed_impl(HPyContext *ctx, HPy self)
                {
                    return HPyLong_FromInt64_t(ctx, base_destroyed);
                }
                HPyDef_METH(small, "small", HPyFunc_O)
                static HPy small_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return add(ctx, self, "Small", &Small_spec, arg) ? HPy_Dup(ctx, ctx->h_None) : HPy_NULL;
                }
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    if (!add(ctx, module, "Base", &Base_spec, HPy_NULL))
                        return -1;
                    HPy base = HPy_GetAttr_s(ctx, module, "Base");
                    bool added = add(ctx, module, "Derived", &Derived_spec, base)
                              && add(ctx, module, "Same", &Same_spec, base);
                    HPy_Close(ctx, base);
                    return added ? 0 : -1;
                }
                static HPyDef *module_defines[] = {&exec, &destroyed, &small, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
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
