package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How calling a type makes an instance: tp_new and tp_init, alone and together. */
class ConstructionTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadTypes() {
        python.loadTypes("Inits News Both Alien Derived:Both Plain", "", """
                typedef struct { HPyField init, made; } Inits;
                HPyType_HELPERS(Inits)
                typedef Inits News;
                typedef Inits Both;
                typedef Inits Alien;
                typedef Inits Derived;
                typedef Inits Plain;
                enum { Plain_SHAPE = 0, News_SHAPE = 0, Both_SHAPE = 0, Alien_SHAPE = 0, Derived_SHAPE = 0 };

                HPyDef_MEMBER(init, "init", HPyMember_OBJECT, offsetof(Inits, init))
                HPyDef_MEMBER(made, "made", HPyMember_OBJECT, offsetof(Inits, made))
                static HPy arguments(HPyContext *ctx, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    HPy all = HPyTuple_FromArray(ctx, args, nargs);
                    HPy result = HPyTuple_Pack(ctx, 2, all, HPy_IsNull(kw) ? ctx->h_None : kw);
                    HPy_Close(ctx, all);
                    return result;
                }
                HPyDef_SLOT(tp_init, HPy_tp_init)
                static int tp_init_impl(HPyContext *ctx, HPy self, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    if (nargs == 3)
                        HPyErr_SetString(ctx, ctx->h_ValueError, "three");
                    if (nargs >= 3)
                        return -1;
                    HPy all = arguments(ctx, args, nargs, kw);
                    HPyField_Store(ctx, self, &Inits_AsStruct(ctx, self)->init, all);
                    HPy_Close(ctx, all);
                    return 0;
                }
                HPyDef_SLOT(tp_new, HPy_tp_new)
                static HPy tp_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    Inits *data;
                    HPy self = HPy_New(ctx, cls, &data);
                    if (HPy_IsNull(self))
                        return HPy_NULL;
                    HPy all = arguments(ctx, args, nargs, kw);
                    HPyField_Store(ctx, self, &data->made, all);
                    HPy_Close(ctx, all);
                    return self;
                }
                HPyDef_SLOT(alien_new, HPy_tp_new)
                static HPy alien_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
                {
                    return nargs ? HPy_Dup(ctx, args[0]) : HPy_NULL;
                }
                HPyDef_SLOT_IMPL(generic, HPyType_GenericNew, HPy_tp_new)
                SPEC(Inits, HPy_TPFLAGS_BASETYPE, &init, &made, &generic, &tp_init, NULL)
                SPEC(News, HPy_TPFLAGS_BASETYPE, &init, &made, &tp_new, NULL)
                SPEC(Both, HPy_TPFLAGS_BASETYPE, &init, &made, &tp_new, &tp_init, NULL)
                SPEC(Alien, HPy_TPFLAGS_BASETYPE, &alien_new, &tp_init, NULL)
                SPEC(Derived, HPy_TPFLAGS_BASETYPE, NULL)
                SPEC(Plain, HPy_TPFLAGS_BASETYPE, &init, &made, &tp_init, NULL)
                """);
    }

    @Test
    void keywordsComeAsADictOrNotAtAll() {
        assertThat(python.repr("Both().init, Both().made")).isEqualTo("(((), None), ((), None))");
        assertThat(python.repr("Both(1, 'b').init, Both(1, 'b').made"))
                .isEqualTo("(((1, 'b'), None), ((1, 'b'), None))");
        assertThat(python.repr("Both(1, a=2).init == ((1,), {'a': 2}), Both(1, **{'b': 3}).made == ((1,), {'b': 3})"))
                .isEqualTo("(True, True)");
        assertThat(python.repr("type(Both(a=2).init[1])")).isEqualTo("<type 'dict'>");
    }

    @Test
    void oneOfBothIsEnough() {
        assertThat(python.repr("Inits(1, 2).init, Inits().made, News(3).made, News(3).init"))
                .isEqualTo("(((1, 2), None), None, ((3,), None), None)");
        assertThat(python.repr("News(3, a=4).made == ((3,), {'a': 4})")).isEqualTo("True");
    }

    @Test
    void bothCanBeCalledByName() {
        python.exec("x = Both.__new__(Both, 5); before = x.init; x.__init__(6); Both.__init__(x, 7, k=8)");

        assertThat(python.repr("x.made, before, x.init == ((7,), {'k': 8}), x.__init__()"))
                .isEqualTo("(((5,), None), None, True, None)");
        assertThat(python.raised("Both.__init__(News())")).startsWith("TypeError: descriptor '__init__' requires");
        assertThat(python.raised("Both.__new__(News)"))
                .startsWith("TypeError: ")
                .contains("not a subtype");
    }

    @Test
    void errorsOfInitArePassedOn() {
        assertThat(python.raised("Both(1, 2, 3)")).isEqualTo("ValueError: three");
        assertThat(python.raised("Inits(1, 2, 3)")).isEqualTo("ValueError: three");
        assertThat(python.raised("Both(1, 2, 3, 4)"))
                .startsWith("SystemError: ")
                .contains("m.Both.__init__() returned an error without setting an exception");
        assertThat(python.raised("Alien()"))
                .startsWith("SystemError: ")
                .contains("m.Alien.__new__() returned NULL without setting an exception");
    }

    @Test
    void whatIsNoInstanceIsNotInitialised() {
        assertThat(python.repr("Alien('other'), Alien(5, 1, 2)")).isEqualTo("('other', 5)");
    }

    @Test
    void anAbstractSubclassIsNotMade() {
        python.exec("""
                from abc import ABCMeta, abstractmethod
                class Abstract(Plain):
                    __metaclass__ = ABCMeta
                    @abstractmethod
                    def method(self): pass
                class Concrete(Abstract):
                    def method(self): return 'done'
                """);

        for (int i = 0; i < 2; i++) {
            assertThat(python.raised("Abstract(1)"))
                    .isEqualTo("TypeError: Can't instantiate abstract class Abstract with abstract methods method");
            assertThat(python.repr("Concrete(1).method(), Concrete(2).init")).isEqualTo("('done', ((2,), None))");
        }
        python.exec("Abstract.__abstractmethods__ = []");
        assertThat(python.repr("Abstract(1).init")).isEqualTo("((1,), None)");
    }

    @Test
    void derivedTypesAndPythonSubclassesAreConstructedAsTheirBase() {
        python.exec("""
                class Sub(Both):
                    def __init__(self, *args): Both.__init__(self, 'sub', *args)
                class SubNew(News):
                    def __new__(cls, *args): return News.__new__(cls, 'new', *args)
                class Super(Derived):
                    def __init__(self, a, k=None): super(Super, self).__init__(a, k=k)
                """);

        assertThat(python.repr("Derived(1).init, Derived(1).made, type(Derived()) is Derived"))
                .isEqualTo("(((1,), None), ((1,), None), True)");
        assertThat(python.repr("Sub(1).init, Sub(1).made, SubNew(2).made, type(SubNew()) is SubNew"))
                .isEqualTo("((('sub', 1), None), ((1,), None), (('new', 2), None), True)");
        assertThat(python.repr("Super(1, k=2).init == ((1,), {'k': 2}), Super(1, k=2).made == ((1,), {'k': 2})"))
                .isEqualTo("(True, True)");
    }
}
