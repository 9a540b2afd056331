package org.hpyve.tests.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that Python code starts belong to their interpreter, and end with it. */
public class ThreadsTest {

    private final InterpreterHost host = InterpreterHost.builder().build();

    /** Threads that Python code gave, and a sign that they run. */
    public static volatile Thread thread;

    public static volatile CountDownLatch running = new CountDownLatch(1);

    private static volatile Runnable given;

    /** Called by Python. */
    public static void give(Runnable task) {
        given = task;
    }

    /** Called by Python. */
    public static void running() {
        thread = Thread.currentThread();
        running.countDown();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while 1: pass",
                "while True: len([])",
                """
                while True:
                    try:
                        while True: pass
                    except: pass
                """,
                """
                while True:
                    try:
                        time.sleep(100)
                    except BaseException: pass
                    finally: x = 1
                """,
                "nested(200)",
                "for x in forever(): pass",
                "locked.acquire()",
                "with locked: pass",
                "with again: pass",
                "held.acquire()",
                "Queue.Queue().get()",
                "threading.Event().wait()",
                "threading.Condition(threading.Lock()).__enter__()\nlocked.acquire()",
                "socket_listens.accept()",
                "select.select([socket_listens], [], [])",
                "subprocess.Popen(['sleep', '20']).wait()",
            })
    void aThreadEndsWithItsInterpreter(String does) throws Exception {
        for (String start : List.of("threading.Thread(target=f)", "java.lang.Thread(f)")) {
            running = new CountDownLatch(1);
            Interpreter python = host.newInterpreter();
            python.exec("""
                    import thread, threading, time, Queue, java.lang.Thread
                    from org.hpyve.tests.isolation import ThreadsTest
                    locked = threading.Lock(); locked.acquire()
                    again = threading.RLock(); again.acquire()
                    held = thread.allocate_lock(); held.acquire()
                    def nested(n):
                        if n:
                            nested(n - 1)
                        else:
                            while True: len([])
                    def forever():
                        while True: yield 1
                    """);
            if (does.contains("socket")) {
                python.exec("""
                        import select, socket
                        socket_listens = socket.socket()
                        socket_listens.bind(('127.0.0.1', 0))
                        socket_listens.listen(1)
                        """);
            }
            if (does.contains("subprocess")) {
                python.exec("import subprocess");
            }
            python.exec("def f():\n    ThreadsTest.running()\n" + does.indent(4));
            python.exec("t = " + start + "\nt.daemon = True\nt.start()");
            assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
            Thread.sleep(20);

            assertThat(thread.getThreadGroup()).isSameAs(python.thread().getThreadGroup());
            python.close();

            thread.join(5000);
            assertThat(thread.isAlive()).as("%s in a %s", does, start).isFalse();
        }
    }

    /** The JVM would be gone, and with it this test. */
    @Test
    void sysExitEndsNoMoreThanItsInterpreter() {
        Interpreter other = host.newInterpreter();
        Interpreter python = host.newInterpreter();
        python.exec("""
                import atexit, sys, threading, time, java.lang
                class Exits(java.lang.Runnable):
                    def run(self): sys.exit(3)
                class Runs(java.lang.Runnable):
                    def run(self):
                        while True: time.sleep(0.001)
                class Thread(java.lang.Thread):
                    def run(self): sys.exit(3)
                def joined(t):
                    t.setUncaughtExceptionHandler(lambda thread, thrown: None)
                    t.start()
                    t.join()
                joined(java.lang.Thread(Exits()))
                joined(java.lang.Thread(lambda: sys.exit(3)))
                joined(Thread())
                java.lang.Thread(Runs()).start()
                sys.stderr = __import__('StringIO').StringIO()
                atexit.register(sys.exit, 3)
                """);
        python.close();

        assertThat(other.eval("1 + 1")).isEqualTo(2);
    }

    @Test
    void aThreadOfAnotherInterpreterGoesOn() throws Exception {
        Interpreter one = host.newInterpreter();
        Interpreter two = host.newInterpreter();
        for (Interpreter python : List.of(one, two)) {
            python.exec("""
                    import threading, time
                    n = 0
                    def count():
                        global n
                        while True:
                            n += 1
                            time.sleep(0.001)
                    t = threading.Thread(target=count)
                    t.daemon = True
                    t.start()
                    """);
        }
        one.close();
        int before = (Integer) two.eval("n");
        Thread.sleep(100);

        assertThat((Integer) two.eval("n")).isGreaterThan(before + 5);
        assertThat(two.eval("t.isAlive()")).isEqualTo(true);
    }

    @Test
    void aLockWaitsOnWhenItsThreadIsInterrupted() {
        Interpreter python = host.newInterpreter();
        python.exec("""
                import thread, threading, time, java.lang.Thread
                def check(lock):
                    log = []
                    lock.acquire()
                    def f():
                        lock.acquire()
                        log.append(java.lang.Thread.interrupted())
                        lock.release()
                    t = java.lang.Thread(f)
                    t.start()
                    time.sleep(0.1)
                    t.interrupt()
                    time.sleep(0.1)
                    log.append('released')
                    lock.release()
                    t.join()
                    return log
                """);

        for (String lock : List.of("thread.allocate_lock()", "threading.Lock()", "threading.RLock()")) {
            assertThat(python.eval("check(%s)".formatted(lock))).as(lock).isEqualTo(List.of("released", true));
        }
    }

    @Test
    void aTraceFunctionStaysInItsInterpreterWhenTheThreadGoesOn() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            for (String name : List.of("one", "two")) {
                Interpreter python = host.newInterpreter(name);
                python.exec("""
                        import sys, java.lang
                        from org.hpyve.tests.isolation import ThreadsTest
                        class Task(java.lang.Runnable):
                            def run(self):
                                self.found = sys.gettrace(), sys.getprofile()
                                sys.settrace(lambda *a: None)
                                sys.setprofile(lambda *a: None)
                        task = Task()
                        ThreadsTest.give(task)
                        """);
                pool.submit(given).get(20, TimeUnit.SECONDS);

                assertThat(python.eval("task.found == (None, None)")).as(name).isEqualTo(true);
            }
        } finally {
            given = null;
            pool.shutdownNow();
        }
    }

    @Test
    void stackSizeIsTheInterpretersOwn() {
        Interpreter one = host.newInterpreter();
        Interpreter two = host.newInterpreter();
        one.exec("import thread\nthread.stack_size(1 << 20)");
        two.exec("import thread");

        assertThat(two.eval("thread.stack_size()")).isEqualTo(0);
        assertThat(one.eval("thread.stack_size()")).isEqualTo(1 << 20);
        assertThat(host.newInterpreter().eval("__import__('thread').stack_size()"))
                .isEqualTo(0);
    }

    @Test
    void framesOfOtherInterpretersAreNotSeen() throws Exception {
        Interpreter one = host.newInterpreter();
        Interpreter two = host.newInterpreter();
        one.exec("""
                import threading, time, sys, thread
                t = threading.Thread(target=time.sleep, args=(100,))
                t.daemon = True
                t.start()
                time.sleep(0.1)
                """);

        assertThat(two.eval("len(__import__('sys')._current_frames())")).isEqualTo(1);
        assertThat(one.eval("len(sys._current_frames()), sys._current_frames()[thread.get_ident()] is sys._getframe()"))
                .isEqualTo(List.of(2, true));
    }
}
