package org.hpyve.tests.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing of a closed interpreter stays, whatever it has done that Jython remembers. */
public class CollectedTest {

    private static final Map<String, WeakReference<Object>> KEPT = new ConcurrentHashMap<>();

    /** Called by Python. */
    public static void watch(String name, Object object) {
        KEPT.put(name, new WeakReference<>(object));
    }

    private final InterpreterHost host = InterpreterHost.builder().build();

    @AfterEach
    void close() {
        host.close();
        KEPT.clear();
    }

    @Test
    void objectsStayWhileTheInterpreterIsOpen() throws Exception {
        Interpreter python = host.newInterpreter();
        watchIn(python);
        System.gc();

        assertThat(KEPT)
                .hasSize(3)
                .allSatisfy((name, each) -> assertThat(each.get()).isNotNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pass",
                "import json\ntry: json.loads('[')\nexcept ValueError: pass",
                "import cPickle\ncPickle.loads(cPickle.dumps(Class, 2)); cPickle.dumps(Class())",
                "import warnings\nBaseException('x').message",
                "import itertools, fractions\nitertools.count(fractions.Fraction(1, 2)).next()",
                "import weakref\nr = weakref.ref(ValueError, lambda r: Class)",
                "class Dying(object):\n    def __del__(self): Class\nd = Dying()",
                "import threading, time\nt = threading.Thread(target=time.sleep, args=(100,)); t.daemon = True; t.start()",
                "import threading\ndef f():\n    while 1: pass\nt = threading.Thread(target=f); t.daemon = True; t.start()",
                "import java.lang.Thread\nt = java.lang.Thread(function); t.start(); t.join()",
                "from java.util.concurrent import ForkJoinPool\nForkJoinPool.commonPool().submit(function).get()",
                "import signal\nsignal.signal(signal.SIGUSR2, lambda s, f: Class)",
                "import socket\ns = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(1)",
                "import java.util.ArrayList\nclass L(java.util.ArrayList): pass\nl = L(); l.add(Class)",
                "sys.settrace(lambda *a: None)\nfunction()",
                "try: 1/0\nexcept ZeroDivisionError: pass",
                "import ctypes\nclass S(ctypes.Structure): _fields_ = [('a', ctypes.c_int)]\nctypes.POINTER(S)",
                "import abc, collections\nclass M(object):\n    __metaclass__ = abc.ABCMeta\nM.register(list)",
                "import codecs\ncodecs.register(lambda name: None)\n'a'.encode('rot13')",
                "class Meta(type): pass\nclass WithMeta(Exception):\n    __metaclass__ = Meta",
            })
    void nothingIsKeptThatAnInterpreterHad(String does) throws Exception {
        Interpreter python = host.newInterpreter();
        watchIn(python);
        python.exec(does);
        python.close();

        for (int i = 0; i < 100 && KEPT.values().stream().anyMatch(each -> each.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
        }

        assertThat(KEPT)
                .hasSize(3)
                .allSatisfy((name, each) -> assertThat(each.get()).isNull());
    }

    private static void watchIn(Interpreter python) {
        python.exec("""
                import sys
                from org.hpyve.tests.isolation import CollectedTest
                class Class(object): pass
                def function(): pass
                CollectedTest.watch('sys', sys)
                CollectedTest.watch('class', Class)
                CollectedTest.watch('function', function)
                """);
    }
}
