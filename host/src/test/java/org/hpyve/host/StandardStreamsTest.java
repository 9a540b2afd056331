package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What interpreters print and read. */
class StandardStreamsTest {

    private static final class Failing extends OutputStream {

        private RuntimeException unchecked;

        @Override
        public void write(int b) throws IOException {
            if (unchecked != null) {
                throw unchecked;
            }
            throw new IOException("no room");
        }
    }

    @Test
    void everyInterpreterPrintsToItsOwnStream() {
        Map<String, ByteArrayOutputStream> streams = new ConcurrentHashMap<>();
        try (InterpreterHost host = InterpreterHost.builder()
                .stdout(name -> streams.computeIfAbsent(name, key -> new ByteArrayOutputStream()))
                .stderr(name -> streams.computeIfAbsent(name + " errors", key -> new ByteArrayOutputStream()))
                .build()) {
            host.newInterpreter("one").exec("""
                    import sys
                    print 'bytes', u'\u20ac', '\\xff'
                    sys.stdout.write('no newline')
                    sys.stderr.write(u'e\u20ac')
                    """);
            host.newInterpreter("two").exec("print 2");
        }

        byte[] one = streams.get("one").toByteArray();
        assertThat(new String(one, StandardCharsets.ISO_8859_1))
                .isEqualTo("bytes \u00e2\u0082\u00ac \u00ff\nno newline");
        assertThat(streams.get("one errors").toString(StandardCharsets.UTF_8)).isEqualTo("e\u20ac");
        assertThat(streams.get("two").toString(StandardCharsets.UTF_8)).isEqualTo("2\n");
    }

    @Test
    void outputIsThereWhenATaskIsOver() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InterpreterHost host = InterpreterHost.builder().stdout(out).build()) {
            Interpreter python = host.newInterpreter();
            python.exec("import sys\ndef say(what): sys.stdout.write(what)");
            python.exec("say('a')");
            assertThat(out).hasToString("a");
            python.eval("say('b')");
            assertThat(out).hasToString("ab");
            python.call("say", "c");
            assertThat(out).hasToString("abc");
            assertThatExceptionOfType(PythonException.class).isThrownBy(() -> python.exec("say('d')\n1 // 0"));
            assertThat(out).hasToString("abcd");
            python.compile("say('e')", "e.py").run();
            assertThat(out).hasToString("abcde");
            python.get("say", PythonReference.class).call("f");
            assertThat(out).hasToString("abcdef");
        }
    }

    @Test
    void inputIsReadAsLines() {
        ByteArrayInputStream in =
                new ByteArrayInputStream("first\n\u20ac second\nrest".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InterpreterHost host =
                InterpreterHost.builder().stdin(in).stdout(out).build()) {
            Interpreter python = host.newInterpreter();

            assertThat(python.eval("raw_input('? ')")).isEqualTo("first");
            assertThat(python.eval("__import__('sys').stdin.readline().decode('utf-8')"))
                    .isEqualTo("\u20ac second\n");
            assertThat(python.eval("__import__('sys').stdin.read()")).isEqualTo("rest");
            assertThatExceptionOfType(PythonException.class)
                    .isThrownBy(() -> python.eval("raw_input()"))
                    .withMessageContaining("EOFError");
            assertThat(out).hasToString("? ");
        }
    }

    @Test
    void whatAStreamThrowsIsAnIOError() {
        Failing stream = new Failing();
        try (InterpreterHost host = InterpreterHost.builder().stdout(stream).build()) {
            Interpreter python = host.newInterpreter();
            python.exec("""
                    def failing():
                        try:
                            print 'x'
                        except IOError as e:
                            return str(e)
                    """);

            assertThat(python.call("failing")).asString().contains("no room");
            stream.unchecked = new IllegalStateException("switched off");
            assertThat(python.call("failing")).asString().contains("switched off");
            assertThat(python.eval("1 + 1")).isEqualTo(2);
        }
    }

    @Test
    void aProgramMayStillReplaceThem() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InterpreterHost host = InterpreterHost.builder().stdout(out).build()) {
            Interpreter python = host.newInterpreter();

            python.exec("""
                    import sys, StringIO
                    sys.stdout = StringIO.StringIO()
                    print 'hidden'
                    caught, sys.stdout = sys.stdout.getvalue(), sys.__stdout__
                    print 'seen'
                    """);

            assertThat(python.get("caught")).isEqualTo("hidden\n");
            assertThat(out).hasToString("seen\n");
        }
    }

    @Test
    void streamsWorkWithAnOwnRuntime() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InterpreterHost host = InterpreterHost.builder()
                .isolation(Isolation.OWN_RUNTIME)
                .stdout(out)
                .build()) {
            host.newInterpreter().exec("print u'\u20ac'");
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("\u20ac\n");
    }

    @Test
    void modesThatThisVersionHasNotAreRefused() {
        for (HpyMode mode : new HpyMode[] {HpyMode.DEBUG, HpyMode.TRACE}) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> InterpreterHost.builder().hpyMode(mode).build())
                    .withMessageContaining(mode.name())
                    .withMessageContaining("UNIVERSAL only");
        }
        InterpreterHost.builder().hpyMode(HpyMode.UNIVERSAL).build().close();
    }
}
