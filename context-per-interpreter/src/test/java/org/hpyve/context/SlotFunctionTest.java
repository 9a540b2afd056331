package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Slots as the special methods that Python calls. */
class SlotFunctionTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

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
        python.loadTypes("Number Sequence Mapping Bad", "", """
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
}
