package org.hpyve.tests.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Python code asked to be called belongs to its interpreter: callbacks of weak references, __del__, functions. */
public class CallbacksTest {

    /** How often code of a closed interpreter was called. Python counts here. */
    public static final AtomicInteger CALLED = new AtomicInteger();

    private static final String HOME = """
            import gc, sys, thread, weakref, java.lang.System
            owner = thread.get_ident()
            def here(what):
                import hpyve
                return what, hpyve.current().name, sys is __import__('sys'), thread.get_ident() == owner
            log = []
            class Dying(object):
                def __del__(self):
                    log.append(here('del'))
            class Target(object): pass
            def watched():
                target = Target()
                global reference
                reference = weakref.ref(target, lambda r: log.append(here('callback')))
            def generator():
                try:
                    yield 1
                finally:
                    log.append(here('generator'))
            """;

    private final InterpreterHost host = InterpreterHost.builder().build();

    @AfterEach
    void close() {
        host.close();
    }

    private List<Interpreter> two() {
        List<Interpreter> both = List.of(host.newInterpreter("one"), host.newInterpreter("two"));
        both.forEach(python -> python.exec(HOME));
        return both;
    }

    private static void assertLogged(Interpreter python, String... what) {
        assertThat((List<?>) python.eval("sorted(log)"))
                .hasSize(what.length)
                .zipSatisfy(
                        List.of(what),
                        (entry, name) -> assertThat(entry).isEqualTo(List.of(name, python.name(), true, true)));
    }

    @Test
    void whatIsDueIsDoneWhenACollectionReturns() {
        for (Interpreter python : two()) {
            python.exec("watched()\nDying()\nnext(generator())\ngc.collect()\nlogged = len(log)");

            assertThat(python.eval("logged")).isEqualTo(3);
            assertLogged(python, "callback", "del", "generator");
        }
    }

    @Test
    void anIdleInterpreterDoesWhatIsDue() throws Exception {
        for (Interpreter python : two()) {
            python.exec("watched()\nDying()\njava.lang.System.gc()");
            for (int i = 0; i < 200 && !python.eval("len(log)").equals(2); i++) {
                System.gc();
                Thread.sleep(10);
            }

            assertLogged(python, "callback", "del");
        }
    }

    @Test
    void aLoopInPythonDoesWhatIsDueInBetween() {
        for (Interpreter python : two()) {
            python.exec("""
                    watched()
                    import time
                    end = time.time() + 20
                    def loop():
                        while not log and time.time() < end:
                            java.lang.System.gc()
                    loop()
                    """);

            assertLogged(python, "callback");
        }
    }

    @Test
    void aTraceFunctionIsLeftAlone() {
        Interpreter python = two().get(0);
        python.exec("""
                lines = []
                def trace(frame, event, arg):
                    if event == 'line' and frame.f_code.co_name == 'loop':
                        lines.append(frame.f_lineno)
                    return trace
                import time
                def loop():
                    watched()
                    end = time.time() + 20
                    while not log and time.time() < end:
                        java.lang.System.gc()
                    after = 1
                    return after
                sys.settrace(trace)
                loop()
                sys.settrace(None)
                """);

        assertLogged(python, "callback");
        assertThat(python.eval("lines[-2:], lines[-1] - lines[0]")).asString().matches("\\[\\[(\\d+), \\d+\\], 5\\]");
    }

    @Test
    void afterCloseNothingIsCalled() throws Exception {
        CALLED.set(0);
        Interpreter python = host.newInterpreter();
        python.exec("""
                import weakref
                from org.hpyve.tests.isolation import CallbacksTest
                class Dying(object):
                    def __del__(self):
                        CallbacksTest.CALLED.incrementAndGet()
                class Target(object): pass
                dying = Dying()
                target = Target()
                reference = weakref.ref(target, lambda r: CallbacksTest.CALLED.incrementAndGet())
                """);
        python.close();
        for (int i = 0; i < 20; i++) {
            System.gc();
            System.runFinalization();
            Thread.sleep(10);
        }

        assertThat(CALLED).hasValue(0);
    }

    @Test
    void closingTheFirstInterpreterLeavesTheCallbacksOfOthers() {
        Interpreter one = two().get(0);
        Interpreter two = host.newInterpreter("three");
        two.exec(HOME);
        one.exec("watched()\ngc.collect()");
        one.close();

        two.exec("watched()\ngc.collect()");

        assertLogged(two, "callback");
    }

    @Test
    void weakReferencesToSharedObjectsAreTheInterpretersOwn() {
        List<Interpreter> both = two();
        both.get(0).exec("mine = [weakref.ref(ValueError, here), weakref.ref(ValueError), weakref.proxy(len)]");

        assertThat(both.get(1)
                        .eval("weakref.getweakrefcount(ValueError), weakref.getweakrefs(ValueError)"
                                + ", weakref.getweakrefcount(len)"))
                .isEqualTo(List.of(0, List.of(), 0));
        both.get(1).exec("mine = weakref.ref(ValueError)");
        assertThat(both.get(1).eval("weakref.getweakrefs(ValueError) == [mine], weakref.ref(ValueError) is mine"))
                .isEqualTo(List.of(true, true));
        assertThat(both.get(0).eval("weakref.getweakrefcount(ValueError), weakref.ref(ValueError) is mine[1]"))
                .isEqualTo(List.of(2, true));
    }

    @Test
    void aFunctionThatJavaCallsFindsItsInterpreter() {
        for (Interpreter python : two()) {
            python.exec("""
                    import java.lang.Thread
                    from java.util.concurrent import Executors, Callable
                    def log_thread():
                        log.append(here('thread')[:3])
                    class Methods(object):
                        def run(self):
                            log_thread()
                    for runnable in log_thread, Methods().run:
                        thread_of_java = java.lang.Thread(runnable)
                        thread_of_java.start()
                        thread_of_java.join()
                    pool = Executors.newSingleThreadExecutor()
                    pool.submit(log_thread).get()
                    pool.shutdown()
                    """);

            assertThat(python.eval("log"))
                    .isEqualTo(List.of(
                            List.of("thread", python.name(), true),
                            List.of("thread", python.name(), true),
                            List.of("thread", python.name(), true)));
        }
    }

    /** Where a function of another interpreter is put, and taken from. */
    public static volatile Runnable given;

    @Test
    void aFunctionOfAnotherInterpreterRunsInItsOwn() {
        List<Interpreter> both = two();
        both.get(0).exec("""
                from org.hpyve.tests.isolation import CallbacksTest
                import __builtin__
                __builtin__.only_here = 1
                def called():
                    log.append((here('given')[1], only_here, sys._getframe().f_back))
                from java.lang import Runnable
                def give(runnable):
                    CallbacksTest.given = runnable
                from java.util import ArrayList
                CallbacksTest.give(called)
                """);
        both.get(1).exec("""
                from org.hpyve.tests.isolation import CallbacksTest
                CallbacksTest.given.run()
                after = here('after')
                """);

        assertThat(both.get(0).eval("log")).asString().isEqualTo("[[one, 1, null]]");
        assertThat(both.get(1).eval("after")).isEqualTo(List.of("after", "two", true, true));
    }

    /** Called by Python. */
    public static void give(Runnable function) {
        given = function;
    }
}
