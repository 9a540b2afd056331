package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Python code that runs because an object is dead, within a task and between tasks. */
@Timeout(60)
class FinalizersTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void aLongTaskLetsNothingPileUpBehindIt() {
        Interpreter python = fixture.newInterpreter();
        python.exec("""
                import java.lang
                count = [0]
                class Dying(object):
                    def __del__(self): count[0] += 1
                def many():
                    while count[0] < 30:
                        Dying()
                        java.lang.System.gc()
                        for i in xrange(1000): pass
                """);
        CompletableFuture<Integer> waiting = python.submit(self -> {
            self.exec("many()");
            return self.waiting();
        });

        assertThat(waiting.join()).isLessThan(2);
    }

    @Test
    void oneThatRunsBetweenTasksIsNotRest() throws Exception {
        Interpreter python = fixture.newInterpreter();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        python.set("begun", new JavaObject(begun));
        python.set("end", new JavaObject(end));
        python.exec("""
                class Dying(object):
                    def __del__(self):
                        begun.countDown()
                        end.await()
                Dying()
                """);
        await(() -> begun.getCount() == 0);

        assertThat(python.isRunning()).isFalse();
        assertThat(python.isAtRest()).isFalse();
        end.countDown();
        await(python::isAtRest);
    }

    @Test
    void oneMayCloseAnInterpreterThatClosesItsOwn() throws Exception {
        Interpreter python = fixture.newInterpreter();
        python.exec("""
                import interpreters
                one, other = interpreters.create(), interpreters.create()
                one.exec('''
                import interpreters
                class Dying(object):
                    def __del__(self):
                        interpreters.Interpreter(%d).close()
                Dying()
                ''' % other.id)
                other.exec('''
                import atexit, interpreters
                atexit.register(lambda: interpreters.Interpreter(%d).close())
                ''' % one.id)
                """);
        List<Interpreter> all = fixture.host().interpreters();
        await(() -> fixture.host().interpreters().size() == 1);

        assertThat(all).filteredOn(each -> each != python).hasSize(2).allSatisfy(each -> {
            each.close();
            assertThat(each.closeReport().stuck()).isNull();
        });
    }
}
