package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.hpyve.bridge.Layout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names of keywords, as functions of extensions get them. */
class KeywordNamesTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadFunctions() {
        python.loadFunctions(
                "parsed:KEYWORDS names:KEYWORDS item:KEYWORDS closes:KEYWORDS closes_item:KEYWORDS leaks:KEYWORDS"
                        + " again:KEYWORDS struct_of:KEYWORDS kept:NOARGS drop:NOARGS",
                """
                static HPy parsed_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    static const char *names[] = {"a", "b", "c", NULL};
                    long a, b = 20, c = 30;
                    if (!HPyArg_ParseKeywords(ctx, NULL, args, nargs, kwnames, "l|ll", names, &a, &b, &c))
                        return HPy_NULL;
                    return HPyLong_FromLong(ctx, a * 10000 + b * 100 + c);
                }
                static HPy names_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    return HPy_Dup(ctx, HPy_IsNull(kwnames) ? ctx->h_None : kwnames);
                }
                static HPy item_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    return HPy_GetItem_i(ctx, kwnames, HPyLong_AsLong(ctx, args[0]));
                }
                static HPy closes_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    HPy_Close(ctx, kwnames);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy closes_item_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    HPy item = HPy_GetItem_i(ctx, kwnames, 0);
                    for (int i = 0; i < 5; i++)
                        HPy_Close(ctx, item);
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);
                }
                static HPy leaked;
                static HPy leaks_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    leaked = HPy_Dup(ctx, kwnames);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy kept_impl(HPyContext *ctx, HPy self) { return HPy_Dup(ctx, leaked); }
                static HPy drop_impl(HPyContext *ctx, HPy self)
                {
                    HPy_Close(ctx, leaked);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                /* again(f, n, k=...): calls f(n - 1, k=...) with the same names, and reads them afterwards. */
                static HPy again_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    long n = HPyLong_AsLong(ctx, args[1]);
                    if (n > 0) {
                        HPy inner[3] = {args[0], HPyLong_FromLong(ctx, n - 1), args[2]};
                        HPy result = HPy_Call(ctx, args[0], inner, 2, kwnames);
                        if (HPy_IsNull(result))
                            return HPy_NULL;
                        HPy_Close(ctx, result);
                    }
                    return HPy_GetItem_i(ctx, kwnames, 0);
                }
                static HPy struct_of_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
                {
                    return HPyBool_FromBool(ctx, _HPy_AsStruct_Tuple(ctx, kwnames) != NULL);
                }
                """);
    }

    private Counters counters() {
        return python.context().counters();
    }

    @Test
    void namesAreParsedWithoutACrossing() {
        assertThat(python.repr("m.parsed(1, b=2), m.parsed(c=3, a=1), m.parsed(a=1, b=2, c=3)"))
                .isEqualTo("(10230, 12003, 10203)");
        Counters before = counters();
        python.exec(
                "for i in range(100): assert m.parsed(1, b=i) == 10030 + 100 * i and m.parsed(c=i, a=2) == 22000 + i");

        assertThat(counters().crossings()).isEqualTo(before.crossings());
        assertThat(counters().nativeBytes()).isEqualTo(before.nativeBytes());
        assertThat(counters().handlesOpen()).isEqualTo(before.handlesOpen());
    }

    @Test
    void eachCallGetsItsOwnNames() {
        assertThat(python.repr("m.names(), m.names(1), m.names(x=1), m.names(1, y=2, x=1)[::-1]"))
                .isEqualTo("(None, None, (u'x',), (u'x', u'y'))");
        python.exec("""
                def given(names):
                    got = m.names(**dict((name, 0) for name in names))
                    return type(got) is tuple and sorted(got) == sorted(unicode(name) for name in names)
                """);
        assertThat(python.repr("[n for n in range(2000) if not given(['name%d' % n]) or not given(['a%d' % n, 'b'])]"))
                .isEqualTo("[]");
        assertThat(python.repr("m.names(**{'\\xc3\\xa9': 1})")).isEqualTo(python.repr("m.names(**{'\\xc3\\xa9': 2})"));
    }

    @Test
    void onlySoManyNamesAreKeptAndNoneThatAreLong() {
        long before = counters().nativeBytes();
        python.exec("m.item(0, name=1)");
        long one = counters().nativeBytes() - before;
        python.exec("""
                for i in range(15000): m.item(0, **{'name%d' % i: 1})
                for i in range(100): m.item(0, **{'long%d' % i * 1000: 1})
                """);

        // Two for each of the names that are kept, besides the constants.
        long slots = 1024L * Layout.SLOT_BYTES;
        assertThat(one).isPositive();
        assertThat(counters().nativeBytes()).isLessThanOrEqualTo(before + slots + 256 * one);
        assertThat(counters().handlesOpen()).isEqualTo(0);
        assertThat(counters().handlesPeak()).isLessThan(100);
    }

    @Test
    void itemsAreThoseOfATuple() {
        for (String names : new String[] {"x=1, y=2", "**{'%s': 1, 'y': 2}".formatted("x".repeat(300))}) {
            assertThat(python.repr("sorted([m.item(0, %1$s), m.item(1, %1$s)])[1] == 'y'".formatted(names)))
                    .isEqualTo("True");
            assertThat(python.repr("m.item(-1, %1$s) == m.item(1, %1$s)".formatted(names)))
                    .isEqualTo("True");
            assertThat(python.raised("m.item(2, %s)".formatted(names))).startsWith("IndexError: ");
            assertThat(python.raised("m.item(-3, %s)".formatted(names))).startsWith("IndexError: ");
            assertThat(python.raised("m.item(1 << 40, %s)".formatted(names))).startsWith("IndexError: ");
            assertThat(python.repr("m.struct_of(%s)".formatted(names))).isEqualTo("False");
        }
    }

    @Test
    void namesThatAreClosedWronglyAreThereInTheNextCall() {
        for (int i = 0; i < 3; i++) {
            assertThat(python.raised("m.closes(x=1)"))
                    .startsWith("SystemError: ")
                    .contains("m.closes()", "closed the handle of one of its arguments");
            python.exec("try: m.closes_item(x=1)\nexcept SystemError: pass\n");
            assertThat(python.repr("m.names(x=1), m.item(0, x=1)")).isEqualTo("((u'x',), u'x')");
        }
    }

    @Test
    void aHandleThatIsKeptOutlivesTheCallAndCounts() {
        python.exec("m.leaks(x=1)");

        assertThat(counters().handlesOpen()).isEqualTo(1);
        assertThat(python.repr("m.names(x=1), m.kept()")).isEqualTo("((u'x',), (u'x',))");
        python.exec("m.drop()");
        assertThat(counters().handlesOpen()).isEqualTo(0);
    }

    @Test
    void callsWithTheSameNamesNest() {
        assertThat(python.repr("m.again(m.again, 50, k=1), m.names(k=1)")).isEqualTo("(u'k', (u'k',))");
    }
}
