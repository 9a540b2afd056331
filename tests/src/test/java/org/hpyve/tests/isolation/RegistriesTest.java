package org.hpyve.tests.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.hpyve.host.PythonException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that Jython has for the process show an interpreter only its own; what it finds once, each one finds for itself. */
class RegistriesTest {

    private final InterpreterHost host = InterpreterHost.builder().build();
    private List<Interpreter> three;

    @BeforeEach
    void open() {
        three = List.of(host.newInterpreter("one"), host.newInterpreter("two"), host.newInterpreter("three"));
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void subclassesAreTheInterpretersOwn() {
        three.get(1).exec("""
                import java.util.ArrayList
                class Mine(object): pass
                class MyError(ValueError): pass
                class Meta(type): pass
                class WithMeta(dict):
                    __metaclass__ = Meta
                class MyList(java.util.ArrayList): pass
                class Other(object): pass
                class Moved(Other): pass
                Moved.__bases__ = (Mine,)
                """);
        String ask = "[c.__name__ for t in (object, ValueError, type, dict) for c in type.__subclasses__(t)"
                + " if c.__module__ == '__main__']";

        assertThat(three.get(0).eval(ask)).isEqualTo(List.of());
        assertThat(three.get(2).eval(ask)).isEqualTo(List.of());
        assertThat(three.get(1).eval(ask)).isEqualTo(List.of("Mine", "Other", "MyError", "Meta", "WithMeta"));
        assertThat(three.get(1).eval("Mine.__subclasses__() == [Moved], Other.__subclasses__()"))
                .isEqualTo(List.of(true, List.of()));
        three.get(1).exec("class MyInt(int):\n    def __add__(self, other): return 'mine'\nx = MyInt(1) + 1");
        three.get(1).exec("Mine.attribute = 5");
        assertThat(three.get(1).eval("Moved.attribute, x")).isEqualTo(List.of(5, "mine"));
        three.get(1).close();
        assertThat(three.get(0).eval(ask)).isEqualTo(List.of());
    }

    @Test
    void eachInterpretersOwnRegistrationsForPickleCount() {
        for (Interpreter python : three) {
            python.exec("""
                    import copy_reg, cPickle, hpyve
                    class Thing(object): pass
                    def make(name): return name
                    copy_reg.pickle(Thing, lambda thing: (make, (hpyve.current().name,)))
                    copied = cPickle.loads(cPickle.dumps(Thing()))
                    class Other(object): pass
                    copy_reg.add_extension('__main__', 'Other', 77)
                    short = len(cPickle.dumps(Other, 2)) < 10 and cPickle.loads(cPickle.dumps(Other, 2)) is Other
                    """);

            assertThat(python.eval("copied, short")).isEqualTo(List.of(python.name(), true));
        }
    }

    @Test
    void eachInterpretersOwnNumbersCount() {
        for (Interpreter python : three) {
            python.exec("import itertools, fractions, decimal");

            assertThat(python.eval("next(itertools.count(fractions.Fraction(1, 2))) * 2,"
                            + " str(next(itertools.count(decimal.Decimal(1))))"))
                    .asString()
                    .isEqualTo("[" + python.eval("fractions.Fraction(1)") + ", 1]");
        }
    }

    @Test
    void eachInterpretersOwnFiltersDecideOnWarnings() {
        List<String> actions = List.of("error", "ignore", "error");
        for (int i = 0; i < 3; i++) {
            three.get(i).exec("""
                    import warnings
                    warnings.simplefilter('%s')
                    def warns():
                        try:
                            BaseException('x').message
                            return 'ignore'
                        except DeprecationWarning:
                            return 'error'
                    """.formatted(actions.get(i)));
        }

        for (int i : new int[] {1, 0, 2}) {
            assertThat(three.get(i).eval("warns()")).isEqualTo(actions.get(i));
        }
    }

    @Test
    void eachInterpretersOwnTextOfJsonErrorsIsUsed() {
        for (Interpreter python : three) {
            python.exec("""
                    import json.decoder, _json, hpyve
                    json.decoder.errmsg = lambda *a: hpyve.current().name.encode()
                    def text():
                        try:
                            _json.scanstring('"abc', 1)
                        except ValueError, e:
                            return str(e)
                    """);
        }

        for (Interpreter python : three) {
            assertThat(python.eval("text()")).isEqualTo(python.name());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set_debug(1)",
                "setMonitorGlobal(True)",
                "monitorObject([])",
                "addJythonGCFlags(1)",
                "setJythonGCFlags(1)",
                "removeJythonGCFlags(1)",
                "unmonitorAll()",
                "stopMonitoring()",
                "registerPreFinalizationProcess(None)",
                "registerPostFinalizationProcess(None)",
            })
    void settingsOfTheCollectorAreRefused(String call) {
        assertThatThrownBy(() -> three.get(1).exec("import gc\ngc." + call))
                .isInstanceOf(PythonException.class)
                .hasMessageContaining("is for the whole process");
    }

    @Test
    void aHandlerOfASignalIsOfOneInterpreter() throws Exception {
        three.forEach(python -> python.exec("""
                import signal, os, time, hpyve
                got = []
                def handler(number, frame):
                    got.append(hpyve.current().name)
                def send():
                    os.kill(os.getpid(), signal.SIGUSR2)
                    time.sleep(0.1)
                """));
        three.get(0).exec("before = signal.signal(signal.SIGUSR2, handler)");
        assertThat(three.get(1).eval("signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL"))
                .isEqualTo(true);
        three.get(1).exec("send()");
        assertThat(three.get(0).eval("got, signal.getsignal(signal.SIGUSR2) == handler"))
                .isEqualTo(List.of(List.of("one"), true));

        assertThat(three.get(1).eval("signal.signal(signal.SIGUSR2, handler) == signal.SIG_DFL"))
                .isEqualTo(true);
        three.get(2).exec("send()");
        assertThat(three.get(1).eval("got")).isEqualTo(List.of("two"));
        assertThat(three.get(0).eval("got, signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL"))
                .isEqualTo(List.of(List.of("one"), true));

        three.get(0).close();
        three.get(2).exec("send()");
        assertThat(three.get(1).eval("got")).isEqualTo(List.of("two", "two"));
        three.get(1).close();
        three.get(2).exec("current = signal.getsignal(signal.SIGUSR2)");
        assertThat(three.get(2).eval("current == handler or hasattr(current, 'action')"))
                .isEqualTo(false);
    }

    @Test
    void anInterpreterThatEndsFreesThePortsOfItsSockets() throws Exception {
        three.get(0).exec("""
                import socket
                s = socket.socket()
                s.bind(('127.0.0.1', 0))
                s.listen(1)
                """);
        int port = (Integer) three.get(0).eval("s.getsockname()[1]");
        three.get(0).close();

        try (java.net.ServerSocket again = new java.net.ServerSocket()) {
            again.bind(new java.net.InetSocketAddress("127.0.0.1", port));
            assertThat(again.isBound()).isTrue();
        }
    }
}
