package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Instances that C makes without asking Java are the same as those that Java makes. */
class DeferredInstanceTest {

    private static final Duration HANGS = Duration.ofSeconds(60);

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadTypes() {
        python.loadTypes("Point Sum:Point Ended", "make:VARARGS pairs:VARARGS after:VARARGS lost:VARARGS value:O", """
                typedef struct { int64_t value; HPyField field; } Point;
                HPyType_HELPERS(Point)
                HPyDef_MEMBER(Point_value, "value", HPyMember_LONGLONG, offsetof(Point, value))
                HPyDef_MEMBER(Point_field, "field", HPyMember_OBJECT, offsetof(Point, field))
                SPEC(Point, HPy_TPFLAGS_BASETYPE, &Point_value, &Point_field, NULL)

                typedef struct { Point base; int64_t more[20]; } Sum;
                HPyType_HELPERS(Sum)
                HPyDef_MEMBER(Sum_last, "last", HPyMember_LONGLONG, offsetof(Sum, more[19]))
                SPEC(Sum, HPy_TPFLAGS_BASETYPE, &Sum_last, NULL)

                typedef struct { int64_t value; } Ended;
                HPyType_HELPERS(Ended)
                HPyDef_SLOT(Ended_finalize, HPy_tp_finalize)
                static void Ended_finalize_impl(HPyContext *ctx, HPy self) {}
                SPEC(Ended, HPy_TPFLAGS_BASETYPE, &Ended_finalize, NULL)

                static HPy instance(HPyContext *ctx, HPy type, int64_t value)
                {
                    int64_t *data;
                    HPy made = HPy_New(ctx, type, &data);
                    if (HPy_IsNull(made))
                        return made;
                    if (*data != 0 || (void *)data != (void *)Point_AsStruct(ctx, made)) {
                        HPyErr_SetString(ctx, ctx->h_AssertionError, "not zero, or not the struct");
                        return HPy_NULL;
                    }
                    *data = value;
                    return made;
                }
                /* make(type, n): a list of n instances with numbers. */
                static HPy make_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy list = HPyList_New(ctx, 0);
                    for (int64_t i = 0; i < HPyLong_AsInt64_t(ctx, args[1]); i++) {
                        HPy made = instance(ctx, args[0], i);
                        if (HPy_IsNull(made) || HPyList_Append(ctx, list, made) != 0) {
                            HPy_Close(ctx, list);
                            return HPy_NULL;
                        }
                        HPy_Close(ctx, made);
                    }
                    return list;
                }
                /* pairs(type, n): instances whose fields refer to the one before; the type's handle is closed early. */
                static HPy pairs_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy last = HPy_Dup(ctx, ctx->h_None);
                    for (int64_t i = 0; i < HPyLong_AsInt64_t(ctx, args[1]); i++) {
                        HPy type = HPy_Dup(ctx, args[0]);
                        HPy made = instance(ctx, type, i);
                        HPy_Close(ctx, type);
                        if (HPy_IsNull(made))
                            return made;
                        HPyField_Store(ctx, made, (HPyField *)((int64_t *)(void *)Point_AsStruct(ctx, made) + 1), last);
                        HPy_Close(ctx, last);
                        last = made;
                    }
                    return last;
                }
                /* after(type, function): an instance that is made after a call. */
                static HPy after_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    HPy answer = HPy_Call(ctx, args[1], NULL, 0, HPy_NULL);
                    if (HPy_IsNull(answer))
                        return HPy_NULL;
                    HPy_Close(ctx, answer);
                    return instance(ctx, args[0], 7);
                }
                /* lost(type, n): n instances that nobody gets, and an error. */
                static HPy lost_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
                {
                    for (int64_t i = 0; i < HPyLong_AsInt64_t(ctx, args[1]); i++)
                        HPy_Close(ctx, instance(ctx, args[0], i));
                    HPyErr_SetString(ctx, ctx->h_ValueError, "lost");
                    return HPy_NULL;
                }
                static HPy value_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromInt64_t(ctx, *(int64_t *)(void *)Point_AsStruct(ctx, arg));
                }
                """);
        python.exec("""
                import gc
                class Sub(m.Point): pass
                """);
    }

    private long crossings() {
        return python.context().counters().crossings();
    }

    @Test
    void manyInstancesNeedFewCrossingsAndHaveTheirOwnStructs() {
        python.exec("m.make(m.Point, 1)");
        long before = crossings();

        python.exec("made = m.make(m.Point, 2000)");

        assertThat(crossings() - before).isLessThan(20);
        assertThat(python.repr("[p.value for p in made] == range(2000)")).isEqualTo("True");
        assertThat(python.repr("set(type(p) for p in made) == set([m.Point])")).isEqualTo("True");
    }

    @Test
    void instancesOfJavaAndOfCDoNotShareStructs() {
        python.exec("""
                made = []
                for i in range(300):
                    p = m.Point()
                    p.value = -1
                    made.append(p)
                    made.extend(m.make(m.Point, 2))
                """);

        assertThat(python.repr("[p.value for p in made] == [-1, 0, 1] * 300")).isEqualTo("True");
    }

    @Test
    void fieldsOfInstancesReferToOthers() {
        python.exec("""
                count = 0
                p = m.pairs(m.Point, 500)
                while p is not None:
                    count += 1
                    p = p.field
                """);

        assertThat(python.repr("count")).isEqualTo("500");
    }

    @Test
    void aDerivedTypeHasAStructOfItsOwnSize() {
        python.exec("""
                made = m.make(m.Sum, 100)
                for p in made: p.last = p.value + 1
                """);

        assertThat(python.repr("[(p.value, p.last) for p in made] == [(i, i + 1) for i in range(100)]"))
                .isEqualTo("True");
    }

    @Test
    void subclassesAndTypesWithAnEndAreMadeByJava() {
        assertThat(python.repr("[p.value for p in m.make(Sub, 20)] == range(20)"))
                .isEqualTo("True");
        assertThat(python.repr("len(m.make(m.Ended, 20))")).isEqualTo("20");
    }

    @Test
    void whatIsNoHpyTypeIsRefused() {
        assertThat(python.raised("m.make(object, 1)"))
                .isEqualTo("TypeError: HPy_New: 'object' is not a type made by HPyType_FromSpec");
    }

    @Test
    void anErrorAfterwardsLeavesNoHandle() {
        python.exec("m.make(m.Point, 1)");
        long open = python.context().counters().handlesOpen();

        assertThat(python.raised("m.lost(m.Point, 1000)")).isEqualTo("ValueError: lost");

        assertThat(python.context().counters().handlesOpen()).isEqualTo(open);
    }

    /** The handle of the type still lets C make instances when the bases do not fit any more. */
    @Test
    void anInstanceOfAClassWhoseBasesDoNotFitAnyMoreCannotBeUsed() {
        python.exec("""
                m.make(m.Point, 1)
                def change(): m.Point.__bases__ = (m.Ended,)
                """);

        assertThat(python.raised("m.value(m.after(m.Point, change))"))
                .isEqualTo("TypeError: multiple bases have instance lay-out conflict: 'Point' and 'Ended' in 'Point'");
        assertThat(python.raised("m.make(m.Point, 1)"))
                .isEqualTo("TypeError: multiple bases have instance lay-out conflict: 'Point' and 'Ended' in 'Point'");
    }

    /** What was made before is dead, and the collector has said so: the struct that C takes next must not go with it. */
    @Test
    void theStructOfANewInstanceOutlivesItsDeadNeighbours() {
        python.exec("""
                m.make(m.Point, 1)
                from java.lang import System, Thread
                def collect():
                    m.Point()
                    for i in range(3):
                        System.gc()
                        Thread.sleep(20)
                kept = []
                for i in range(3):
                    kept.append(m.after(m.Point, collect))
                    m.value(kept[0])
                others = m.make(m.Point, 3000)
                """);

        assertThat(python.repr("[m.value(p) for p in kept]")).isEqualTo("[7, 7, 7]");
        assertThat(python.repr("[p.value for p in others] == range(3000)")).isEqualTo("True");
    }

    /** What a finalizer brings back lies where C takes the next struct, and must not go with that. */
    @Test
    void anObjectThatComesBackKeepsItsStructWhenItsNewNeighboursDie() {
        python.exec("""
                from java.lang import System, Thread
                back = []
                class Lost(m.Point):
                    def __del__(self): back.append(self)
                def lose():
                    Lost().value = 42
                def collect(rounds):
                    for i in range(rounds):
                        System.gc()
                        Thread.sleep(10)
                        if rounds > 20 and back: break
                m.make(m.Point, 1)
                lose()
                collect(2000)
                m.make(m.Point, 1)
                collect(20)
                others = [m.Point() for i in range(300)]
                """);

        assertThat(python.repr("[m.value(p) for p in back]")).isEqualTo("[42]");
    }

    @Test
    void memoryComesBackWhenAllAreDead() throws InterruptedException {
        python.exec("m.make(m.Point, 1)");
        long before = python.context().counters().nativeBytes();

        python.exec("made = m.make(m.Point, 5000)");
        assertThat(python.context().counters().nativeBytes()).isGreaterThan(before + 4000 * 16);
        python.exec("del made");

        long start = System.nanoTime();
        while (python.context().counters().nativeBytes() > before && System.nanoTime() - start < HANGS.toNanos()) {
            System.gc();
            Thread.sleep(5);
            python.exec("m.value(Sub())");
        }
        assertThat(python.context().counters().nativeBytes()).isLessThanOrEqualTo(before);
    }
}
