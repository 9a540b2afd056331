package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Types of the object shape: struct, methods, attributes, construction, subclasses in Python. */
class TypeApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadPoint() {
        python.loadTypes("Point Plain Empty", "new_of:O about:VARARGS", """
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
}
