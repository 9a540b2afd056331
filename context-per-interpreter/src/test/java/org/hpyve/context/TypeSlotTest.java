package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the operators, functions and statements of Python do with slots. */
class TypeSlotTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String SLOTS = """
            /* A tuple of the slot's name and what it was called with. */
            static HPy told(HPyContext *ctx, const char *name, HPy a, HPy b, HPy c)
            {
                HPy h = HPyUnicode_FromString(ctx, name);
                HPy none = ctx->h_Ellipsis;
                HPy items[] = {h, a, HPy_IsNull(b) ? none : b, HPy_IsNull(c) ? none : c};
                HPy result = HPyTuple_FromArray(ctx, items, 4);
                HPy_Close(ctx, h);
                return result;
            }
            #define BINARY(SYM, SLOT)                                                                       \\
                HPyDef_SLOT(SYM, HPy_##SLOT)                                                                \\
                static HPy SYM##_impl(HPyContext *ctx, HPy a, HPy b)                                        \\
                {                                                                                           \\
                    if (HPyUnicode_Check(ctx, a) || HPyUnicode_Check(ctx, b))                               \\
                        return HPy_Dup(ctx, ctx->h_NotImplemented);                                         \\
                    return told(ctx, #SYM, a, b, HPy_NULL);                                                 \\
                }
            #define COUNTED(SYM, SLOT)                                                                      \\
                HPyDef_SLOT(SYM, HPy_##SLOT)                                                                \\
                static HPy SYM##_impl(HPyContext *ctx, HPy self, HPy_ssize_t n)                             \\
                {                                                                                           \\
                    HPy count = HPyLong_FromSsize_t(ctx, n);                                                \\
                    HPy result = told(ctx, #SYM, self, count, HPy_NULL);                                    \\
                    HPy_Close(ctx, count);                                                                  \\
                    return result;                                                                          \\
                }
            #define TYPE(NAME, ...)                                                                         \\
                static HPyDef *NAME##_defines[] = {__VA_ARGS__};                                            \\
                static HPyType_Spec NAME##_spec = {.name = "m." #NAME, .defines = NAME##_defines,           \\
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};

            HPyDef_SLOT(power, HPy_nb_power)
            static HPy power_impl(HPyContext *ctx, HPy a, HPy b, HPy c) { return told(ctx, "power", a, b, c); }
            HPyDef_SLOT(ipower, HPy_nb_inplace_power)
            static HPy ipower_impl(HPyContext *ctx, HPy a, HPy b, HPy c) { return told(ctx, "ipower", a, b, c); }
            BINARY(add, nb_add)
            BINARY(multiply, nb_multiply)
            TYPE(Number, &power, &add, NULL)
            BINARY(iadd, nb_inplace_add)
            BINARY(other_add, nb_add)
            TYPE(InPlace, &ipower, &iadd, &other_add, NULL)

            BINARY(concat, sq_concat)
            BINARY(iconcat, sq_inplace_concat)
            COUNTED(repeat, sq_repeat)
            COUNTED(irepeat, sq_inplace_repeat)
            TYPE(Sequence, &concat, &repeat, NULL)
            TYPE(InPlaceSequence, &concat, &iconcat, &repeat, &irepeat, NULL)
            TYPE(Both, &repeat, &concat, &multiply, &add, NULL)

            typedef struct { long items[3]; } Array;
            HPyType_HELPERS(Array)
            HPyDef_SLOT(length, HPy_sq_length)
            static HPy_ssize_t length_impl(HPyContext *ctx, HPy self) { return 3; }
            HPyDef_SLOT(item, HPy_sq_item)
            static HPy item_impl(HPyContext *ctx, HPy self, HPy_ssize_t i)
            {
                if (i < 0 || i > 2)
                    return HPyErr_SetString(ctx, ctx->h_IndexError, "no such item");
                return HPyLong_FromLong(ctx, Array_AsStruct(ctx, self)->items[i]);
            }
            HPyDef_SLOT(set_item, HPy_sq_ass_item)
            static int set_item_impl(HPyContext *ctx, HPy self, HPy_ssize_t i, HPy value)
            {
                long number = HPy_IsNull(value) ? -123 : HPyLong_AsLong(ctx, value);
                if (i < 0 || i > 2)
                    HPyErr_SetString(ctx, ctx->h_IndexError, "no such place");
                if (HPyErr_Occurred(ctx))
                    return -1;
                Array_AsStruct(ctx, self)->items[i] = number;
                return 0;
            }
            SPEC(Array, HPy_TPFLAGS_BASETYPE, &length, &item, &set_item, NULL)
            HPyDef_SLOT(echo, HPy_sq_item)
            static HPy echo_impl(HPyContext *ctx, HPy self, HPy_ssize_t i) { return HPyLong_FromSsize_t(ctx, i); }
            TYPE(Endless, &echo, NULL)
            HPyDef_SLOT(subscript, HPy_mp_subscript)
            static HPy subscript_impl(HPyContext *ctx, HPy self, HPy key) { return told(ctx, "key", key, HPy_NULL, HPy_NULL); }
            TYPE(Mapped, &echo, &subscript, &length, NULL)

            HPyDef_SLOT(compare, HPy_tp_richcompare)
            static HPy compare_impl(HPyContext *ctx, HPy a, HPy b, HPy_RichCmpOp op)
            {
                static const char *names[] = {"<", "<=", "==", "!=", ">", ">="};
                if (HPyUnicode_Check(ctx, b))
                    return HPy_Dup(ctx, ctx->h_NotImplemented);
                if (HPyList_Check(ctx, b))
                    return HPyErr_SetString(ctx, ctx->h_ValueError, "no lists");
                return told(ctx, names[op], a, b, HPy_NULL);
            }
            TYPE(Compared, &compare, NULL)
            HPyDef_SLOT(hash, HPy_tp_hash)
            static HPy_hash_t hash_impl(HPyContext *ctx, HPy self) { return -1; }
            TYPE(Hashed, &compare, &hash, NULL)

            typedef struct { long n; } Number5;
            HPyType_HELPERS(Number5)
            HPyDef_MEMBER(Number5_n, "n", HPyMember_LONG, offsetof(Number5, n))
            HPyDef_SLOT(truth, HPy_nb_bool)
            static int truth_impl(HPyContext *ctx, HPy self)
            {
                long n = Number5_AsStruct(ctx, self)->n;
                if (n == 666)
                    HPyErr_SetString(ctx, ctx->h_ValueError, "neither");
                return n >= 666 ? -1 : n != 0;
            }
            HPyDef_SLOT(index, HPy_nb_index)
            static HPy index_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, Number5_AsStruct(ctx, self)->n); }
            HPyDef_SLOT(integer, HPy_nb_int)
            static HPy integer_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, 42); }
            HPyDef_SLOT(real, HPy_nb_float)
            static HPy real_impl(HPyContext *ctx, HPy self) { return HPyFloat_FromDouble(ctx, 123.5); }
            SPEC(Number5, HPy_TPFLAGS_BASETYPE, &Number5_n, &truth, &index, &integer, &real, NULL)

            HPyDef_SLOT(repr, HPy_tp_repr)
            static HPy repr_impl(HPyContext *ctx, HPy self) { return HPyUnicode_FromString(ctx, "shown"); }
            TYPE(Shown, &repr, NULL)
            HPyDef_SLOT(str, HPy_tp_str)
            static HPy str_impl(HPyContext *ctx, HPy self) { return HPyUnicode_FromString(ctx, "\\xe2\\x82\\xac"); }
            TYPE(Text, &repr, &str, NULL)
            #define WRONG(SYM, SLOT) HPyDef_SLOT(SYM, HPy_##SLOT) \\
                static HPy SYM##_impl(HPyContext *ctx, HPy self) { return HPyTuple_Pack(ctx, 0); }
            WRONG(wrong_repr, tp_repr) WRONG(wrong_str, tp_str) WRONG(wrong_int, nb_int) WRONG(wrong_float, nb_float)
            WRONG(wrong_index, nb_index)
            TYPE(Wrong, &wrong_repr, &wrong_str, &wrong_int, &wrong_float, &wrong_index, NULL)

            HPyDef_SLOT(get, HPy_tp_descr_get)
            static HPy get_impl(HPyContext *ctx, HPy self, HPy object, HPy type) { return told(ctx, "get", self, object, type); }
            TYPE(Descriptor, &get, NULL)

            HPyDef_SLOT(contains, HPy_sq_contains)
            static int contains_impl(HPyContext *ctx, HPy self, HPy item)
            {
                long n = HPyLong_AsLong(ctx, item);
                return n == -1 && HPyErr_Occurred(ctx) ? -1 : n == 42 ? 7 : 0;
            }
            TYPE(Container, &contains, &item, NULL)
            """;

    @BeforeEach
    void loadSlots() {
        python.loadTypes(
                "Number InPlace Sequence InPlaceSequence Both Array Endless Mapped Compared Hashed Number5 Shown Text"
                        + " Wrong Descriptor Container",
                "",
                SLOTS);
        python.exec("""
                import operator
                n, i, s, t, b, a = Number(), InPlace(), Sequence(), InPlaceSequence(), Both(), Array()
                p, c, h, E = Number5(), Compared(), Hashed(), Ellipsis
                def after(f, *args):
                    'What the first argument has become.'
                    x = args[0]
                    if f == '+=': x += args[1]
                    if f == '*=': x *= args[1]
                    if f == '**=': x **= args[1]
                    return x
                """);
    }

    private void allHold(String... expressions) {
        for (String expression : expressions) {
            assertThat(python.repr(expression)).as(expression).isEqualTo("True");
        }
    }

    @Test
    void powerHasTwoOrThreeOperandsOnEitherSide() {
        allHold(
                "n ** 42 == ('power', n, 42, None)",
                "pow(n, 42) == ('power', n, 42, None)",
                "pow(n, 42, 123) == ('power', n, 42, 123)",
                "42 ** n == ('power', 42, n, None)",
                "2.5 ** n == ('power', 2.5, n, None)",
                "after('**=', n, 3) == ('power', n, 3, None)",
                "after('**=', i, 3) == ('ipower', i, 3, None)");
        assertThat(python.raised("i ** 2")).startsWith("TypeError: unsupported operand type");
    }

    @Test
    void inPlaceOperatorsFallBackToThePlainOnes() {
        allHold(
                "after('+=', i, 1) == ('iadd', i, 1, E)",
                "i + 1 == ('other_add', i, 1, E)",
                "after('+=', n, 1) == ('add', n, 1, E)",
                "after('+=', 1, n) == ('add', 1, n, E)",
                "after('+=', t, 1) == ('iconcat', t, 1, E)",
                "after('+=', s, 1) == ('concat', s, 1, E)",
                "after('*=', t, 2) == ('irepeat', t, 2, E)",
                "after('*=', s, 2) == ('repeat', s, 2, E)");
    }

    @Test
    void whatTheLeftOperandDoesNotKnowIsAskedOfTheRight() {
        allHold("n + i == ('add', n, i, E)", "i + n == ('other_add', i, n, E)", "[] + n == ('add', [], n, E)");
        assertThat(python.raised("n + u'x'")).startsWith("TypeError: unsupported operand type");
        assertThat(python.raised("u'x' + n")).startsWith("TypeError: ");
        assertThat(python.raised("after('+=', i, u'x')")).startsWith("TypeError: unsupported operand type");
        assertThat(python.raised("n - 1")).startsWith("TypeError: unsupported operand type");
        allHold("n.__add__(u'x') is NotImplemented", "n.__radd__(5) == ('add', 5, n, E)");
    }

    @Test
    void sequencesAreRepeatedFromBothSides() {
        allHold(
                "s * 3 == ('repeat', s, 3, E)",
                "3 * s == ('repeat', s, 3, E)",
                "s * -1 == ('repeat', s, -1, E)",
                "s * 2 ** 40 == ('repeat', s, 2 ** 40, E)",
                "s * True == ('repeat', s, 1, E)",
                "s + [] == ('concat', s, [], E)");
        assertThat(python.raised("s * 'x'")).startsWith("TypeError: ");
        assertThat(python.raised("s * 1.5")).startsWith("TypeError: ");
        assertThat(python.raised("s * 2 ** 70")).startsWith("OverflowError: ");
    }

    @Test
    void aNumbersSlotsGoBeforeASequences() {
        allHold("b + 1 == ('add', b, 1, E)", "b * 2 == ('multiply', b, 2, E)", "2 * b == ('multiply', 2, b, E)");
    }

    @Test
    void itemsAreSetAndDeletedByIndexAlsoFromTheEnd() {
        python.exec(
                "a[0] = 1; a[1] = 20; a[-1] = 300; first = list(a); a[-3] = 4; del a[-2]; second = list(a); del a[2]");

        assertThat(python.repr("first, second, list(a), a[-1], a[True], a[1L]"))
                .isEqualTo("([1, 20, 300], [4, -123, 300], [4, -123, -123], -123, -123, -123)");
        for (String bad : new String[] {"3", "-4", "100", "-2**40"}) {
            assertThat(python.raised("a[%s]".formatted(bad))).isEqualTo("IndexError: no such item");
            assertThat(python.raised("a.__setitem__(%s, 1)".formatted(bad))).isEqualTo("IndexError: no such place");
            assertThat(python.raised("a.__delitem__(%s)".formatted(bad))).isEqualTo("IndexError: no such place");
        }
        assertThat(python.raised("a.__setitem__(0, 'x')")).startsWith("TypeError: ");
        assertThat(python.raised("a.__setitem__('x', 0)")).startsWith("TypeError: ");
        assertThat(python.raised("a['x']")).startsWith("TypeError: ");
        assertThat(python.raised("operator.setitem(s, 0, 1)")).startsWith("TypeError: ");
        assertThat(python.raised("operator.delitem(s, 0)")).startsWith("TypeError: ");
    }

    @Test
    void anIndexIsCountedFromTheEndOnlyIfThereIsALength() {
        assertThat(python.repr("Endless()[-1], Endless()[2 ** 40], Endless()[-2 ** 62]"))
                .isEqualTo("(-1, 1099511627776L, -4611686018427387904L)");
        assertThat(python.raised("len(Endless())")).startsWith("TypeError: ");
    }

    @Test
    void aMappingsItemGoesBeforeASequences() {
        allHold(
                "Mapped()[1][1] == 1",
                "Mapped()[-1] == ('key', -1, E, E)",
                "Mapped()['x'][1] == 'x'",
                "Mapped()[1:2][1] == slice(1, 2, None)",
                "Mapped()[1, ...][1] == (1, E)");
    }

    @Test
    void itemsMakeATypeIterable() {
        python.exec("a[0] = 5; a[1] = 6; a[2] = 42; it = iter(a)");

        assertThat(python.repr("list(a), tuple(reversed(a)), next(it), 6 in a, 7 in a, max(a), zip(a, 'xyz'), len(a)"))
                .isEqualTo("([5, 6, 42], (42, 6, 5), 5, True, False, 42, [(5, 'x'), (6, 'y'), (42, 'z')], 3)");
    }

    @Test
    void containsAnswersWithATruthValueOrAnError() {
        assertThat(python.repr("42 in Container(), 41 in Container(), 41 not in Container()"))
                .isEqualTo("(True, False, True)");
        assertThat(python.raised("'x' in Container()")).startsWith("TypeError: ");
        assertThat(python.raised("1 in s")).startsWith("TypeError: ");
    }

    @Test
    void allSixComparisonsAreAskedOfTheSlot() {
        allHold(
                "[f(c, 1)[:3] for f in (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge)]"
                        + " == [(o, c, 1) for o in ('<', '<=', '==', '!=', '>', '>=')]",
                "[f(1, c)[:3] for f in (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge)]"
                        + " == [(o, c, 1) for o in ('>', '>=', '==', '!=', '<', '<=')]",
                "(c == u'x') is False and (c != u'x') is True",
                "c.__lt__(u'x') is NotImplemented");
        assertThat(python.raised("c == []")).isEqualTo("ValueError: no lists");
        assertThat(python.raised("[] < c")).isEqualTo("ValueError: no lists");
    }

    @Test
    void aTypeThatIsComparedHasNoHashUnlessItDefinesOne() {
        python.exec("class Sub(Compared): pass\nclass Again(Compared):\n    def __hash__(self): return 5");

        assertThat(python.repr("Compared.__hash__, hash(Again()), h.__hash__(), hash(n) == hash(n), {h: 1}[h]"))
                .isEqualTo("(None, 5, -1, True, 1)");
        for (String unhashable : new String[] {"hash(c)", "{c: 1}", "set([c])", "hash(Sub())"}) {
            assertThat(python.raised(unhashable)).as(unhashable).startsWith("TypeError: unhashable type: ");
        }
    }

    @Test
    void truthIsTheSlotsAndElseTheLengths() {
        python.exec("p.n = 2; q = Number5(); bad = Number5(); bad.n = 666; none = Number5(); none.n = 667");

        assertThat(python.repr("bool(p), bool(q), not q, 1 if q else 0, bool(a), bool(c), bool(s)"))
                .isEqualTo("(True, False, True, 0, True, True, True)");
        assertThat(python.raised("bool(bad)")).isEqualTo("ValueError: neither");
        assertThat(python.raised("bool(none)")).startsWith("SystemError: ").contains("without setting an exception");
    }

    @Test
    void numbersAreConvertedByTheirSlots() {
        python.exec("p.n = 2");

        assertThat(
                        python.repr(
                                "int(p), long(p) == 42, float(p), operator.index(p), 'abcdef'[p], 'abcdef'[p:], [0] * p, hex(p.n)"))
                .isEqualTo("(42, True, 123.5, 2, 'c', 'cdef', [0, 0], '0x2')");
        for (String wrong : new String[] {"int(w)", "float(w)", "operator.index(w)", "[0][w]"}) {
            python.exec("w = Wrong()");
            assertThat(python.raised(wrong)).as(wrong).startsWith("TypeError: ");
        }
        assertThat(python.raised("int(c)")).startsWith("TypeError: ");
        assertThat(python.raised("float(c)")).startsWith("TypeError: ");
    }

    @Test
    void textFormsAreTextAndStrIsReprIfThereIsNoOther() {
        python.exec("x, y, w = Shown(), Text(), Wrong()");

        allHold(
                "repr(x) == 'shown'",
                "str(x) == 'shown'",
                "'%s %r' % (x, x) == 'shown shown'",
                "unicode(x) == u'shown'");
        allHold("repr(y) == 'shown'", "unicode(y) == u'\\u20ac'", "u'%s' % y == u'\\u20ac'");
        assertThat(python.raised("repr(w)")).startsWith("TypeError: __repr__ returned non-string");
        assertThat(python.raised("str(w)")).startsWith("TypeError: __str__ returned non-string");
    }

    @Test
    void aDescriptorIsAskedForTheObjectAndItsType() {
        python.exec("d = Descriptor()\nclass Owner(object):\n    attribute = d\no = Owner()");

        allHold(
                "o.attribute == ('get', d, o, Owner)",
                "Owner.attribute == ('get', d, E, Owner)",
                "d.__get__(o) == ('get', d, o, E)",
                "d.__get__(None, Owner) == ('get', d, E, Owner)");
        assertThat(python.raised("d.__get__(None, None)")).isEqualTo("TypeError: __get__(None, None) is invalid");
        python.exec("o.attribute = 5");
        assertThat(python.repr("o.attribute")).as("it is no data descriptor").isEqualTo("5");
    }
}
