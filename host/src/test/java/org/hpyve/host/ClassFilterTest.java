package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Java classes Python code may reach. */
class ClassFilterTest {

    private static final List<String> ASKED = new CopyOnWriteArrayList<>();

    private static InterpreterHost host;
    private static Interpreter python;

    @BeforeAll
    static void open() {
        host = InterpreterHost.builder()
                .classFilter(name -> {
                    ASKED.add(name);
                    return name.startsWith("java.util.") || name.equals("java.lang.String");
                })
                .build();
        python = host.newInterpreter("alpha");
    }

    @AfterAll
    static void close() {
        host.close();
        assertThat(python.closeReport().clean()).isTrue();
    }

    private static String refusal(String source) {
        PythonException raised = catchThrowableOfType(PythonException.class, () -> python.exec(source));
        assertThat(raised).as(source).isNotNull();
        return raised.getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from java.lang import Runtime",
                "import java.lang.Runtime",
                "import java\njava.lang.Runtime.getRuntime()",
                "import java.lang\ngetattr(java.lang, 'Runtime')",
                "__import__('java.lang.Runtime')",
                "__import__('java.lang', fromlist=['Runtime'])",
                "import importlib\nimportlib.import_module('java.lang.Runtime').lang.Runtime",
                "import pickle\npickle.loads('cjava.lang\\nRuntime\\n.')",
                "import cPickle\ncPickle.loads('cjava.lang\\nRuntime\\n.')",
                "import java.lang, threading\njava.lang.Runtime",
                "import java\njava.__mgr__.findClass('java.lang', 'Runtime')",
                "import java\njava.__mgr__.lookupName('java.lang.Runtime')",
                "exec compile('from java.lang import Runtime', '<hpyve>/python/hpyve.py', 'exec')",
                "import os\nexec compile('from java.lang import Runtime', os.__file__, 'exec') in {}",
            })
    void aRefusedClassIsAnImportErrorThatNamesIt(String source) {
        assertThat(refusal(source))
                .isEqualTo("ImportError: Java class java.lang.Runtime is refused by the class filter of interpreter "
                        + "'alpha'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from java.util import ArrayList\nArrayList.forName('java.lang.Runtime')",
                "from java.util import ArrayList\ntype(ArrayList).forName('java.lang.Runtime')",
                "from java.util import ArrayList\nArrayList().getClass().forName('java.lang.Runtime')",
                "from java.util import ArrayList\nArrayList().getClass().getClassLoader()",
                "from java.util import ArrayList\nArrayList.classLoader",
                "from java.util import ArrayList\nArrayList.getMethods()",
                "from java.util import ArrayList\nArrayList.getSuperclass()",
                "from java.util import ArrayList\nArrayList.module",
                "import sys\nsys.getSyspathJavaLoader().loadClass('java.lang.Runtime')",
                "import sys\nsys.syspathJavaLoader.loadClass('java.lang.Runtime')",
            })
    void thereIsNoReflection(String source) {
        assertThat(refusal(source)).startsWith("ImportError: Java class ").contains("(reflection) is refused");
    }

    @Test
    void whoHasNoCodeOfItsOwnFindsNothing() {
        python.exec("""
                import java, java.lang, string, thread, threading
                class Raised(object):
                    def __init__(self):
                        self.done = threading.Event()
                    def write(self, text):
                        self.done.set()
                import sys
                sys.stderr = Raised()
                thread.start_new_thread(getattr, (java.lang, "Runtime"))
                sys.stderr.done.wait(60)
                sys.stderr = sys.__stderr__
                """);
        assertThat(refusal("string.Formatter().get_field('0.Runtime', (java.lang,), {})"))
                .contains("Runtime is refused");
        // The library has found this one for itself.
        assertThat(refusal("string.Formatter().get_field('0.Thread', (java.lang,), {})"))
                .contains("Thread is refused");
        python.set("day", LocalDate.of(2000, 1, 2));
        python.set("number", new BigDecimal("1.5"));
        assertThat(python.eval("str(day), str(number)")).isEqualTo(List.of("2000-01-02", "1.5"));
    }

    @Test
    void whatIsAllowedWorks() {
        assertThat(python.eval("__import__('java.util').util.ArrayList([1, 2]).size()"))
                .isEqualTo(2);
        python.exec("""
                from java.lang import String
                from java.util import ArrayList, HashMap, Collections
                import java.util.concurrent.atomic
                items = ArrayList()
                items.add(2)
                items.add(1)
                Collections.sort(items)
                class Own(ArrayList):
                    def size(self): return 7
                names = [ArrayList.getName(), ArrayList.simpleName, items.getClass().getName()]
                """);
        assertThat(python.eval("list(items)")).isEqualTo(List.of(1, 2));
        assertThat(python.eval("Own().size()")).isEqualTo(7);
        assertThat(python.eval("names")).isEqualTo(List.of("java.util.ArrayList", "ArrayList", "java.util.ArrayList"));
        assertThat(ASKED).contains("java.util.ArrayList").doesNotContain("os.path", "posix");
    }

    @Test
    void theStandardLibraryKeepsWhatItNeeds() {
        python.exec("""
                import os, sys, threading, datetime, decimal, socket, subprocess, zlib, json, locale, platform, random
                import collections, re, time, logging, unicodedata, weakref, pickle, StringIO, struct, itertools
                import codecs, tempfile, shutil, Queue, hashlib, uuid, ssl, xml.parsers.expat
                done = []
                thread = threading.Thread(target=lambda: done.append(zlib.decompress(zlib.compress('x'))))
                thread.start()
                thread.join()
                weak = weakref.WeakSet()
                locale.getpreferredencoding()
                platform.java_ver()
                unicodedata.name(u'a')
                """);

        assertThat(python.get("done")).isEqualTo(List.of("x"));
    }

    @Test
    void whatTheLibraryHasFoundIsNotThereForOthers() {
        python.exec("import threading, java.lang");

        assertThat(refusal("java.lang.Thread")).contains("java.lang.Thread is refused");
        assertThat(python.eval("'Thread' in java.lang.__dict__")).isEqualTo(false);
        assertThat(refusal("threading.java.lang.Thread")).contains("java.lang.Thread is refused");
    }

    @Test
    void aClassThatCameAnotherWayCannotBeMadeNorAskedForStaticMethods() {
        python.set("builder", new JavaObject(new StringBuilder("x")));

        assertThat(python.eval("builder.append(u'y').length()")).isEqualTo(2);
        assertThat(refusal("type(builder)()")).contains("java.lang.StringBuilder is refused");
        python.set("number", new JavaObject(new java.util.concurrent.atomic.AtomicInteger(1)));
        assertThat(python.eval("type(number)(5).get()")).isEqualTo(5);
    }

    @Test
    void otherInterpretersAreNotConcerned() {
        try (InterpreterHost open = InterpreterHost.create()) {
            Interpreter other = open.newInterpreter("beta");
            assertThat(other.eval("__import__('java.lang').lang.Runtime.getRuntime().availableProcessors() > 0"))
                    .isEqualTo(true);
            assertThat(other.eval("__import__('java.lang').lang.Class.forName('java.lang.Runtime').getName()"))
                    .isEqualTo("java.lang.Runtime");
        }
        assertThat(refusal("from java.lang import Runtime")).contains("java.lang.Runtime is refused");
    }

    @Test
    void anExtensionAndTheHostsModulesWork() {
        List<Object> seen = new ArrayList<>();
        java.util.function.Consumer<Object> note = seen::add;
        python.set("note", note);
        python.exec("import hpyve\nnote(hpyve.current().name)\nimport hpy.universal");

        assertThat(seen).containsExactly("alpha");
    }

    @Test
    void itWorksWithAnOwnRuntime() {
        try (InterpreterHost own = InterpreterHost.builder()
                .isolation(Isolation.OWN_RUNTIME)
                .classFilter(name -> name.startsWith("java.util."))
                .build()) {
            Interpreter alone = own.newInterpreter("gamma");

            alone.exec("import threading, os\nfrom java.util import ArrayList");
            PythonException raised =
                    catchThrowableOfType(PythonException.class, () -> alone.exec("from java.lang import Runtime"));
            assertThat(raised)
                    .hasMessageContaining("java.lang.Runtime is refused")
                    .hasMessageContaining("gamma");
            assertThat(catchThrowableOfType(PythonException.class, () -> alone.exec("ArrayList.forName('x')")))
                    .hasMessageContaining("(reflection)");
        }
    }
}
