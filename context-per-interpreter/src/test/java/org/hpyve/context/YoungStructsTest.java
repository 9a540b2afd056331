package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each struct is destroyed once, when its object is dead, whatever its neighbours do. */
class YoungStructsTest {

    private static final Duration HANGS = Duration.ofSeconds(60);

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @BeforeEach
    void loadTypes() {
        python.loadTypes("Thing", "counts:NOARGS", """
                static int64_t destroyed, again;
                typedef struct { int64_t destroyed, kept; } Thing;
                HPyType_HELPERS(Thing)
                HPyDef_MEMBER(Thing_kept, "kept", HPyMember_LONGLONG, offsetof(Thing, kept))
                HPyDef_SLOT(Thing_destroy, HPy_tp_destroy)
                static void Thing_destroy_impl(void *data)
                {
                    destroyed++;
                    again += ((Thing *)data)->destroyed++ > 0;
                }
                SPEC(Thing, HPy_TPFLAGS_BASETYPE, &Thing_kept, &Thing_destroy, NULL)
                static HPy counts_impl(HPyContext *ctx, HPy self)
                {
                    return HPyTuple_Pack(ctx, 2, HPyLong_FromInt64_t(ctx, destroyed), HPyLong_FromInt64_t(ctx, again));
                }
                """);
        python.exec("""
                def make(n):
                    made = []
                    for i in xrange(n):
                        t = m.Thing()
                        t.kept = i
                        if i % 10 == 0: made.append(t)
                    return made
                """);
    }

    private void awaitCounts(String counts) throws InterruptedException {
        long start = System.nanoTime();
        while (!python.repr("m.counts()").equals(counts) && System.nanoTime() - start < HANGS.toNanos()) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(python.repr("m.counts()")).isEqualTo(counts);
    }

    @Test
    void theDeadAreDestroyedAlthoughTheirNeighboursLive() throws InterruptedException {
        python.exec("made = make(5000)");

        awaitCounts("(4500, 0)");
        assertThat(python.repr("[t.kept for t in made] == range(0, 5000, 10)")).isEqualTo("True");
    }

    @Test
    void whatHasSurvivedIsDestroyedLater() throws InterruptedException {
        python.exec("made = make(3000)");
        awaitCounts("(2700, 0)");

        python.exec("del made[:]");
        awaitCounts("(3000, 0)");
    }

    @Test
    void anObjectThatComesBackKeepsItsStruct() throws InterruptedException {
        python.exec("""
                back = []
                class Holder(object):
                    def __del__(self): back.append(self.thing)
                def hold():
                    holder = Holder()
                    holder.thing = m.Thing()
                    holder.thing.kept = 7
                hold()
                """);
        long start = System.nanoTime();
        while (python.repr("len(back)").equals("0") && System.nanoTime() - start < HANGS.toNanos()) {
            System.gc();
            Thread.sleep(5);
            python.exec("m.counts()");
        }

        assertThat(python.repr("(back[0].kept, m.counts())")).isEqualTo("(7, (0, 0))");
        python.exec("del back[:]");
        awaitCounts("(1, 0)");
    }

    @Test
    void memoryComesBack() throws InterruptedException {
        long before = python.context().counters().nativeBytes();
        python.exec("make(2000)");

        awaitCounts("(2000, 0)");
        assertThat(python.context().counters().nativeBytes() - before).isLessThan(2 * 4096);
    }
}
