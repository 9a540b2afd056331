package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of open handles and of native memory: an exception, and all goes on. */
class LimitTest {

    /** Handles of arguments are never refused. */
    private static final int SLACK = 64;

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String LEAKS = """
            static HPy kept[100000];
            static long count, wrong;

            /* Keeps what it is given; true until there is nothing. */
            static int keep(HPyContext *ctx, HPy h)
            {
                if (HPy_IsNull(h)) {
                    wrong += !HPyErr_Occurred(ctx) || !HPyErr_ExceptionMatches(ctx, ctx->h_MemoryError);
                    return 0;
                }
                kept[count++] = h;
                return count < 100000;
            }
            #define LEAK(NAME, EXPRESSION)                                             \\
                static HPy NAME##_impl(HPyContext *ctx, HPy self, HPy arg)             \\
                {                                                                      \\
                    while (keep(ctx, EXPRESSION))                                      \\
                        ;                                                              \\
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Dup(ctx, ctx->h_None);\\
                }
            static HPy built(HPyContext *ctx, HPy arg)
            {
                HPyTupleBuilder builder = HPyTupleBuilder_New(ctx, 3);
                for (int i = 0; i < 3; i++)
                    HPyTupleBuilder_Set(ctx, builder, i, arg);
                return HPyTupleBuilder_Build(ctx, builder);
            }
            LEAK(texts, HPyUnicode_FromString(ctx, "a text"))
            LEAK(long_texts, HPyUnicode_FromString(ctx, "a text that is longer than what is known by heart"))
            LEAK(bytes, HPyBytes_FromString(ctx, "bytes"))
            LEAK(dups, HPy_Dup(ctx, arg))
            LEAK(nones, HPy_Dup(ctx, ctx->h_None))
            LEAK(lists, HPyList_New(ctx, 1))
            LEAK(dicts, HPyDict_New(ctx))
            LEAK(longs, HPyLong_FromLongLong(ctx, 1LL << 60))
            LEAK(items, HPy_GetItem_i(ctx, arg, count % HPy_Length(ctx, arg)))
            LEAK(attributes, HPy_GetAttr_s(ctx, arg, "__class__"))
            LEAK(reprs, HPy_Repr(ctx, arg))
            LEAK(tuples, built(ctx, arg))
            LEAK(values, HPy_BuildValue(ctx, "{s:[ii]}", "key", 1, 2))

            static HPy close_all_impl(HPyContext *ctx, HPy self)
            {
                while (count > 0)
                    HPy_Close(ctx, kept[--count]);
                return HPyLong_FromLong(ctx, wrong);
            }
            static HPy left_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, count); }
            """;

    private static final String FUNCTIONS =
            "texts:O long_texts:O bytes:O dups:O nones:O lists:O dicts:O longs:O items:O "
                    + "attributes:O reprs:O tuples:O values:O close_all:NOARGS left:NOARGS";

    private long open() {
        Counters counters = python.context().counters();
        return counters.handlesOpened() - counters.handlesClosed();
    }

    @Test
    void oneHandleTooManyIsAnExceptionWhereverItIsOpened() {
        python.loadFunctions(FUNCTIONS, LEAKS);
        String[] kinds = {
            "texts",
            "long_texts",
            "bytes",
            "dups",
            "nones",
            "lists",
            "dicts",
            "longs",
            "items",
            "attributes",
            "reprs",
            "tuples",
            "values"
        };
        for (long limit : new long[] {100, 1000, 5000}) {
            for (String kind : kinds) {
                python.context().setLimits(limit, 0);

                assertThat(python.raised("m." + kind + "([u'abc'] * 1000)"))
                        .as(kind)
                        .startsWith("hpyve.LimitExceeded: interpreter '")
                        .endsWith("more than " + limit + " open handles (call of m." + kind + ")");

                assertThat(open()).as(kind).isLessThanOrEqualTo(limit).isGreaterThan(limit - 10);
                assertThat(python.context().counters().handlesPeak()).isLessThanOrEqualTo(limit + SLACK);
                // Functions can still be called, and give handles back.
                assertThat(python.repr("m.close_all()")).as(kind).isEqualTo("0");
                assertThat(open()).as(kind).isZero();
                assertThat(python.repr("m.left()")).isEqualTo("0");
            }
        }
        python.context().setLimits(0, 0);
    }

    @Test
    void theExceptionIsAMemoryErrorThatPythonCanCatch() {
        python.loadFunctions(FUNCTIONS, LEAKS);
        python.context().setLimits(200, 0);
        python.exec("""
                caught = 0
                for i in range(50):
                    try:
                        m.texts(None)
                    except MemoryError as e:
                        caught += 1
                        name = type(e).__module__ + '.' + type(e).__name__
                    m.close_all()
                """);

        assertThat(python.repr("caught, name")).isEqualTo("(50, 'hpyve.LimitExceeded')");
    }

    @Test
    void whatIsOpenAtTheLimitEndsWithTheInterpreter() {
        python.loadTypes("Thing", "leak:O drop:NOARGS", """
                typedef struct { int64_t id; } Thing;
                HPyType_HELPERS(Thing)
                static HPy kept[1000];
                static long count, finalized;
                HPyDef_SLOT(Thing_finalize, HPy_tp_finalize)
                static void Thing_finalize_impl(HPyContext *ctx, HPy self) { finalized++; }
                SPEC(Thing, 0, &Thing_finalize, NULL)
                static HPy leak_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    while (count < 1000) {
                        Thing *thing;
                        HPy made = HPy_New(ctx, arg, &thing);
                        if (HPy_IsNull(made))
                            return HPy_NULL;
                        kept[count++] = made;
                    }
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy drop_impl(HPyContext *ctx, HPy self)
                {
                    while (count > 0)
                        HPy_Close(ctx, kept[--count]);
                    return HPyLong_FromLong(ctx, finalized);
                }
                """);
        python.context().setLimits(100, 0);

        for (int i = 0; i < 10; i++) {
            assertThat(python.raised("m.leak(m.Thing)")).contains("more than 100 open handles (call of m.leak)");
            System.gc();
            python.eval("m.drop()");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HPy_New(ctx, arg, &ignored)", "HPyType_GenericNew(ctx, arg, NULL, 0, HPy_NULL)"})
    void anObjectThatGetsNoHandleIsNotMade(String make) {
        python.loadTypes("Thing Plain", "leak:O drop:NOARGS ended:NOARGS", """
                typedef struct { int64_t filled; } Thing, Plain;
                HPyType_HELPERS(Thing)
                HPyType_HELPERS(Plain)
                static HPy kept[1000];
                static long count, destroyed, empty, finalized;
                HPyDef_SLOT(Thing_destroy, HPy_tp_destroy)
                static void Thing_destroy_impl(void *thing)
                {
                    destroyed++;
                    empty += !((Thing *)thing)->filled;
                }
                HPyDef_SLOT(Thing_finalize, HPy_tp_finalize)
                static void Thing_finalize_impl(HPyContext *ctx, HPy self) { finalized++; }
                SPEC(Thing, 0, &Thing_destroy, &Thing_finalize, NULL)
                HPyDef_SLOT(Plain_destroy, HPy_tp_destroy)
                static void Plain_destroy_impl(void *plain) { Thing_destroy_impl(plain); }
                SPEC(Plain, 0, &Plain_destroy, NULL)
                static HPy leak_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    void *ignored = NULL;
                    (void)ignored;
                    while (count < 1000) {
                        HPy made = MAKE;
                        if (HPy_IsNull(made))
                            return HPy_NULL;
                        Thing_AsStruct(ctx, made)->filled = 1;
                        kept[count++] = made;
                    }
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy drop_impl(HPyContext *ctx, HPy self)
                {
                    long all = count;
                    while (count > 0)
                        HPy_Close(ctx, kept[--count]);
                    return HPyLong_FromLong(ctx, all);
                }
                static HPy ended_impl(HPyContext *ctx, HPy self)
                {
                    return HPyTuple_Pack(ctx, 3, HPyLong_FromLong(ctx, empty), HPyLong_FromLong(ctx, destroyed),
                                         HPyLong_FromLong(ctx, finalized));
                }
                """.replace("MAKE", make));
        python.context().setLimits(50, 0);
        long[] made = new long[2];
        for (int i = 0; i < 6; i++) {
            assertThat(python.raised(i % 2 == 0 ? "m.leak(m.Thing)" : "m.leak(m.Plain)"))
                    .contains("more than 50 open handles (call of m.leak)");
            made[i % 2] += Long.parseLong(python.repr("m.drop()"));
        }
        python.context().setLimits(0, 0);

        String all = "(0, %d, %d)".formatted(made[0] + made[1], made[0]);
        for (int i = 0; i < 100 && !python.repr("m.ended()").equals(all); i++) {
            System.gc();
            python.eval("m.drop()");
        }
        assertThat(python.repr("m.ended()")).isEqualTo(all);
    }

    @Test
    void memoryThatExtensionsHoldIsLimited() {
        python.loadTypes("Big", "text:O builder:O capsules:NOARGS close:NOARGS", """
                typedef struct { char bytes[100000]; } Big;
                HPyType_HELPERS(Big)
                SPEC(Big, 0, NULL)
                static HPyListBuilder builders[1000];
                static HPy texts[1000];
                static long count, text_count;
                static HPy text_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    for (; text_count < 1000; text_count++) {
                        texts[text_count] = HPy_Add(ctx, arg, arg);
                        if (HPy_IsNull(texts[text_count]))
                            return HPy_NULL;
                        HPy_ssize_t size;
                        if (!HPyUnicode_AsUTF8AndSize(ctx, texts[text_count], &size)) {
                            text_count++;
                            return HPy_NULL;
                        }
                    }
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy builder_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    while (count < 1000) {
                        HPyListBuilder builder = HPyListBuilder_New(ctx, 10000);
                        HPyListBuilder_Set(ctx, builder, 0, arg);
                        if (builder._lst == 0)
                            return HPyListBuilder_Build(ctx, builder);
                        builders[count++] = builder;
                    }
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static char pointed[1];
                static HPy capsules_impl(HPyContext *ctx, HPy self)
                {
                    while (text_count < 1000) {
                        texts[text_count] = HPyCapsule_New(ctx, pointed, NULL, NULL);
                        if (HPy_IsNull(texts[text_count]))
                            return HPy_NULL;
                        text_count++;
                    }
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPy close_impl(HPyContext *ctx, HPy self)
                {
                    while (count > 0)
                        HPyListBuilder_Cancel(ctx, builders[--count]);
                    while (text_count > 0)
                        HPy_Close(ctx, texts[--text_count]);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                """);
        long most = python.context().counters().nativeBytes() + 3_000_000;
        python.context().setLimits(0, most);
        String tooMuch = "more than " + most + " bytes of native memory";
        python.exec("held = []\ndef hold():\n    for i in range(100): held.append(Big())");

        for (int i = 0; i < 3; i++) {
            assertThat(python.raised("hold()"))
                    .startsWith("hpyve.LimitExceeded")
                    .contains(tooMuch);
            assertThat(python.repr("20 <= len(held) <= 30")).isEqualTo("True");
            python.exec("del held[:]");
            assertThat(python.raised("m.builder(None)")).contains(tooMuch + " (call of m.builder)");
            python.eval("m.close()");
            assertThat(python.raised("m.text(u'a' * 100000)")).contains(tooMuch + " (call of m.text)");
            python.eval("m.close()");
            assertThat(python.context().counters().nativeBytes()).isLessThanOrEqualTo(most);
        }
        // What nobody holds is collected first.
        python.exec("for i in range(1000): Big()");
    }

    private static final String FINALIZED = """
            typedef struct { char bytes[100000]; HPyField then; } Big;
            HPyType_HELPERS(Big)
            HPyDef_MEMBER(Big_then, "then", HPyMember_OBJECT, offsetof(Big, then))
            HPyDef_SLOT(Big_traverse, HPy_tp_traverse)
            static int Big_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
            {
                HPy_VISIT(&((Big *)self)->then);
                return 0;
            }
            HPyDef_SLOT(Big_finalize, HPy_tp_finalize)
            static void Big_finalize_impl(HPyContext *ctx, HPy self)
            {
                Big *big = Big_AsStruct(ctx, self);
                if (HPyField_IsNull(big->then))
                    return;
                HPy then = HPyField_Load(ctx, self, big->then);
                HPy_Close(ctx, HPy_CallTupleDict(ctx, then, HPy_NULL, HPy_NULL));
                HPy_Close(ctx, then);
            }
            SPEC(Big, HPy_TPFLAGS_HAVE_GC, &Big_then, &Big_finalize, &Big_traverse, NULL)
            """;

    @Test
    void whatIsToBeFinalizedFirstMakesRoomToo() {
        python.loadTypes("Big", "", FINALIZED);
        python.context().setLimits(0, python.context().counters().nativeBytes() + 3_000_000);

        python.exec("for i in range(200): m.Big()");
    }

    @Test
    void finalizersThatGetNoMemoryAskForNoCollections() {
        python.loadTypes("Big", "", FINALIZED);
        python.context().setLimits(0, python.context().counters().nativeBytes() + 3_000_000);
        python.exec("""
                tried = []
                def more():
                    tried.append(1)
                    m.Big()
                def fill():
                    for i in range(29):
                        big = m.Big()
                        big.then = more
                fill()
                """);
        long before = collections();
        python.exec("m.Big()");

        assertThat(python.repr("len(tried) > 20")).isEqualTo("True");
        assertThat(collections() - before).isLessThan(10);
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    @Test
    void anExtensionsOwnWantOfMemoryIsAMemoryErrorAsEver() {
        python.loadFunctions(FUNCTIONS + " none:NOARGS", LEAKS + """
                static HPy none_impl(HPyContext *ctx, HPy self) { return HPyErr_NoMemory(ctx), HPy_NULL; }
                """);
        python.context().setLimits(50, 0);
        assertThat(python.raised("m.texts(None)")).startsWith("hpyve.LimitExceeded");

        assertThat(python.raised("m.none()")).isEqualTo("MemoryError");
        python.eval("m.close_all()");
    }
}
