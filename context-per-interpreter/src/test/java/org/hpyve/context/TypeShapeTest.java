package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Types that are built upon a built-in type: both its value and a C struct, each whole. */
class TypeShapeTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Types with the same struct upon each shape; functions of the module which look into it. */
    private static final String SHAPES = """
            #define SHAPED(NAME, KIND)                                                                      \\
                typedef struct { long mark; long double wide; char tail[24]; } NAME;                        \\
                HPyType_HELPERS(NAME, HPyType_BuiltinShape_##KIND)                                          \\
                HPyDef_MEMBER(NAME##_mark, "mark", HPyMember_LONG, offsetof(NAME, mark))                    \\
                HPyDef_METH_IMPL(NAME##_bytes, "bytes", NAME##_bytes_impl, HPyFunc_NOARGS)                  \\
                static HPy NAME##_bytes_impl(HPyContext *ctx, HPy self)                                     \\
                {                                                                                           \\
                    NAME *data = NAME##_AsStruct(ctx, self);                                                \\
                    int sum = (int)((intptr_t)data % 16);                                                   \\
                    for (size_t i = 0; i < sizeof(NAME); i++)                                               \\
                        sum += ((unsigned char *)data)[i];                                                  \\
                    return HPyLong_FromLong(ctx, sum);                                                      \\
                }                                                                                           \\
                HPyDef_METH_IMPL(NAME##_fill, "fill", NAME##_fill_impl, HPyFunc_O)                          \\
                static HPy NAME##_fill_impl(HPyContext *ctx, HPy self, HPy arg)                             \\
                {                                                                                           \\
                    NAME *data = NAME##_AsStruct(ctx, self);                                                \\
                    for (size_t i = 0; i < sizeof(NAME); i++)                                               \\
                        ((unsigned char *)data)[i] = (unsigned char)HPyLong_AsLong(ctx, arg);               \\
                    return HPy_Dup(ctx, self);                                                              \\
                }                                                                                           \\
                SPEC(NAME, HPy_TPFLAGS_BASETYPE, &NAME##_mark, &NAME##_bytes, &NAME##_fill, NULL)
            SHAPED(Object, Object)
            SHAPED(Int, Long)
            SHAPED(Float, Float)
            SHAPED(Text, Unicode)
            SHAPED(Tuple, Tuple)
            SHAPED(List, List)
            SHAPED(Dict, Dict)
            SHAPED(Meta, Type)

            typedef struct { Int base; long more; } Derived;
            HPyType_HELPERS(Derived, HPyType_BuiltinShape_Long)
            HPyDef_MEMBER(Derived_more, "more", HPyMember_LONG, offsetof(Derived, more))
            SPEC(Derived, HPy_TPFLAGS_BASETYPE, &Derived_more, NULL)

            static HPy new_impl(HPyContext *ctx, HPy self, HPy type)
            {
                Object *data;
                HPy object = HPy_New(ctx, type, &data);
                if (HPy_IsNull(object))
                    return HPy_NULL;
                data->mark += 77;
                return object;
            }
            static HPy generic_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                return HPyType_GenericNew(ctx, args[0], args + 1, (HPy_ssize_t)nargs - 1, HPy_NULL);
            }
            static HPy shape_impl(HPyContext *ctx, HPy self, HPy type)
            {
                return HPyLong_FromLong(ctx, _HPyType_GetBuiltinShape(ctx, type));
            }
            static HPy checks_impl(HPyContext *ctx, HPy self, HPy h)
            {
                return HPyLong_FromLong(ctx, HPy_TypeCheck(ctx, h, ctx->h_LongType) + 10 * HPyNumber_Check(ctx, h)
                    + 100 * HPyUnicode_Check(ctx, h) + 1000 * HPyTuple_Check(ctx, h) + 10000 * HPyList_Check(ctx, h)
                    + 100000 * HPyDict_Check(ctx, h));
            }
            static HPy sum_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                HPy_ssize_t size;
                const char *text = HPyUnicode_AsUTF8AndSize(ctx, args[2], &size);
                return HPyFloat_FromDouble(ctx, (double)HPyLong_AsLong(ctx, args[0]) + HPyFloat_AsDouble(ctx, args[1])
                    + (double)size + text[0] + (double)HPy_Length(ctx, args[3]));
            }
            static HPy put_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                if (HPyList_Append(ctx, args[0], args[2]) < 0 || HPy_SetItem(ctx, args[1], args[2], args[2]) < 0)
                    return HPy_NULL;
                return HPy_Dup(ctx, args[0]);
            }
            static HPy derive_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                HPyType_SpecParam params[] = {
                    {HPyType_SpecParam_Base, args[0]}, {nargs > 1 ? HPyType_SpecParam_Base : 0, args[nargs - 1]}, {0, HPy_NULL}};
                return HPyType_FromSpec(ctx, &Int_spec, params);
            }
            """;

    @BeforeEach
    void loadShapes() {
        python.loadTypes(
                "Object Int:h_LongType Float:h_FloatType Text:h_UnicodeType Tuple:h_TupleType List:h_ListType"
                        + " Dict:h_DictType Meta:h_TypeType Derived:Int",
                "new:O generic:VARARGS shape:O checks:O sum:VARARGS put:VARARGS derive:VARARGS",
                SHAPES);
        python.exec("""
                types = [Object, Int, Float, Text, Tuple, List, Dict]
                builtins = [object, int, float, unicode, tuple, list, dict]
                values = [Object(), Int(42), Float(1.5), Text(u'a\\u20ac'), Tuple([1, 'b']), List('ab'), Dict({'k': 1})]
                plain = [None, 42, 1.5, u'a\\u20ac', (1, 'b'), ['a', 'b'], {'k': 1}]
                """);
    }

    @Test
    void aTypeIsASubclassOfTheBuiltInTypeOfItsShape() {
        assertThat(python.repr("[t.__bases__ == (b,) and issubclass(t, b) for t, b in zip(types, builtins)]"))
                .isEqualTo("[True, True, True, True, True, True, True]");
        assertThat(python.repr("[isinstance(v, t) and type(v) is t for v, t in zip(values, types)]"))
                .isEqualTo("[True, True, True, True, True, True, True]");
        assertThat(python.repr("issubclass(Meta, type), type(Meta) is type, issubclass(Derived, (Int,)), Int.__name__"))
                .isEqualTo("(True, True, True, 'Int')");
    }

    @Test
    void instancesHaveTheValueTheyAreMadeOf() {
        assertThat(python.repr("[v == p for v, p in zip(values, plain)][1:]"))
                .isEqualTo("[True, True, True, True, True, True]");
        assertThat(python.repr("Int(), Float(), Text(), Tuple(), List(), Dict()"))
                .isEqualTo("(0, 0.0, u'', (), [], {})");
        assertThat(python.repr("Int('11', 3), Float('2.5'), Text(5), Tuple('xy'), Dict(a=1), Dict([(1, 2)], b=3)"))
                .isEqualTo("(4, 2.5, u'5', ('x', 'y'), {'a': 1}, {1: 2, 'b': 3})");
        assertThat(python.raised("Int('x')")).startsWith("ValueError: ");
        assertThat(python.raised("Tuple(5)")).startsWith("TypeError: ");
        assertThat(python.raised("Object(5)")).startsWith("TypeError: ");
    }

    @Test
    void theStructIsZeroedAlignedAndTheInstancesOwn() {
        python.exec("""
                many = [[t() for i in range(400)] for t in types]
                clean = [o.bytes() for row in many for o in row]
                for row in many:
                    for i, o in enumerate(row):
                        o.fill(i % 256).mark = i
                marks = [[o.mark for o in row] == range(400) for row in many]
                """);

        assertThat(python.repr("set(clean)")).isEqualTo("set([0])");
        assertThat(python.repr("marks")).isEqualTo("[True, True, True, True, True, True, True]");
        assertThat(python.repr("[t() == o for t, row in zip(types, many) for o in row[399:]][1:]"))
                .as("the value is beside the struct, not in it")
                .isEqualTo("[True, True, True, True, True, True]");
    }

    @Test
    void equalValuesAreDifferentInstances() {
        python.exec("a = Int(5); b = Int(5); a.mark = 1; b.mark = 2\n"
                + "s = Text(u'x'); t = Text(s); s.mark = 3\n"
                + "u = Tuple(); v = Tuple(u); u.mark = 4");

        assertThat(python.repr("a == b, a is b, a.mark, b.mark, s.mark, t.mark, u.mark, v.mark"))
                .isEqualTo("(True, False, 1, 2, 3, 0, 4, 0)");
        assertThat(python.repr("type(t) is Text, type(v) is Tuple")).isEqualTo("(True, True)");
    }

    @Test
    void anInstanceIsTheValueForPythonAndForC() {
        python.exec("""
                i, f, t = Int(6), Float(1.5), Text(u'ab')
                l, d, u = List([3, 1, 2]), Dict(a=1), Tuple((1, 2))
                i.mark = l.mark = d.mark = 9
                l.append(0); l.sort(); l += [7]; d['b'] = 2; del d['a']
                """);

        assertThat(python.repr("i + 1, 1 - i, i * i, -i, i % 4, i << 1, hash(i) == hash(6), {6: 'x'}[i], 'abcdefg'[i]"))
                .isEqualTo("(7, -5, 36, -6, 2, 12, True, 'x', 'g')");
        assertThat(python.repr("type(i + 1), type(i * i), type(-i), type(t + t), type(u + u), type(u[:1])"))
                .isEqualTo("(<type 'int'>, <type 'int'>, <type 'int'>, <type 'unicode'>, <type 'tuple'>,"
                        + " <type 'tuple'>)");
        assertThat(python.repr("f * 2, t.upper(), t + u'c', len(t), u[1], list(l), l.mark, dict(d), d.mark, i.mark"))
                .isEqualTo("(3.0, u'AB', u'abc', 2, 2, [0, 1, 2, 3, 7], 9, {'b': 2}, 9, 9)");
        assertThat(python.repr("[m.checks(v) for v in values]")).isEqualTo("[0, 11, 10, 100, 1000, 10000, 100000]");
        assertThat(python.repr("m.sum(i, f, t, u), m.put(l, d, 8) is l, l[-1], d[8]"))
                .isEqualTo("(108.5, True, 8, 8)");
    }

    @Test
    void theShapeOfATypeIsThatOfItsSpecification() {
        assertThat(python.repr("[m.shape(t) for t in types + [Meta]]")).isEqualTo("[0, 2, 3, 4, 5, 6, 7, 1]");
        assertThat(python.repr("m.shape(int), m.shape(object)")).isEqualTo("(-1, -1)");
    }

    @Test
    void newAndGenericNewGiveTheEmptyValueWithItsStruct() {
        assertThat(python.repr("[m.new(t) for t in types[1:]]")).isEqualTo("[0, 0.0, u'', (), [], {}]");
        assertThat(python.repr("[(m.new(t).mark, type(m.new(t)) is t) for t in types]"))
                .isEqualTo("[(77, True), (77, True), (77, True), (77, True), (77, True), (77, True), (77, True)]");
        assertThat(python.repr("[m.generic(t, 1, 2) for t in types[1:]]")).isEqualTo("[0, 0.0, u'', (), [], {}]");
        assertThat(python.repr("set(m.generic(t).bytes() for t in types)")).isEqualTo("set([0])");
        assertThat(python.raised("m.new(int)")).startsWith("TypeError: ");
        assertThat(python.raised("m.generic(dict)")).startsWith("TypeError: ");
    }

    @Test
    void pythonClassesDeriveFromEachShape() {
        python.exec("""
                def derive(base):
                    class Sub(base):
                        def __init__(self, *args):
                            if base in (List, Dict):
                                base.__init__(self, *args)
                            self.note = len(args)
                        def twice(self): return self.mark * 2
                    return Sub
                subs = [derive(t) for t in types]
                made = [s() if t is Object else s(v) for s, t, v in zip(subs, types, plain)]
                for o in made:
                    o.mark = 21
                """);

        assertThat(python.repr("[o == p for o, p in zip(made, plain)][1:]"))
                .isEqualTo("[True, True, True, True, True, True]");
        assertThat(python.repr("[(o.mark, o.twice(), o.note) for o in made]"))
                .isEqualTo(
                        "[(21, 42, 0), (21, 42, 1), (21, 42, 1), (21, 42, 1), (21, 42, 1), (21, 42, 1), (21, 42, 1)]");
        assertThat(python.repr("[type(m.new(s)) is s and m.new(s).mark for s in subs]"))
                .isEqualTo("[77, 77, 77, 77, 77, 77, 77]");
        assertThat(python.repr("set(type(o) is s and isinstance(o, t) for o, s, t in zip(made, subs, types))"))
                .isEqualTo("set([True])");
    }

    @Test
    void aTypeInCBeginsWithTheStructOfItsBase() {
        python.exec("d = Derived(8); d.fill(1); d.mark = 5; d.more = 6");

        assertThat(python.repr("d, d + 1, d.mark, d.more, m.new(Derived).more, isinstance(d, Int), Derived().bytes()"))
                .isEqualTo("(8, 9, 5, 6, 0, True, 0)");
        python.exec("class Thief(int): more = Derived.more");
        assertThat(python.raised("Thief(1).more")).startsWith("TypeError: descriptor 'more' requires");
    }

    @Test
    void aTypeInCMayDeriveFromAPythonClass() {
        python.exec("""
                class Twice(int):
                    def twice(self): return 2 * self
                class Deeper(Derived):
                    def twice(self): return 20 * self
                class Mixin(object):
                    def thrice(self): return 3 * self
                FromPython = m.derive(Twice)
                WithMixin = m.derive(int, Mixin)
                p = FromPython(4); p.mark = 1
                x = WithMixin(5); x.mark = 2
                """);

        assertThat(python.repr("p, p.twice(), p.mark, x, x.thrice(), x.mark, WithMixin.__mro__[1:3] == (int, Mixin)"))
                .isEqualTo("(4, 8, 1, 5, 15, 2, True)");
        assertThat(python.raised("m.derive(Deeper)"))
                .as("its struct is smaller")
                .startsWith("TypeError: ")
                .contains("basicsize");
    }

    @Test
    void twoStructsOrTwoBuiltInTypesDoNotFitIntoOneInstance() {
        python.exec("Other = m.derive(int)\nclass Mixin(object): pass\nclass Empty(Int): pass");

        for (String bases : new String[] {
            "Int, Other", "Other, Int", "Int, Float", "List, Dict", "Object, Int", "Int, Object", "Empty, Other"
        }) {
            assertThat(python.raised("type('Both', (%s), {})()".formatted(bases)))
                    .as(bases)
                    .startsWith("TypeError: ");
        }
        assertThat(python.raised("type('Both', (List, int), {})()")).startsWith("TypeError: ");
        assertThat(python.repr("type('One', (Mixin, Int), {})(3) + type('One', (Empty, Mixin), {})(4)"))
                .isEqualTo("7");
        assertThat(python.repr("type('Same', (Derived, Int), {})(3).more")).isEqualTo("0");
    }

    @Test
    void whatOtherConstructorsMakeOfATypeHasItsStructToo() {
        python.exec("""
                made = [int.__new__(Int, 3), tuple.__new__(Tuple, 'ab'), list.__new__(List), dict.fromkeys('ab'),
                        Dict.fromkeys('ab'), unicode.__new__(Text, u'z')]
                import copy
                copied = copy.copy(List([1, 2]))
                """);

        assertThat(python.repr(
                        "[o.bytes() for o in made if type(o) in types], made, [type(o) for o in made].index(dict)"))
                .isEqualTo(
                        "([0, 0, 0, 0, 0], [3, ('a', 'b'), [], {'a': None, 'b': None}, {'a': None, 'b': None}, u'z'], 3)");
        assertThat(python.repr("copied, copied.mark, type(copied) is List")).isEqualTo("([1, 2], 0, True)");
    }
}
