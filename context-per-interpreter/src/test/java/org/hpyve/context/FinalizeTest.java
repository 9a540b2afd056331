package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.hpyve.bridge.NativeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of instances: tp_finalize once, with the whole object, then tp_destroy once, with the struct alone. */
class FinalizeTest {

    private static final Duration HANGS = Duration.ofSeconds(60);

    @RegisterExtension
    final ContextExtension other = new ContextExtension();

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final String THINGS = """
            #include <pthread.h>
            /* What has happened; can be elsewhere, to be read when the extension is gone. */
            enum { FINALIZED, DESTROYED, AGAIN, DISORDER, FOREIGN, SUM, DERIVED_FINALIZED, DERIVED_DESTROYED, COUNTS };
            static int64_t own_counts[COUNTS];
            static int64_t *counts = own_counts;
            static pthread_t owner;

            typedef struct { int64_t id; int64_t finalized, destroyed; HPyField other; } Thing;
            HPyType_HELPERS(Thing)
            HPyDef_MEMBER(Thing_id, "id", HPyMember_LONGLONG, offsetof(Thing, id))
            HPyDef_MEMBER(Thing_finalized, "finalized", HPyMember_LONGLONG, offsetof(Thing, finalized))
            HPyDef_MEMBER(Thing_other, "other", HPyMember_OBJECT, offsetof(Thing, other))

            static void finalize(HPyContext *ctx, HPy self, Thing *thing)
            {
                counts[FINALIZED]++;
                counts[SUM] += thing->id;
                counts[AGAIN] += thing->finalized++ > 0;
                counts[DISORDER] += thing->destroyed > 0;
                counts[FOREIGN] += !pthread_equal(owner, pthread_self());
            }
            /* Tells the list in its field, calls the function in it, or raises an error if the id is negative. */
            HPyDef_SLOT(Thing_finalize, HPy_tp_finalize)
            static void Thing_finalize_impl(HPyContext *ctx, HPy self)
            {
                Thing *thing = Thing_AsStruct(ctx, self);
                finalize(ctx, self, thing);
                if (!HPyField_IsNull(thing->other)) {
                    HPy other = HPyField_Load(ctx, self, thing->other);
                    if (HPyList_Check(ctx, other))
                        HPyList_Append(ctx, other, self);
                    else if (HPyCallable_Check(ctx, other))
                        HPy_Close(ctx, HPy_Call(ctx, other, &self, 1, HPy_NULL));
                    HPy_Close(ctx, other);
                }
                if (thing->id < 0)
                    HPyErr_SetString(ctx, ctx->h_ValueError, "from the finalizer");
            }
            HPyDef_SLOT(Thing_destroy, HPy_tp_destroy)
            static void Thing_destroy_impl(void *data)
            {
                Thing *thing = data;
                counts[DESTROYED]++;
                counts[AGAIN] += thing->destroyed++ > 0;
                counts[DISORDER] += thing->finalized == 0;
                counts[FOREIGN] += !pthread_equal(owner, pthread_self());
            }
            HPyDef_SLOT(Thing_traverse, HPy_tp_traverse)
            static int Thing_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
            {
                HPy_VISIT(&((Thing *)self)->other);
                return 0;
            }
            SPEC(Thing, HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC, &Thing_id, &Thing_finalized, &Thing_other,
                 &Thing_finalize, &Thing_destroy, &Thing_traverse, NULL)

            typedef struct { Thing base; int64_t more; } Derived;
            HPyType_HELPERS(Derived)
            HPyDef_SLOT(Derived_finalize, HPy_tp_finalize)
            static void Derived_finalize_impl(HPyContext *ctx, HPy self)
            {
                counts[DERIVED_FINALIZED]++;
                Derived_AsStruct(ctx, self)->base.finalized++;
            }
            HPyDef_SLOT(Derived_destroy, HPy_tp_destroy)
            static void Derived_destroy_impl(void *data)
            {
                counts[DERIVED_DESTROYED]++;
                counts[DISORDER] += ((Thing *)data)->destroyed > 0;
            }
            SPEC(Derived, HPy_TPFLAGS_BASETYPE, &Derived_finalize, &Derived_destroy, NULL)
            typedef struct { Thing base; int64_t more; } Heir;
            HPyType_HELPERS(Heir)
            SPEC(Heir, HPy_TPFLAGS_BASETYPE, NULL)

            typedef struct { int64_t finalized; } Int;
            HPyType_HELPERS(Int, HPyType_BuiltinShape_Long)
            HPyDef_SLOT(Int_finalize, HPy_tp_finalize)
            static void Int_finalize_impl(HPyContext *ctx, HPy self)
            {
                counts[FINALIZED]++;
                counts[SUM] += HPyLong_AsLong(ctx, self);
                counts[AGAIN] += Int_AsStruct(ctx, self)->finalized++ > 0;
            }
            SPEC(Int, HPy_TPFLAGS_BASETYPE, &Int_finalize, NULL)
            HPyDef_SLOT(Bare_finalize, HPy_tp_finalize)
            static void Bare_finalize_impl(HPyContext *ctx, HPy self) { counts[FINALIZED]++; }
            static HPyDef *Bare_defines[] = {&Bare_finalize, NULL};
            static HPyType_Spec Bare_spec = {.name = "m.Bare", .flags = HPy_TPFLAGS_DEFAULT, .defines = Bare_defines};

            static HPy count_impl(HPyContext *ctx, HPy self)
            {
                owner = pthread_self();
                HPyListBuilder list = HPyListBuilder_New(ctx, COUNTS);
                for (int i = 0; i < COUNTS; i++)
                    HPyListBuilder_Set(ctx, list, i, HPyLong_FromInt64_t(ctx, counts[i]));
                return HPyListBuilder_Build(ctx, list);
            }
            static HPy report_to_impl(HPyContext *ctx, HPy self, HPy address)
            {
                counts = (int64_t *)HPyLong_AsVoidPtr(ctx, address);
                return count_impl(ctx, self);
            }
            """;

    private void loadThings() {
        python.loadTypes("Thing Derived:Thing Heir:Thing Int:h_LongType Bare", "count:NOARGS report_to:O", THINGS);
        python.exec("""
                m.count()
                def drop(make, n=1, **attributes):
                    for i in xrange(n):
                        t = make()
                        for k, v in attributes.items(): setattr(t, k, v)
                """);
    }

    /** Collects until an expression has the value. */
    private void await(String expression, String value) {
        long start = System.nanoTime();
        while (!python.repr(expression).equals(value) && System.nanoTime() - start < HANGS.toNanos()) {
            System.gc();
        }
        assertThat(python.repr(expression)).as(expression).isEqualTo(value);
    }

    @Test
    void aHundredThousandInstancesAreEachFinalizedAndDestroyedOnceAndLeaveNoMemory() {
        loadThings();
        long before = python.context().counters().nativeBytes();
        python.exec("for i in xrange(100000): Thing()");
        await("m.count()", "[100000, 100000, 0, 0, 0, 0, 0, 0]");
        long start = System.nanoTime();
        while (python.context().counters().nativeBytes() != before && System.nanoTime() - start < HANGS.toNanos()) {
            System.gc();
            python.exec("m.count()");
        }
        assertThat(python.context().counters().nativeBytes()).isEqualTo(before);
    }

    @Test
    void aLivingInstanceIsLeftAlone() {
        loadThings();
        python.exec("t = Thing(); t.id = 7; t.other = t; drop(Thing)");

        await("m.count()", "[1, 1, 0, 0, 0, 0, 0, 0]");
        assertThat(python.repr("t.id, t.finalized, t.other is t")).isEqualTo("(7, 0, True)");
        python.exec("del t");
        await("m.count()[:3]", "[2, 2, 0]");
    }

    @Test
    void cyclesOfFieldsAreCollected() {
        loadThings();
        python.exec("""
                def tie(n):
                    things = [Thing() for i in range(n)]
                    for i, t in enumerate(things):
                        t.id = 1
                        t.other = things[i - 1]
                tie(1); tie(2); tie(100)
                """);

        await("m.count()", "[103, 103, 0, 0, 0, 103, 0, 0]");
    }

    @Test
    void aCycleThroughPythonIsCollectedToo() {
        loadThings();
        python.exec("""
                class Sub(Thing): pass
                def tie():
                    s = Sub(); s.other = {'back': s}; s.note = [s]; s.id = 4
                tie()
                """);

        await("m.count()", "[1, 1, 0, 0, 0, 4, 0, 0]");
    }

    @Test
    void aFinalizerMayKeepItsObjectWhichIsWholeThenAndNotFinalizedAgain() {
        loadThings();
        python.exec("kept = []; drop(Thing, 3, other=kept, id=5)");

        await("(m.count(), len(kept))[1]", "3");
        assertThat(python.repr("[(t.id, t.finalized, t.other is kept, type(t) is Thing) for t in kept], m.count()[:2]"))
                .isEqualTo("([(5, 1, True, True), (5, 1, True, True), (5, 1, True, True)], [3, 0])");
        python.exec("kept[0].id = 6; kept[0].other = None; del t, kept[:]");
        await("m.count()", "[3, 3, 0, 0, 0, 15, 0, 0]");
        assertThat(python.repr("kept")).isEqualTo("[]");
    }

    @Test
    void aFinalizerMayKeepItsObjectInAGlobal() {
        python.load("""
                typedef struct { long id; } Phoenix;
                HPyType_HELPERS(Phoenix)
                static HPyGlobal kept;
                static long finalized;
                HPyDef_SLOT(Phoenix_finalize, HPy_tp_finalize)
                static void Phoenix_finalize_impl(HPyContext *ctx, HPy self)
                {
                    Phoenix_AsStruct(ctx, self)->id = 42;
                    finalized++;
                    HPyGlobal_Store(ctx, &kept, self);
                }
                static HPyDef *Phoenix_defines[] = {&Phoenix_finalize, NULL};
                static HPyType_Spec Phoenix_spec = {.name = "m.Phoenix", .basicsize = sizeof(Phoenix),
                    .flags = HPy_TPFLAGS_DEFAULT, .defines = Phoenix_defines};
                HPyDef_METH(id, "id", HPyFunc_NOARGS)
                static HPy id_impl(HPyContext *ctx, HPy self)
                {
                    if (finalized == 0)
                        return HPyLong_FromLong(ctx, 0);
                    HPy h = HPyGlobal_Load(ctx, kept);
                    long id = Phoenix_AsStruct(ctx, h)->id;
                    HPy_Close(ctx, h);
                    return HPyLong_FromLong(ctx, id + 1000 * finalized);
                }
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    HPyGlobal_Store(ctx, &kept, ctx->h_None);
                    return HPyHelpers_AddType(ctx, module, "Phoenix", &Phoenix_spec, NULL) ? 0 : -1;
                }
                static HPyDef *module_defines[] = {&exec, &id, NULL};
                static HPyGlobal *globals[] = {&kept, NULL};
                static HPyModuleDef module_def = {.defines = module_defines, .globals = globals};
                HPy_MODINIT(m, module_def)
                """);
        python.exec("m.Phoenix()");

        await("m.id()", "1042");
        System.gc();
        assertThat(python.repr("m.id(), m.id()")).isEqualTo("(1042, 1042)");
    }

    @Test
    void anErrorOfAFinalizerIsToldAndHasNoOtherEffect() {
        loadThings();
        python.exec("import sys, StringIO\nerr = StringIO.StringIO(); old = sys.stderr; sys.stderr = err\n"
                + "def fail(t): raise KeyError(t.id)\n"
                + "drop(Thing, 2, id=-1); drop(Thing, 1, other=fail, id=3)");

        await("m.count()[:6]", "[3, 3, 0, 0, 0, 1]");
        python.exec("sys.stderr = old; text = err.getvalue()");
        assertThat(python.repr("text.count('from the finalizer'), 'KeyError' in text, 'Thing' in text"))
                .isEqualTo("(2, True, True)");
        assertThat(python.repr("Thing().id, m.count()[2]")).isEqualTo("(0, 0)");
    }

    @Test
    void anErrorThatCannotBeToldDisturbsNoOtherCall() {
        loadThings();
        python.exec(
                "import sys\nold = sys.stderr\nclass Bad(object):\n    def write(self, text): raise KeyError(text)");
        for (String stderr : new String[] {"sys.stderr = Bad()", "sys.stderr = None", "del sys.stderr"}) {
            python.exec(stderr);
            python.exec("drop(Thing, 2, id=-1); before = m.count()[1]");
            await("m.count()[1] - before", "2");
            python.exec("sys.stderr = old");
        }
        assertThat(python.repr("m.count()")).isEqualTo("[6, 6, 0, 0, 0, -6, 0, 0]");
    }

    @Test
    void anErrorThatCannotBeToldAtCloseLeavesNothingUndone() {
        loadThings();
        long address = other.context().bridge().allocate(64);
        python.exec(
                "m.report_to(%dL)\nalive = [Thing() for i in range(5)]\nfor t in alive: t.id = -1\n".formatted(address)
                        + "import sys; del sys.stderr");
        python.context().close();

        assertThat(NativeMemory.words(address, 8)).containsExactly(5, 5, 0, 0, 0, -5, 0, 0);
        other.context().bridge().free(address);
    }

    @Test
    void aFinalizerMayMakeInstancesWhichAreFinalizedInTheirTurn() {
        loadThings();
        python.exec("def again(t):\n    n = Thing(); n.id = 10\n    if t.id > 1: n.other = again; n.id = t.id - 1\n"
                + "drop(Thing, 1, id=3, other=again)");

        await("m.count()", "[4, 4, 0, 0, 0, 16, 0, 0]");
    }

    @Test
    void aTypesOwnFinalizerReplacesThatOfItsBaseAndAllDestroyTheirPart() {
        loadThings();
        python.exec("drop(Derived, 3); drop(Heir, 2, id=1)");

        await("m.count()", "[2, 5, 0, 0, 0, 2, 3, 3]");
    }

    @Test
    void instancesOfPythonSubclassesAreFinalizedAsThoseOfTheirBase() {
        loadThings();
        python.exec("class A(Thing): pass\nclass B(Derived): pass\nclass C(A):\n    def __init__(self): self.note = 1\n"
                + "drop(A, 1, id=1); drop(B); drop(C, 1, id=10, other=lambda t: seen.append(t.note)); seen = []");

        await("m.count()", "[2, 3, 0, 0, 0, 11, 1, 1]");
        assertThat(python.repr("seen")).as("its attributes are still there").isEqualTo("[1]");
    }

    @Test
    void theFinalizerOfASecondBaseIsInherited() {
        python.loadTypes("Plain Bare", "count:NOARGS", """
                typedef struct { int64_t id; } Plain;
                HPyType_HELPERS(Plain)
                SPEC(Plain, HPy_TPFLAGS_BASETYPE, NULL)
                static int finalized;
                HPyDef_SLOT(Bare_finalize, HPy_tp_finalize)
                static void Bare_finalize_impl(HPyContext *ctx, HPy self) { finalized++; }
                static HPyDef *Bare_defines[] = {&Bare_finalize, NULL};
                static HPyType_Spec Bare_spec = {.name = "m.Bare",
                    .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE, .defines = Bare_defines};
                static HPy count_impl(HPyContext *ctx, HPy self) { return HPyLong_FromLong(ctx, finalized); }
                """);
        python.exec("m.count()\nclass Both(m.Plain, m.Bare): pass\nclass Sub(Both): pass\nBoth(); Sub()");

        await("m.count()", "2");
    }

    @Test
    void anInstanceWhoseInitFailedIsFinalized() {
        loadThings();
        python.exec("class Fails(Thing):\n    def __init__(self, id): self.id = id; raise ValueError('init')");

        assertThat(python.raised("Fails(8)")).isEqualTo("ValueError: init");
        await("m.count()", "[1, 1, 0, 0, 0, 8, 0, 0]");
    }

    @Test
    void typesOfBuiltInShapesAndWithoutStructHaveFinalizersToo() {
        loadThings();
        python.exec("drop(lambda: Int(40)); drop(Bare, 5)\nclass Sub(Int): pass\ndrop(lambda: Sub(100))");

        await("m.count()", "[7, 0, 0, 0, 0, 140, 0, 0]");
    }

    @Test
    void anInstanceWhoseClassWasChangedDisturbsNoOtherCall() {
        loadThings();
        python.exec("import sys, StringIO\nold = sys.stderr; sys.stderr = StringIO.StringIO()\n"
                + "class A(Thing): pass\nclass B(Derived): pass\n"
                + "def change():\n    a = A(); a.__class__ = B\n"
                + "change(); drop(Thing)");

        await("m.count()[1]", "2");
        python.exec("sys.stderr = old");
        assertThat(python.repr("m.count()[2:5]")).isEqualTo("[0, 1, 0]");
    }

    @Test
    void whatIsAliveAtCloseIsFinalizedAndDestroyedOnce() {
        loadThings();
        long address = other.context().bridge().allocate(64);
        python.exec(
                "m.report_to(%dL)\nalive = [Thing() for i in range(50)]\nfor t in alive: t.id = 1; t.other = alive[0]\n"
                                .formatted(address)
                        + "d = Derived(); gone = Thing(); gone.id = 100; del gone; i = Int(1000)");
        python.context().close();

        assertThat(NativeMemory.words(address, 8)).containsExactly(52, 52, 0, 0, 0, 1150, 1, 1);
        other.context().bridge().free(address);
    }
}
