package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HPy_Is of different handles of one object, of which C knows different things. */
class IdentityTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadTypes() {
        python.loadTypes("Point", "types:VARARGS names:KEYWORDS", """
                typedef struct { int64_t value; } Point;
                HPyType_HELPERS(Point)
                SPEC(Point, HPy_TPFLAGS_BASETYPE, NULL)

                static HPy both(HPyContext *ctx, HPy one, HPy other)
                {
                    return HPyBool_FromBool(ctx, HPy_Is(ctx, one, other) && HPy_Is(ctx, other, one));
                }
                /* Of the first one an instance is made. */
                static HPy types_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    void *data;
                    HPy_Close(ctx, HPy_New(ctx, args[0], &data));
                    return both(ctx, args[0], args[1]);
                }
                /* Are names and the first of them, out of a list, what they are as an argument? */
                static HPy names_impl(
                    HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    HPy name = HPy_GetItem_i(ctx, kwnames, 0);
                    HPy list = HPyList_New(ctx, 0);
                    HPyList_Append(ctx, list, kwnames);
                    HPyList_Append(ctx, list, name);
                    HPy found = HPy_GetItem_i(ctx, list, 0);
                    HPy found_name = HPy_GetItem_i(ctx, list, 1);
                    HPy results[] = {both(ctx, found, kwnames), both(ctx, found_name, name), both(ctx, found, name)};
                    HPy result = HPyTuple_FromArray(ctx, results, 3);
                    HPy_Close(ctx, found);
                    HPy_Close(ctx, found_name);
                    HPy_Close(ctx, list);
                    HPy_Close(ctx, name);
                    for (int i = 0; i < 3; i++)
                        HPy_Close(ctx, results[i]);
                    return result;
                }
                """);
    }

    @Test
    void aTypeOfWhichCMakesInstancesIsItself() {
        assertThat(python.repr("m.types(m.Point, m.Point)")).isEqualTo("True");
        assertThat(python.repr("m.types(m.Point, m.Point)")).isEqualTo("True");
        assertThat(python.repr("m.types(m.Point, object)")).isEqualTo("False");
    }

    @Test
    void namesOfKeywordsAreThemselves() {
        assertThat(python.repr("m.names(a=1, b=2)")).isEqualTo("(True, True, False)");
    }
}
