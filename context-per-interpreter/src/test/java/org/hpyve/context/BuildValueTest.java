package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code HPy_BuildValue} makes, and that nothing is left of what it began. */
class BuildValueTest {

    private static final int MOST = 12;

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Loads {@code build(format, object, n)}: the n-th of twelve objects, from 1, is {@code HPy_NULL}; 0: none is. */
    private void loadBuild() {
        String objects = IntStream.range(0, MOST).mapToObj(i -> "o[" + i + "]").collect(Collectors.joining(", "));
        python.loadFunctions("build:VARARGS mixed:O", """
                static HPy build_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    const char *format = HPyUnicode_AsUTF8AndSize(ctx, args[0], NULL);
                    long null = HPyLong_AsLong(ctx, args[2]);
                    HPy o[12];
                    for (int i = 0; i < 12; i++)
                        o[i] = i + 1 == null ? HPy_NULL : args[1];
                    return HPy_BuildValue(ctx, format, %s);
                }
                static HPy mixed_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPy_BuildValue(ctx, "is(dO[lO]{s:(O)})O", 1, "text", 0.5, arg, 1L << 60, arg, "key", arg, arg);
                }
                """.formatted(objects));
    }

    @Test
    void tuplesAndListsOfEveryLengthHaveTheirItemsInOrder() {
        loadBuild();
        python.exec(
                "o = object()\ndef same(x, n, t): return type(x) is t and len(x) == n and all(i is o for i in x)\n");

        for (int n = 0; n <= MOST; n++) {
            String units = "O".repeat(n);
            assertThat(python.repr("same(m.build(u'(%s)', o, 0), %d, tuple)".formatted(units, n)))
                    .isEqualTo("True");
            assertThat(python.repr("same(m.build(u'[%s]', o, 0), %d, list)".formatted(units, n)))
                    .isEqualTo("True");
        }
        assertThat(python.repr("m.mixed(o) == (1, u'text', (0.5, o, [1 << 60, o], {u'key': (o,)}), o)"))
                .isEqualTo("True");
    }

    @Test
    void nothingIsLeftIfAnItemIsMissingAtAnyPlace() {
        loadBuild();

        for (int n = 1; n <= MOST; n++) {
            for (String format : new String[] {"(%s)", "[%s]", "%s1", "((%s)O)"}) {
                String units = format.formatted("O".repeat(n));
                assertThat(python.raised("m.build(u'%s', [], %d)".formatted(units, n)))
                        .startsWith("SystemError: ");
                assertThat(python.context().counters().handlesOpen()).isZero();
            }
            assertThat(python.raised("m.build(u'(%s', [], 0)".formatted("O".repeat(n))))
                    .startsWith("SystemError: unmatched '('");
        }
        assertThat(python.context().counters().handlesOpen()).isZero();
    }
}
