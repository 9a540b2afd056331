package org.hpyve.tests.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hpyve.host.Interpreter;
import org.hpyve.host.Isolation;
import org.hpyve.host.PythonException;
import org.hpyve.host.PythonReference;
import org.hpyve.tests.HostExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interpreters that each have an own copy of Jython's classes, which goes with them. */
public class OwnRuntimeTest {

    @RegisterExtension
    final HostExtension hosts = new HostExtension(Isolation.OWN_RUNTIME);

    /** What {@link #see} was called with, until the next {@link #copyOf}. */
    private static final AtomicReference<WeakReference<ClassLoader>> SEEN = new AtomicReference<>();

    /** Called by Python code with any object of Jython's. */
    public static void see(Object object) {
        SEEN.set(new WeakReference<>(object.getClass().getClassLoader()));
    }

    /** The class loader of an interpreter's copy. */
    private static WeakReference<ClassLoader> copyOf(Interpreter python) {
        python.exec("import sys\nfrom org.hpyve.tests.isolation import OwnRuntimeTest\nOwnRuntimeTest.see(sys)\n"
                + "del OwnRuntimeTest");
        return SEEN.getAndSet(null);
    }

    private static boolean isGone(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        return reference.get() == null;
    }

    @Test
    void eachKnowsItsLevel() {
        Interpreter python = hosts.newInterpreter();

        python.exec("import hpyve");

        assertThat(python.isolation()).isEqualTo(Isolation.OWN_RUNTIME);
        assertThat(python.eval("hpyve.current().isolation")).isEqualTo("own");
    }

    @Test
    void eachHasItsOwnCopyOfJython() {
        Interpreter one = hosts.newInterpreter();
        Interpreter two = hosts.newInterpreter();

        assertThat(copyOf(one).get())
                .isNotNull()
                .isNotSameAs(copyOf(two).get())
                .isNotSameAs(getClass().getClassLoader());
    }

    @Test
    void extensionsHaveContextsOfTheirOwn() throws Exception {
        hosts.buildCounting();
        Interpreter one = hosts.newInterpreter();
        Interpreter two = hosts.newInterpreter();
        for (Interpreter python : List.of(one, two)) {
            python.exec("import counting");
        }

        one.exec("for i in range(10): counting.bump()");

        assertThat(one.eval("counting.bump()")).isEqualTo(11);
        assertThat(two.eval("counting.bump()")).isEqualTo(1);
    }

    @Test
    void aHandleOfOneIsRefusedInAnother() throws Exception {
        hosts.buildFunctions("giving", "give:O use:O", """
                static HPy give_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    return HPyLong_FromLongLong(ctx, (long long)arg._i);
                }
                static HPy use_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    long long bits = HPyLong_AsLongLong(ctx, arg);
                    HPy foreign = {(intptr_t)bits};
                    return HPyErr_Occurred(ctx) ? HPy_NULL : HPy_Repr(ctx, foreign);
                }
                """);
        Interpreter one = hosts.newInterpreter("one");
        Interpreter two = hosts.newInterpreter("two");
        for (Interpreter python : List.of(one, two)) {
            python.exec("import giving");
        }
        Object bits = one.eval("giving.give([])");

        assertThatThrownBy(() -> two.call("giving.use", bits))
                .isInstanceOf(PythonException.class)
                .hasMessageContaining("SystemError")
                .hasMessageContaining("'two'")
                .hasMessageContaining("belongs to interpreter 'one'");
    }

    @Test
    void valuesExceptionsAndFunctionsPassTheBoundary() {
        Interpreter python = hosts.newInterpreter();
        Function<List<Object>, Object> twice = arguments -> 2 * (Integer) arguments.get(0);
        python.set("twice", twice);
        python.exec("class Thing(object): pass\nthing = Thing()");

        assertThat(python.eval("[twice(21), 1.5, u'\\xe9', None, {'a': (1, 2)}]"))
                .hasToString("[42, 1.5, é, null, {a=[1, 2]}]");
        PythonReference thing = (PythonReference) python.get("thing");
        python.set("same", thing);
        assertThat(python.eval("same is thing")).isEqualTo(true);
        PythonException raised = catchThrowableOfType(PythonException.class, () -> python.exec("{}['missing']"));
        assertThat(raised.typeName()).isEqualTo("KeyError");
        assertThat(raised.pythonTraceback()).contains("line 1");
    }

    /** Each kind of thing that might keep a copy alive: threads, callbacks, caches of the JDK. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pass",
                "import os, re, json, collections, decimal, logging, threading, datetime, random, csv, cPickle",
                "import weakref, gc\nclass C(object): pass\nr = weakref.ref(C(), twice)\ngc.collect()",
                "class C(object):\n    def __del__(self): pass\nc = C()",
                "from java.util import ArrayList, HashMap\nclass L(ArrayList): pass\nitems = L([1, 2])\nd = {ArrayList: HashMap()}",
                "import threading\nt = threading.Thread(target=lambda: 5)\nt.start()\nt.join()",
                "from java.lang import Thread\nt = Thread(lambda: 5)\nt.start()\nt.join()",
                "import subprocess\nsubprocess.check_output(['true'])",
                "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen(1)\ns.close()",
                "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen(1)\n"
                        + "c = socket.create_connection(s.getsockname())\ns.accept()[0].send('x')\nc.recv(1)",
                "import textwrap_copy\nreload(textwrap_copy)",
                "import hashlib, zlib, struct, io, tempfile, unittest, xml.dom.minidom\nhashlib.md5('x').hexdigest()",
            })
    void aClosedOneIsUnloaded(String used) throws Exception {
        hosts.buildCounting();
        Files.writeString(hosts.folder().resolve("textwrap_copy.py"), "import textwrap");
        Interpreter python = hosts.newInterpreter();
        WeakReference<ClassLoader> copy = copyOf(python);
        Function<List<Object>, Object> twice = arguments -> null;
        python.set("twice", twice);
        python.exec("import counting\ncounting.bump()\n" + used);

        python.close();

        assertThat(isGone(copy)).isTrue();
        assertThat(mappedImages("counting")).isEmpty();
    }

    @Test
    void whatItLeakedDoesNotKeepItLoaded() throws Exception {
        hosts.buildFunctions("leaking", "leak:NOARGS", """
                static HPy leak_impl(HPyContext *ctx, HPy self)
                {
                    HPyUnicode_FromString(ctx, "one");
                    HPyUnicode_FromString(ctx, "two");
                    return HPyBytes_FromString(ctx, "fine");
                }
                """);
        // Its leaks are wanted, so it is not one that the fixture looks at.
        Interpreter python = hosts.host().newInterpreter();
        WeakReference<ClassLoader> copy = copyOf(python);
        python.exec("import leaking\nleaking.leak()");

        python.close();

        assertThat(python.closeReport().handleCount()).isEqualTo(2);
        assertThat(isGone(copy)).isTrue();
    }

    @Test
    void whatLeftItDoesNotKeepItLoaded() throws Exception {
        Interpreter python = hosts.newInterpreter();
        WeakReference<ClassLoader> copy = copyOf(python);
        Object value = python.eval("[1, {'a': 2.5}, 2 ** 70]");
        Object reference = python.eval("object()");
        PythonException raised = catchThrowableOfType(PythonException.class, () -> python.exec("1 / 0"));

        python.close();

        assertThat(isGone(copy)).isTrue();
        assertThat(raised).hasMessageContaining("ZeroDivisionError");
        assertThat(value).isNotNull();
        assertThat(reference).isInstanceOf(PythonReference.class);
    }

    private static List<String> mappedImages(String name) throws Exception {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(name)).toList();
        }
    }
}
