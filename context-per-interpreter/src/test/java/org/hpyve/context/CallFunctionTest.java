package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances that are called: by the slot of their type, by a function of their own, by one in their struct. */
class CallFunctionTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String CALLS = """
            #define CALL_FUNCTION(NAME, FACTOR)                                                             \\
                HPyDef_CALL_FUNCTION(NAME)                                                                  \\
                static HPy NAME##_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy names) \\
                { return answer(ctx, self, FACTOR, args, nargs, names); }

            /* (self, the factor, all positional arguments, the names and values of keywords) */
            static HPy answer(HPyContext *ctx, HPy self, long factor, const HPy *args, size_t nargs, HPy names)
            {
                HPy_ssize_t keywords = HPy_IsNull(names) ? 0 : HPy_Length(ctx, names);
                HPy parts[] = {HPyLong_FromLong(ctx, factor), HPyTuple_FromArray(ctx, args, (HPy_ssize_t)nargs),
                               HPy_IsNull(names) ? HPy_Dup(ctx, ctx->h_None) : HPy_Dup(ctx, names),
                               HPyTuple_FromArray(ctx, args + nargs, keywords)};
                HPy result = HPyTuple_Pack(ctx, 5, self, parts[0], parts[1], parts[2], parts[3]);
                for (int i = 0; i < 4; i++)
                    HPy_Close(ctx, parts[i]);
                return result;
            }
            CALL_FUNCTION(second, 2)
            CALL_FUNCTION(third, 3)
            HPyDef_CALL_FUNCTION(failing)
            static HPy failing_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy names)
            {
                return nargs ? HPyErr_SetString(ctx, ctx->h_KeyError, "from C") : HPy_NULL;
            }

            typedef struct { long x; } Point;
            HPyType_HELPERS(Point)
            HPyDef_MEMBER(Point_x, "x", HPyMember_LONG, offsetof(Point, x))
            HPyDef_SLOT(Point_call, HPy_tp_call)
            static HPy Point_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy names)
            {
                return answer(ctx, self, 1, args, nargs, names);
            }
            SPEC(Point, HPy_TPFLAGS_BASETYPE, &Point_call, &Point_x, NULL)

            static HPyDef *Empty_defines[] = {&Point_call, NULL};
            static HPyType_Spec Empty_spec = {
                .name = "m.Empty", .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Empty_defines};

            typedef struct { Point base; long y; } Wide;
            HPyType_HELPERS(Wide)
            HPyDef_MEMBER(Wide_y, "y", HPyMember_LONG, offsetof(Wide, y))
            SPEC(Wide, HPy_TPFLAGS_BASETYPE, &Wide_y, NULL)

            typedef struct { Point base; } Other;
            HPyType_HELPERS(Other)
            HPyDef_SLOT(Other_call, HPy_tp_call)
            static HPy Other_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy names)
            {
                return answer(ctx, self, 9, args, nargs, names);
            }
            SPEC(Other, HPy_TPFLAGS_BASETYPE, &Other_call, NULL)

            typedef struct { void *a; HPyCallFunction call; long b; } Field;
            HPyType_HELPERS(Field)
            HPyDef_MEMBER(Field_offset, "__vectorcalloffset__", HPyMember_HPYSSIZET, offsetof(Field, call), .readonly = 1)
            HPyDef_MEMBER(Field_b, "b", HPyMember_LONG, offsetof(Field, b))
            HPyDef_METH(Field_fill, "fill", HPyFunc_NOARGS)
            static HPy Field_fill_impl(HPyContext *ctx, HPy self)
            {
                Field_AsStruct(ctx, self)->call = third;
                return HPy_Dup(ctx, self);
            }
            SPEC(Field, HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_VECTORCALL, &Field_offset, &Field_b, &Field_fill, NULL)

            typedef struct { Field base; } Fixed;
            HPyType_HELPERS(Fixed)
            HPyDef_MEMBER(Fixed_a, "a", HPyMember_LONG, 0)
            SPEC(Fixed, HPy_TPFLAGS_BASETYPE, &Point_call, &Fixed_a, NULL)

            typedef struct { long n; } Int;
            HPyType_HELPERS(Int, HPyType_BuiltinShape_Long)
            SPEC(Int, HPy_TPFLAGS_BASETYPE, &Point_call, NULL)

            static HPy set_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                HPyCallFunction *functions[] = {&second, &third, &failing};
                if (HPy_SetCallFunction(ctx, args[0], functions[HPyLong_AsLong(ctx, args[1])]) < 0)
                    return HPy_NULL;
                return HPy_Dup(ctx, args[0]);
            }
            static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                if (!HPyCallable_Check(ctx, args[0]))
                    return HPyErr_SetString(ctx, ctx->h_TypeError, "not callable");
                return HPy_Call(ctx, args[0], args + 1, nargs - 1, HPy_NULL);
            }
            """;

    private void loadCalls() {
        python.loadTypes(
                "Point Empty Wide:Point Other:Point Field Fixed:Field Int:h_LongType",
                "set:VARARGS call:VARARGS",
                CALLS);
        python.exec("p = Point(); p.x = 5");
    }

    @Test
    void theSlotGetsPositionalArgumentsAndKeywordsBehindThem() {
        loadCalls();

        assertThat(python.repr("p()[1:], p(1, 'a')[1:], p()[0] is p"))
                .isEqualTo("((1, (), None, ()), (1, (1, 'a'), None, ()), True)");
        assertThat(python.repr("p(1, b=2)[1:], p(c=p)[2:], p(*(1, 2), **{'d': 3})[1:]"))
                .isEqualTo("((1, (1,), (u'b',), (2,)), ((), (u'c',), (%s,)), (1, (1, 2), (u'd',), (3,)))"
                        .formatted(python.repr("p")));
        assertThat(python.repr("callable(p), Point.__call__(p, 7)[2], m.call(p, 8)[2]"))
                .isEqualTo("(True, (7,), (8,))");
        assertThat(python.raised("Point.__call__(5)")).startsWith("TypeError: descriptor '__call__' requires");
    }

    @Test
    void aTypeWithoutStructIsCallableToo() {
        loadCalls();

        assertThat(python.repr("Empty()(3)[2], Int(4)(3)[0] + 1")).isEqualTo("((3,), 5)");
    }

    @Test
    void aFunctionOfAnInstanceIsItsOwn() {
        loadCalls();
        python.exec(
                "q = m.set(Point(), 0); e = m.set(Empty(), 1); i = m.set(Int(6), 0); w = m.set(Wide(), 1); w.y = 4; w.x = 3");

        assertThat(python.repr(
                        "q(1, a=2)[1:], p()[1], e()[1], Empty()[1] if 0 else Empty()()[1], i()[:2], w()[1], w.y, w.x"))
                .isEqualTo("((2, (1,), (u'a',), (2,)), 1, 3, 1, (6, 2), 3, 4, 3)");
        assertThat(python.repr("m.set(q, 1)()[1], q()[1], m.call(q)[1], q.x")).isEqualTo("(3, 3, 3, 0)");
    }

    @Test
    void theBasesWayToCallAnInstanceLeadsToTheFunctionOfItsOwnType() {
        loadCalls();
        python.exec("f = Fixed(); f.b = 0x4242; f.a = 1");

        assertThat(python.repr("f(4)[1:3], Field.__call__(f, 4)[1:3], super(Fixed, f).__call__(4)[1:3]"))
                .isEqualTo("((1, (4,)), (1, (4,)), (1, (4,)))");
        assertThat(python.repr("Field.__call__(m.set(f, 0), 4)[1]")).isEqualTo("2");
    }

    @Test
    void onlyTypesWithACallProtocolTakeAFunction() {
        loadCalls();
        python.exec("class Callable(object):\n    def __call__(self): pass");

        for (String other : new String[] {"object()", "5", "Callable()", "len", "Point", "None"}) {
            assertThat(python.raised("m.set(%s, 0)".formatted(other)))
                    .as(other)
                    .startsWith("TypeError: ")
                    .contains("does not implement the HPy call protocol");
        }
    }

    @Test
    void derivedTypesInheritTheCallOrHaveTheirOwn() {
        loadCalls();
        python.exec("w = Wide(); w.x = 1; w.y = 2; o = Other()");

        assertThat(python.repr("w(1)[1:3], w.x, w.y, o(1)[1:3], m.set(o, 0)()[1]"))
                .isEqualTo("((1, (1,)), 1, 2, (9, (1,)), 2)");
    }

    @Test
    void pythonSubclassesAreCalledTheSameWayOrTheirOwn() {
        loadCalls();
        python.exec("""
                class Sub(Point): pass
                class Own(Point):
                    def __call__(self, *args): return 'own', Point.__call__(self, *args)[1:3]
                class SubField(Field): pass
                """);

        assertThat(python.repr(
                        "Sub()(1)[1:3], m.set(Sub(), 0)()[1], Own()(4), m.set(Own(), 1)(4), SubField().fill()()[1]"))
                .isEqualTo("((1, (1,)), 2, ('own', (1, (4,))), ('own', (3, (4,))), 3)");
    }

    @Test
    void aFunctionInTheStructIsReadAtEachCall() {
        loadCalls();
        python.exec("f, g = Field(), Field(); f.b = 7");

        assertThat(python.raised("f()")).isEqualTo("TypeError: 'Field' object is not callable");
        assertThat(python.repr("m.set(f, 0)(1, k=2)[1:], f.b, f.fill()()[1], f.b, m.set(f, 0)()[1]"))
                .isEqualTo("((2, (1,), (u'k',), (2,)), 7, 3, 7, 2)");
        assertThat(python.raised("g()")).startsWith("TypeError: ");
        assertThat(python.repr("g.fill()(5)[2], hasattr(f, '__vectorcalloffset__')"))
                .isEqualTo("((5,), False)");
    }

    @Test
    void functionsThatEndWronglyAreNamed() {
        loadCalls();
        python.exec("q = m.set(p, 2)");

        assertThat(python.raised("q(1)")).isEqualTo("KeyError: 'from C'");
        assertThat(python.raised("q()"))
                .startsWith("SystemError: ")
                .contains("m.Point.__call__() returned NULL without setting an exception");
    }

    @Test
    void specificationsThatCannotBeCalledAreRefused() {
        python.loadFunctions("make:O", """
                HPyDef_SLOT(call, HPy_tp_call)
                static HPy call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy names)
                {
                    return HPy_Dup(ctx, self);
                }
                HPyDef_MEMBER(offset, "__vectorcalloffset__", HPyMember_HPYSSIZET, 16, .readonly = 1)
                static HPyDef *called[] = {&call, NULL};
                static HPyDef *both[] = {&call, &offset, NULL};
                static HPyDef *field[] = {&offset, NULL};
                static HPyType_Spec specs[] = {
                    {.name = "m.Var", .basicsize = 8, .itemsize = 8, .flags = HPy_TPFLAGS_DEFAULT, .defines = called},
                    {.name = "m.Both", .basicsize = 64, .flags = HPy_TPFLAGS_DEFAULT, .defines = both},
                    {.name = "m.Beyond", .basicsize = 24, .flags = HPy_TPFLAGS_DEFAULT, .defines = field},
                    {.name = "m.Fits", .basicsize = 32, .flags = HPy_TPFLAGS_DEFAULT, .defines = field}};
                static HPy make_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyType_FromSpec(ctx, &specs[HPyLong_AsLong(ctx, arg)], NULL);
                }
                """);

        assertThat(python.raised("m.make(0)"))
                .startsWith("TypeError: ")
                .contains("Cannot use HPy call protocol with var");
        assertThat(python.raised("m.make(1)"))
                .startsWith("TypeError: ")
                .contains("Cannot have HPy_tp_call and explicit member");
        assertThat(python.raised("m.make(2)"))
                .as("the function has 16 bytes")
                .startsWith("ValueError: ")
                .contains("__vectorcalloffset__");
        assertThat(python.raised("m.make(3)()()")).isEqualTo("TypeError: 'Fits' object is not callable");
    }
}
