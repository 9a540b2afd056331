package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lists: making, checking, appending, inserting. */
class ListApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private void loadLists() {
        python.loadFunctions("check:O make:O append:VARARGS insert:VARARGS", """
                static HPy check_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyBool_FromBool(ctx, HPyList_Check(ctx, arg));
                }
                static HPy make_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    HPy_ssize_t n = HPyLong_AsSsize_t(ctx, arg);
                    return n == -1 && HPyErr_Occurred(ctx) ? HPy_NULL : HPyList_New(ctx, n);
                }
                static HPy append_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    int status = HPyList_Append(ctx, args[0], nargs > 1 ? args[1] : HPy_NULL);
                    return status < 0 ? HPy_NULL : HPyLong_FromInt32_t(ctx, status);
                }
                static HPy insert_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy_ssize_t index = HPyLong_AsSsize_t(ctx, args[1]);
                    int status = HPyList_Insert(ctx, args[0], index, nargs > 2 ? args[2] : HPy_NULL);
                    return status < 0 ? HPy_NULL : HPyLong_FromInt32_t(ctx, status);
                }
                """);
        python.exec("class L(list):\n    pass\nl = [1, 2, 3]");
    }

    @Test
    void checkIsTrueForListsAndSubclassesOnly() {
        loadLists();

        assertThat(python.repr("[m.check(x) for x in ([], [1], L(), (), {}, 'abc', 5, 5.0, None, list, object())]"))
                .isEqualTo("[True, True, True, False, False, False, False, False, False, False, False]");
    }

    @Test
    void newGivesAFreshListOfTheLength() {
        loadLists();

        assertThat(python.repr("m.make(0)")).isEqualTo("[]");
        assertThat(python.repr("len(m.make(5)), type(m.make(5))")).isEqualTo("(5, <type 'list'>)");
        assertThat(python.repr("m.make(1) is m.make(1)")).isEqualTo("False");
        assertThat(python.repr("len(m.make(100000))")).isEqualTo("100000");
    }

    @Test
    void newRejectsImpossibleLengths() {
        loadLists();

        assertThat(python.raised("m.make(-1)")).startsWith("SystemError: ").contains("HPyList_New");
        assertThat(python.raised("m.make(2 ** 62)")).startsWith("MemoryError");
    }

    @Test
    void appendKeepsOrderAndIdentity() {
        loadLists();

        assertThat(python.repr("(m.append(l, 4), m.append(l, 2.5), m.append(l, l), len(l), l[3:5], l[5] is l)"))
                .isEqualTo("(0, 0, 0, 6, [4, 2.5], True)");
        python.exec("o = object(); s = L(); m.append(s, o)");
        assertThat(python.repr("s[0] is o, len(s)")).isEqualTo("(True, 1)");
    }

    @Test
    void insertTakesEveryIndexAsPythonDoes() {
        loadLists();
        python.exec("""
                def inserted(index):
                    a = [1, 2, 3]
                    m.insert(a, index, 'x')
                    b = [1, 2, 3]
                    b.insert(max(-9, min(9, index)), 'x')
                    assert a == b, (a, b)
                    return a.index('x')
                """);

        assertThat(python.repr("[inserted(i) for i in (0, 1, 3, 4, -1, -3, -4, 2 ** 31, -2 ** 31, 2 ** 62, -2 ** 63)]"))
                .isEqualTo("[0, 1, 3, 3, 2, 0, 0, 3, 0, 3, 0]");
    }

    @Test
    void otherObjectsAreRejected() {
        loadLists();

        assertThat(python.raised("m.append((), 1)"))
                .isEqualTo("SystemError: HPyList_Append: bad argument of type 'tuple'");
        assertThat(python.raised("m.append(5, 1)"))
                .isEqualTo("SystemError: HPyList_Append: bad argument of type 'int'");
        assertThat(python.raised("m.insert({}, 0, 1)"))
                .isEqualTo("SystemError: HPyList_Insert: bad argument of type 'dict'");
    }

    @Test
    void aMissingItemIsRejectedAndTheListStays() {
        loadLists();

        assertThat(python.raised("m.append(l)")).startsWith("SystemError").contains("HPyList_Append", "HPy_NULL");
        assertThat(python.raised("m.insert(l, 0)")).startsWith("SystemError").contains("HPyList_Insert", "HPy_NULL");
        assertThat(python.repr("l")).isEqualTo("[1, 2, 3]");
    }
}
