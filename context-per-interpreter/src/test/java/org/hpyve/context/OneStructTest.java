package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.PyObject;

/** An object has one struct, whatever is said of its bases: no function reaches an object without the function's struct. */
class OneStructTest {

    @RegisterExtension
    final ContextExtension other = new ContextExtension();

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String TYPES = """
            typedef struct { long mark; } Small;
            typedef struct { long marks[512]; } Large;
            HPyType_HELPERS(Small, HPyType_BuiltinShape_Object)
            HPyType_HELPERS(Large, HPyType_BuiltinShape_Object)

            HPyDef_MEMBER(Small_mark, "mark", HPyMember_LONG, offsetof(Small, mark))
            HPyDef_MEMBER(Large_last, "last", HPyMember_LONG, offsetof(Large, marks[511]))
            HPyDef_METH(sum, "sum", HPyFunc_NOARGS)
            static HPy sum_impl(HPyContext *ctx, HPy self)
            {
                Large *data = Large_AsStruct(ctx, self);
                long sum = 0;
                for (int i = 0; i < 512; i++)
                    sum += data->marks[i];
                return HPyLong_FromLong(ctx, sum);
            }
            static HPyDef *Small_defines[] = {&Small_mark, NULL};
            static HPyDef *Large_defines[] = {&Large_last, &sum, NULL};
            static HPyDef *none[] = {NULL};

            static HPy make(HPyContext *ctx, HPy bases, const char *name, int size, HPyDef **defines)
            {
                HPyType_Spec spec = {.name = name, .basicsize = size, .defines = defines,
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE};
                HPyType_SpecParam params[] = {{HPyType_SpecParam_BasesTuple, bases}, {0}};
                return HPyType_FromSpec(ctx, &spec, params);
            }
            static HPy small_impl(HPyContext *ctx, HPy self, HPy bases)
            {
                return make(ctx, bases, "m.Small", sizeof(Small), Small_defines);
            }
            static HPy large_impl(HPyContext *ctx, HPy self, HPy bases)
            {
                return make(ctx, bases, "m.Large", sizeof(Large), Large_defines);
            }
            static HPy empty_impl(HPyContext *ctx, HPy self, HPy bases)
            {
                return make(ctx, bases, "m.Empty", 0, none);
            }
            static HPy address_impl(HPyContext *ctx, HPy self, HPy object)
            {
                return HPyLong_FromSsize_t(ctx, (HPy_ssize_t)(intptr_t)Small_AsStruct(ctx, object));
            }
            static HPy put_impl(HPyContext *ctx, HPy self, HPy object)
            {
                HPyField field = HPyField_NULL;
                HPyField_Store(ctx, object, &field, object);
                return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
            }
            """;

    private void loadTypes() {
        loadTypes(python);
    }

    private static void loadTypes(ContextExtension python) {
        python.loadFunctions("small:O large:O empty:O address:O put:O", TYPES);
        python.exec("Small = m.small((object,)); Large = m.large((object,)); Empty = m.empty((object,))");
    }

    @Test
    void aTypeOfTwoStructsIsRefused() {
        loadTypes();
        assertThat(python.raised("m.empty((Small, Large))"))
                .isEqualTo("TypeError: m.Empty: multiple bases have instance lay-out conflict: 'Small' and 'Large'");
        assertThat(python.raised("m.large((Large, Small))")).contains("conflict: 'Large' and 'Small'");
        python.exec("class Both(Empty, Large): pass");
        assertThat(python.raised("m.small((Small, Both))")).contains("conflict: 'Small' and 'Large'");
    }

    @Test
    void theStructIsThatOfTheBaseWhichHasOne() {
        loadTypes();
        python.exec("both = [m.empty((Empty, Large))(), m.empty((Large, Empty))()]");
        python.exec("class First(Empty, Large): pass\nclass Last(Large, Empty): pass\nboth += [First(), Last()]");
        assertThat(python.repr("[(o.sum(), o.last) for o in both]")).isEqualTo("[(0, 0), (0, 0), (0, 0), (0, 0)]");
    }

    @Test
    void otherBasesDoNotMakeAStruct() {
        loadTypes();
        python.exec("""
                class Sub(Small):
                    pass
                o = Sub()
                Sub.__bases__ = (Large,)
                """);
        assertThat(python.raised("o.sum()")).isEqualTo("TypeError: the 'Sub' object was not made by Large.__new__()");
        assertThat(python.raised("o.last")).contains("was not made by Large.__new__()");
        assertThat(python.repr("Sub().sum()")).isEqualTo("0");
        python.exec("Sub.__bases__ = (Small,)");
        assertThat(python.repr("o.mark")).isEqualTo("0");
    }

    @Test
    void otherBasesOfAnExtensionsOwnTypeDoNotMakeAStruct() {
        loadTypes();
        python.exec("""
                class Sub(Small):
                    pass
                o, p = Small(), Sub()
                Small.__bases__ = (Large,)
                """);
        for (String object : new String[] {"o", "p", "Small()", "Sub()"}) {
            assertThat(python.raised(object + ".sum()"))
                    .startsWith("TypeError: ")
                    .contains("conflict", "'Large'");
            assertThat(python.raised(object + ".last")).contains("conflict");
        }
    }

    @Test
    void otherBasesOfAListDoNotMakeAStruct() {
        loadTypes();
        python.exec("""
                List = m.small((list,))
                class Sub(List):
                    pass
                o = Sub()
                o.mark = 1
                Sub.__bases__ = (Large, list)
                """);
        assertThat(python.raised("o.sum()")).contains("was not made by Large.__new__()");
    }

    @Test
    void otherBasesWithTheSameStructAreNoObstacle() {
        loadTypes();
        python.exec("""
                class Mixin(object):
                    def twice(self):
                        return 2 * self.mark
                class Sub(Small):
                    pass
                o = Sub()
                o.mark = 21
                Sub.__bases__ = (Small, Mixin)
                """);
        assertThat(python.repr("o.twice()")).isEqualTo("42");
    }

    @Test
    void anObjectOfAnotherInterpreterHasNoStructHere() {
        other.enter();
        loadTypes(other);
        PyObject foreign = other.eval("Small()");
        python.enter();
        loadTypes();
        python.eval("m").__setattr__("foreign", foreign);

        assertThat(python.repr("m.address(m.foreign), m.address(Small()) == 0")).isEqualTo("(0, False)");
        assertThat(python.raised("m.put(m.foreign)"))
                .isEqualTo("SystemError: HPyField_Store: bad argument of type 'Small'");
        assertThat(python.repr("m.put(Small())")).isEqualTo("None");
    }
}
