package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Types whose class is a metaclass, made in C or in Python. */
class MetaclassTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String METACLASSES = """
            typedef struct { int magic; long marks[8]; } Meta;
            HPyType_HELPERS(Meta, HPyType_BuiltinShape_Type)
            HPyDef_MEMBER(Meta_magic, "magic", HPyMember_INT, offsetof(Meta, magic))
            HPyDef_GET(Meta_names, "label")
            static HPy Meta_names_get(HPyContext *ctx, HPy self, void *closure)
            {
                return HPyUnicode_FromString(ctx, HPyType_GetName(ctx, self));
            }
            HPyDef_METH(Meta_mark, "mark", HPyFunc_O)
            static HPy Meta_mark_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                Meta *data = Meta_AsStruct(ctx, self);
                long sum = 0;
                for (int i = 0; i < 8; i++)
                    sum += data->marks[i] += HPyLong_AsLong(ctx, arg) + i;
                return HPyLong_FromLong(ctx, sum);
            }
            SPEC(Meta, HPy_TPFLAGS_BASETYPE, &Meta_magic, &Meta_names, &Meta_mark, NULL)

            HPyDef_SLOT(Maker_new, HPy_tp_new)
            static HPy Maker_new_impl(HPyContext *ctx, HPy cls, const HPy *args, HPy_ssize_t nargs, HPy kw)
            {
                return HPyErr_SetString(ctx, ctx->h_AssertionError, "called");
            }
            typedef struct { int unused; } Maker;
            HPyType_HELPERS(Maker, HPyType_BuiltinShape_Type)
            SPEC(Maker, HPy_TPFLAGS_BASETYPE, &Maker_new, NULL)

            HPyDef_SLOT(Caller_call, HPy_tp_call)
            static HPy Caller_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
            {
                return HPyLong_FromSsize_t(ctx, (HPy_ssize_t)nargs);
            }
            HPyDef_SLOT(Caller_repr, HPy_tp_repr)
            static HPy Caller_repr_impl(HPyContext *ctx, HPy self) { return HPyUnicode_FromString(ctx, "a caller"); }
            typedef struct { int unused; } Caller;
            HPyType_HELPERS(Caller, HPyType_BuiltinShape_Type)
            SPEC(Caller, HPy_TPFLAGS_BASETYPE, &Caller_call, &Caller_repr, NULL)

            typedef struct { int member; } Thing;
            HPyType_HELPERS(Thing)
            HPyDef_MEMBER(Thing_member, "member", HPyMember_INT, offsetof(Thing, member))
            SPEC(Thing, HPy_TPFLAGS_BASETYPE, &Thing_member, NULL)

            static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                HPyType_SpecParam params[] = {
                    {HPyType_SpecParam_Metaclass, args[0]},
                    {nargs > 1 ? HPyType_SpecParam_Base : 0, args[nargs - 1]}, {0, HPy_NULL}};
                return HPyType_FromSpec(ctx, &Thing_spec, params);
            }
            static HPy derive_impl(HPyContext *ctx, HPy self, HPy base)
            {
                HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, base}, {0, HPy_NULL}};
                return HPyType_FromSpec(ctx, &Thing_spec, params);
            }
            static HPy twice_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                HPyType_SpecParam params[] = {
                    {HPyType_SpecParam_Metaclass, args[0]}, {HPyType_SpecParam_Metaclass, args[1]}, {0, HPy_NULL}};
                return HPyType_FromSpec(ctx, &Thing_spec, params);
            }
            static HPy magic_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                return HPyLong_FromLong(ctx, Meta_AsStruct(ctx, arg)->magic);
            }
            """;

    @BeforeEach
    void loadMetaclasses() {
        python.loadTypes(
                "Meta:h_TypeType Maker:h_TypeType Caller:h_TypeType Thing",
                "make:VARARGS derive:O twice:VARARGS magic:O",
                METACLASSES);
    }

    @Test
    void aTypeIsAnInstanceOfItsMetaclass() {
        python.exec("T = m.make(Meta); t = T(); t.member = 123614");

        assertThat(python.repr("type(Meta) is type, type(T) is Meta, isinstance(T, Meta), isinstance(T, type)"))
                .isEqualTo("(True, True, True, True)");
        assertThat(python.repr("t.member, type(t) is T, T.__name__, T.__module__, T.__bases__"))
                .isEqualTo("(123614, True, 'Thing', 'm', (<type 'object'>,))");
        assertThat(python.repr("type(Thing) is type, isinstance(Thing, Meta)")).isEqualTo("(True, False)");
    }

    @Test
    void aTypeHasTheStructOfItsMetaclass() {
        python.exec("T = m.make(Meta); U = m.make(Meta); first = T.magic, U.magic; T.magic = 42; t = T()");

        assertThat(python.repr("first, T.magic, m.magic(T), U.magic, m.magic(U)"))
                .isEqualTo("((0, 0), 42, 42, 0, 0)");
        assertThat(python.repr("T.mark(1), T.mark(1), U.mark(0), T.label, U.label"))
                .isEqualTo("(36, 72, 28, u'Thing', u'Thing')");
        assertThat(python.raised("t.magic")).startsWith("AttributeError: ");
        assertThat(python.raised("t.mark(1)")).startsWith("AttributeError: ");
    }

    @Test
    void classesOfPythonHaveTheirOwnStructOfTheMetaclass() {
        python.exec("""
                T = m.make(Meta)
                T.magic = 5
                class Sub(T):
                    pass
                class Stated(object):
                    __metaclass__ = Meta
                Called = Meta('Called', (object,), {'x': 3})
                before = [c.magic for c in (Sub, Stated, Called)]
                Sub.magic = 6; Stated.magic = 7; Called.magic = 8
                """);

        assertThat(python.repr("before, [type(c) is Meta for c in (Sub, Stated, Called)]"))
                .isEqualTo("([0, 0, 0], [True, True, True])");
        assertThat(python.repr("[m.magic(c) for c in (T, Sub, Stated, Called)], Called.x, Called().x, Stated.label"))
                .isEqualTo("([5, 6, 7, 8], 3, 3, u'Stated')");
        assertThat(python.repr("Sub.mark(0), Sub().member")).isEqualTo("(28, 0)");
    }

    @Test
    void aMetaclassMayBeAPythonClass() {
        python.exec("""
                class Plain(type):
                    begun = []
                    def __init__(cls, *args): Plain.begun.append(cls)
                    def hello(cls): return 'hello ' + cls.__name__
                class Sub(Meta):
                    def twice(cls): return 2 * cls.magic
                T = m.make(Plain)
                U = m.make(Sub)
                U.magic = 4
                """);

        assertThat(python.repr("type(T) is Plain, T.hello(), T().member, type(U) is Sub, U.twice(), m.magic(U)"))
                .isEqualTo("(True, 'hello Thing', 0, True, 8, 4)");
        assertThat(python.repr("Plain.begun"))
                .as("as in C, a type is made, not called for")
                .isEqualTo("[]");
    }

    @Test
    void theMetaclassFollowsFromTheBases() {
        python.exec("""
                class Plain(type): pass
                class Based(object):
                    __metaclass__ = Plain
                T = m.derive(Based)
                U = m.derive(m.make(Meta))
                """);

        assertThat(python.repr("type(T) is Plain, T().member, type(U) is Meta, m.magic(U), U().member"))
                .isEqualTo("(True, 0, True, 0, 0)");
    }

    @Test
    void aMetaclassOfABaseThatMakesAnotherClassIsRefused() {
        python.exec("""
                class Other(object):
                    __slots__ = ()
                class Giver(type):
                    def __new__(cls, name, bases, attributes):
                        return type.__new__(cls, name, bases, attributes) if name == 'Base' else given
                class Base(object):
                    __metaclass__ = Giver
                """);

        for (String given : new String[] {"int", "Other", "Thing", "Base"}) {
            python.exec("given = " + given);
            assertThat(python.raised("m.derive(Base)"))
                    .isEqualTo("TypeError: m.Thing: the metaclass of a base made another class, '" + given + "'");
        }
        python.exec("given = 5");
        assertThat(python.raised("m.derive(Base)"))
                .isEqualTo("TypeError: m.Thing: the metaclass of a base made a 'int', not a type");
        assertThat(python.repr("Other.__slots__, isinstance(type('Sub', (Other,), {}), type)"))
                .isEqualTo("((), True)");
    }

    @Test
    void aMetaclassThatDoesNotFitToTheBasesIsRefused() {
        python.exec("""
                class Plain(type): pass
                class Based(object):
                    __metaclass__ = Plain
                """);

        assertThat(python.raised("m.make(Meta, Based)"))
                .startsWith("TypeError: ")
                .contains("metaclass conflict");
    }

    @Test
    void whatCannotBeAMetaclassIsRefused() {
        python.exec("""
                class OwnNew(type):
                    def __new__(meta, *args): return type.__new__(meta, *args)
                class NoType(object):
                    pass
                class Old:
                    def __new__(self): pass
                """);

        assertThat(python.raised("m.make('hello')"))
                .startsWith("TypeError: Metaclass ")
                .contains("not a subclass of");
        assertThat(python.raised("m.make(OwnNew)"))
                .isEqualTo("TypeError: Metaclasses with custom tp_new are not supported.");
        assertThat(python.raised("m.make(Maker)"))
                .isEqualTo("TypeError: Metaclasses with custom tp_new are not supported.");
        for (String bad : new String[] {"int", "NoType", "Old", "object", "None", "Thing"}) {
            assertThat(python.raised("m.make(%s)".formatted(bad))).as(bad).startsWith("TypeError: ");
        }
        assertThat(python.raised("m.twice(type, Meta)"))
                .startsWith("ValueError: ")
                .contains("multiple times");
        assertThat(python.raised("m.twice(type, int)"))
                .startsWith("ValueError: ")
                .contains("multiple times");
    }

    @Test
    void aMetaclassSaysHowItsTypesAreCalledAndShown() {
        python.exec("T = m.make(Caller)\nclass Sub(T): pass");

        assertThat(python.repr("T(), T(1, 2, a=3), Sub(1), repr(T) == 'a caller', type(T) is Caller"))
                .isEqualTo("(0, 2, 1, True, True)");
    }

    @Test
    void aMetaclassWithItsOwnNewServesClassStatements() {
        assertThat(python.raised("Maker('Made', (object,), {})")).isEqualTo("AssertionError: called");
    }

    @Test
    void typesOfAMetaclassTakeAttributesAsAllTypesDo() {
        python.exec("T = m.make(Meta); T.extra = 1; t = T()");

        assertThat(python.repr("T.extra, t.extra, 'extra' in T.__dict__, 'magic' in T.__dict__"))
                .isEqualTo("(1, 1, True, False)");
    }
}
