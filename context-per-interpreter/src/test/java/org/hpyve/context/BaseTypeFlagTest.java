package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Only types with HPy_TPFLAGS_BASETYPE can be subclassed. */
class BaseTypeFlagTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadTypes() {
        python.loadTypes("Open Closed:Open ClosedInt:h_LongType ClosedMeta:h_TypeType", "derive:O tuple:O", """
                typedef struct { long x; } Open;
                HPyType_HELPERS(Open)
                HPyDef_MEMBER(Open_x, "x", HPyMember_LONG, offsetof(Open, x))
                SPEC(Open, HPy_TPFLAGS_BASETYPE, &Open_x, NULL)
                typedef struct { Open open; long y; } Closed;
                HPyType_HELPERS(Closed)
                SPEC(Closed, 0, NULL)
                typedef struct { long x; } ClosedInt;
                HPyType_HELPERS(ClosedInt, HPyType_BuiltinShape_Long)
                SPEC(ClosedInt, 0, NULL)
                typedef struct { long x; } ClosedMeta;
                HPyType_HELPERS(ClosedMeta, HPyType_BuiltinShape_Type)
                SPEC(ClosedMeta, 0, NULL)
                static HPyType_Spec Derived_spec = {.name = "m.Derived", .flags = HPy_TPFLAGS_DEFAULT};
                static HPy derive_impl(HPyContext *ctx, HPy self, HPy base)
                {
                    HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, base}, {0, HPy_NULL}};
                    return HPyType_FromSpec(ctx, &Derived_spec, params);
                }
                static HPy tuple_impl(HPyContext *ctx, HPy self, HPy bases)
                {
                    HPyType_SpecParam params[] = {{HPyType_SpecParam_BasesTuple, bases}, {0, HPy_NULL}};
                    return HPyType_FromSpec(ctx, &Derived_spec, params);
                }
                """);
    }

    @Test
    void aTypeWithTheFlagIsABaseInPythonAndInC() {
        python.exec("class Sub(Open): pass\ns = Sub(); s.x = 5; d = m.derive(Sub)(); d.x = 6; t = m.tuple((Open,))()");

        assertThat(python.repr("s.x, d.x, t.x, isinstance(d, Sub), isinstance(t, Open), issubclass(Closed, Open)"))
                .isEqualTo("(5, 6, 0, True, True, True)");
    }

    @Test
    void aTypeWithoutTheFlagIsNoBase() {
        for (String type : new String[] {"Closed", "ClosedInt", "ClosedMeta"}) {
            for (String derive : new String[] {
                "type('Sub', (%s,), {})", "type('Sub', (object, %s)[::-1], {})", "m.derive(%s)", "m.tuple((%s,))"
            }) {
                String expression = derive.formatted(type);
                assertThat(python.raised(expression))
                        .as(expression)
                        .startsWith("TypeError: ")
                        .contains("'%s'".formatted(type), "not an acceptable base type");
            }
        }
        assertThat(python.raised("m.tuple((Open, Closed))")).startsWith("TypeError: ");
    }

    @Test
    void aTypeWithoutTheFlagHasInstancesAsEveryOther() {
        python.exec("c = Closed(); c.x = 3; made = ClosedMeta('Made', (object,), {})");

        assertThat(python.repr("c.x, ClosedInt(4) + 1, type(made) is ClosedMeta, isinstance(c, Open)"))
                .isEqualTo("(3, 5, True, True)");
    }

    @Test
    void theFlagIsNotInherited() {
        python.exec("D = m.derive(Open)\nclass Sub(Open): pass\nclass SubSub(Sub): pass");

        assertThat(python.raised("type('X', (D,), {})"))
                .startsWith("TypeError: ")
                .contains("'Derived'");
        assertThat(python.repr("SubSub().x"))
                .as("Python's classes always have it")
                .isEqualTo("0");
    }

    @Test
    void theFlagIsShownAmongTheFlagsOfTheType() {
        assertThat(python.repr(
                        "[bool(t.__flags__ & (1 << 10)) for t in (Open, Closed, ClosedInt, type('S', (Open,), {}))]"))
                .isEqualTo("[True, False, False, True]");
    }
}
