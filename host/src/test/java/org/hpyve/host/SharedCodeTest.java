package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.python.core.Py;

/** Modules are compiled once for all interpreters, and behave as if each interpreter had compiled them. */
@Timeout(60)
class SharedCodeTest {

    private static final FileTime EARLIER = FileTime.fromMillis(1_600_000_000_000L);

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter first;
    private Interpreter second;

    @BeforeEach
    void open() {
        first = fixture.newInterpreter("first");
        second = fixture.newInterpreter("second");
    }

    private void both(String source) {
        first.exec(source);
        second.exec(source);
    }

    /** {@code id} tells Java objects apart, whichever interpreter asks. */
    private void assertShared(String code, boolean shared) {
        Object one = first.eval("id(" + code + ")");
        Object other = second.eval("id(" + code + ")");
        assertThat(one.equals(other)).as("%s is shared", code).isEqualTo(shared);
    }

    /** A module as an editor writes it: later than a compiled file or an earlier state could be. */
    private Path module(String file, String source, FileTime modified) throws IOException {
        return Files.setLastModifiedTime(fixture.write(file, source), modified);
    }

    private static PythonException raisedBy(Interpreter python, String source) {
        PythonException raised = catchThrowableOfType(PythonException.class, () -> python.exec(source));
        assertThat(raised).as(source).isNotNull();
        return raised;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os.path.join",
                "json.dumps",
                "json.decoder.JSONDecoder.decode.im_func",
                "collections.namedtuple",
                "xml.dom.getDOMImplementation",
                "hpyve.current"
            })
    void aFunctionOfTheLibraryHasOneCodeObjectAndIsEachInterpretersOwn(String function) {
        both("import os, json, collections, xml.dom, hpyve");

        assertShared(function + ".func_code", true);
        assertShared(function, false);
        assertShared(function + ".func_globals", false);
    }

    @Test
    void aModuleOfAUserHasOneCodeObject() throws IOException {
        fixture.write("ours.py", "state = []\ndef f(x=[]): return x\nclass C(object): pass\n");
        both("import ours");

        assertShared("ours.f.func_code", true);
        assertShared("ours.f.func_defaults", false);
        assertShared("ours.state", false);
        assertShared("ours.C", false);
        first.exec("ours.state.append(1); ours.f().append(2); ours.C.x = 3; ours.new = 4");
        assertThat(second.eval("ours.state, ours.f(), hasattr(ours.C, 'x'), hasattr(ours, 'new')"))
                .isEqualTo(List.of(List.of(), List.of(), false, false));
    }

    @Test
    void aFileOfAnotherTimeIsReadAnew() throws IOException {
        module("timed.py", "value = 1\n", EARLIER);
        first.exec("import timed");
        module("timed.py", "value = 2\n", FileTime.fromMillis(EARLIER.toMillis() + 1));
        second.exec("import timed");

        assertThat(first.eval("timed.value")).isEqualTo(1);
        assertThat(second.eval("timed.value")).isEqualTo(2);
    }

    @Test
    void aFileOfAnotherSizeIsReadAnew() throws IOException {
        module("sized.py", "value = 1\n", EARLIER);
        first.exec("import sized");
        module("sized.py", "value = 22\n", EARLIER);
        second.exec("import sized");

        assertThat(second.eval("sized.value")).isEqualTo(22);
    }

    @Test
    void aFileInThePlaceOfAnotherIsReadAnew() throws IOException {
        Path file = module("placed.py", "value = 1\n", EARLIER);
        first.exec("import placed");
        Path other = module("other", "value = 2\n", EARLIER);
        Files.delete(file);
        Files.move(other, file);
        second.exec("import placed");

        assertThat(second.eval("placed.value")).isEqualTo(2);
    }

    /** As archives with fixed times leave it; and the file system may use an inode again at once. */
    @Test
    void aFileOfTheSameTimeAndSizeIsReadAnewIfItWasWritten() throws IOException {
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        module("sametime.py", "value = 1\n", time);
        first.exec("import sametime");
        Files.delete(module("sametime.py", "value = 2\n", time));
        module("sametime.py", "value = 3\n", time);

        second.exec("import sametime");

        assertThat(second.eval("sametime.value")).isEqualTo(3);
    }

    @Test
    void anEarlierStateOfAFileIsReadAnewToo() throws IOException {
        module("back.py", "value = 1\n", EARLIER);
        first.exec("import back");
        module("back.py", "value = 2\n", FileTime.fromMillis(EARLIER.toMillis() + 5000));
        first.exec("reload(back)");
        assertThat(first.eval("back.value")).isEqualTo(2);
        module("back.py", "value = 3\n", EARLIER);
        first.exec("reload(back)");

        assertThat(first.eval("back.value")).isEqualTo(3);
    }

    @Test
    void aLinkThatIsTurnedToAnotherFileIsReadAnew() throws IOException {
        Path one = module("versions/one.py", "value = 1\n", EARLIER);
        Path two = module("versions/two.py", "value = 2\n", EARLIER);
        Path link = Files.createSymbolicLink(fixture.folder().resolve("linked.py"), one);
        first.exec("import linked");
        Files.delete(link);
        Files.createSymbolicLink(link, two);
        second.exec("import linked");

        assertThat(second.eval("linked.value")).isEqualTo(2);
        assertThat(second.eval("linked.__file__")).isEqualTo(link.toString());
    }

    @Test
    void aReloadRunsTheBodyAgainInTheSameModule() throws IOException {
        fixture.write("again.py", "count = globals().get('count', 0) + 1\n");
        first.exec("import again\nbefore = again\nreload(again)\nimport json\nother = reload(json)");

        assertThat(first.eval("again.count, again is before, other is json")).isEqualTo(List.of(2, true, true));
    }

    @Test
    void aDeletedFileIsNotFound() throws IOException {
        Path file = fixture.write("gone.py", "");
        first.exec("import gone");
        Files.delete(file);

        assertThat(raisedBy(second, "import gone").typeName()).isEqualTo("ImportError");
    }

    @Test
    void aNameOfOtherCaseIsAnotherModule() throws IOException {
        fixture.write("Cased.py", "");

        assertThat(raisedBy(first, "import cased").getMessage()).contains("No module named cased");
        first.exec("import Cased");
    }

    @Test
    void aModuleOfAnEarlierFolderComesBeforeTheLibrarys() throws IOException {
        fixture.write("early/json.py", "ours = True\n");
        first.set("folder", fixture.folder().resolve("early").toString());
        first.exec("import sys\nsys.path.insert(0, folder)");
        both("import json");

        assertThat(first.eval("json.ours")).isEqualTo(true);
        assertThat(second.eval("hasattr(json, 'ours')")).isEqualTo(false);
    }

    @Test
    void theLibrarysModuleComesBeforeThatOfALaterFolder() throws IOException {
        fixture.write("json.py", "ours = True\n");
        both("import json");

        assertThat(second.eval("hasattr(json, 'ours')")).isEqualTo(false);
    }

    @Test
    void aPackageHasWhatPythonGivesAPackage() throws IOException {
        fixture.write("pack/__init__.py", "import inner\nfrom . import inner as relative\n");
        fixture.write("pack/inner.py", "from __future__ import division\nimport json\nhalf = 1 / 2\n");
        both("import pack, pack.inner, json");

        String folder = fixture.folder().resolve("pack").toString();
        for (Interpreter python : List.of(first, second)) {
            assertThat(python.eval("pack.__path__, pack.__file__, pack.inner.__file__, pack.__name__"))
                    .isEqualTo(List.of(List.of(folder), folder + "/__init__.py", folder + "/inner.py", "pack"));
            assertThat(python.eval("pack.__package__, pack.inner.__package__, pack.inner.__name__"))
                    .isEqualTo(List.of("pack", "pack", "pack.inner"));
            assertThat(python.eval("pack.relative is pack.inner and pack.inner.json is json"))
                    .isEqualTo(true);
            assertThat(python.eval("pack.inner.half, 1 / 2")).isEqualTo(List.of(0.5, 0));
            assertThat(python.eval("hasattr(pack, '__loader__'), json.__package__, json.decoder.__name__"))
                    .isEqualTo(List.of(false, "json", "json.decoder"));
        }
        assertShared("pack.inner.__dict__", false);
    }

    @Test
    void aModuleOfTheLibraryIsToPythonWhatItAlwaysWas() {
        first.exec("import json, types, zipimport");

        assertThat(first.eval("type(json) is types.ModuleType and isinstance(json.__loader__, zipimport.zipimporter)"))
                .isEqualTo(true);
        assertThat(first.eval("json.__file__.endswith('/Lib/json/__init__$py.class') and len(json.__path__) == 1"))
                .isEqualTo(true);
        assertThat(first.eval("type(json.__loader__.get_data(json.__path__[0] + '/decoder.py')).__name__"))
                .isEqualTo("str");
        assertThat(first.eval("json.__loader__.is_package('json'), json.decoder.__loader__.is_package('json.decoder')"))
                .isEqualTo(List.of(true, false));
    }

    @Test
    void aBodyThatFailsLeavesNoModule() throws IOException {
        fixture.write(
                "failing.py", "import sys\nsys.failed = getattr(sys, 'failed', 0) + 1\nif sys.failed == 1: 1 / 0\n");
        for (Interpreter python : List.of(first, second)) {
            assertThat(raisedBy(python, "import failing").typeName()).isEqualTo("ZeroDivisionError");
            python.exec("import sys");
            assertThat(python.eval("'failing' in sys.modules")).isEqualTo(false);
            python.exec("import failing");
        }
    }

    @Test
    void aTracebackNamesFileAndLine() throws IOException {
        Path file = fixture.write("lines.py", "def f():\n    # a comment\n    raise KeyError('x')\n");
        both("import lines, traceback");

        for (Interpreter python : List.of(first, second)) {
            assertThat(raisedBy(python, "lines.f()").pythonTraceback()).contains("File \"" + file + "\", line 3, in f");
            python.exec("try:\n    lines.f()\nexcept KeyError:\n    text = traceback.format_exc()");
            assertThat((String) python.eval("text")).contains("    raise KeyError('x')");
        }
    }

    @Test
    void aSyntaxErrorIsEachInterpretersOwn() throws IOException {
        Path file = fixture.write("wrong.py", "fine = 1\n\ndef broken(:\n");

        for (Interpreter python : List.of(first, second)) {
            python.exec("import sys\ntry:\n    import wrong\nexcept SyntaxError, error:\n    pass");
            assertThat(python.eval("error.filename, error.lineno, 'wrong' in sys.modules"))
                    .isEqualTo(List.of(file.toString(), 3, false));
        }
        fixture.write("wrong.py", "fine = 'now it is'\n");
        first.exec("import wrong");
    }

    @Test
    void aPackageWithASyntaxErrorLeavesNoModule() throws IOException {
        fixture.write("wrongpack/__init__.py", "def broken(:\n");

        assertThat(raisedBy(first, "import wrongpack").typeName()).isEqualTo("SyntaxError");
        first.exec("import sys");
        assertThat(first.eval("'wrongpack' in sys.modules")).isEqualTo(false);
    }

    @Test
    void aDeclarationOfTheEncodingCounts() throws IOException {
        Files.write(fixture.folder().resolve("coded.py"), new byte[] {
            '#',
            '-',
            '*',
            '-',
            'c',
            'o',
            'd',
            'i',
            'n',
            'g',
            ':',
            'l',
            'a',
            't',
            'i',
            'n',
            '1',
            '\n',
            'v',
            '=',
            'u',
            '\'',
            (byte) 0xe9,
            '\'',
            '\n'
        });
        both("import coded");

        assertThat(second.eval("coded.v")).isEqualTo("\u00e9");
    }

    @Test
    void sourcesAndDataAreFoundByPythonsOwnTools() throws IOException {
        fixture.write("tools/__init__.py", "def f():\n    return 1\n");
        fixture.write("tools/data.txt", "data\n");
        fixture.write("tools/main.py", "import sys\nsys.ran = __name__\n");
        both("import tools, inspect, pkgutil, runpy, linecache, sys, os");

        for (Interpreter python : List.of(first, second)) {
            assertThat(python.eval("inspect.getsource(tools.f)")).isEqualTo("def f():\n    return 1\n");
            assertThat(python.eval("pkgutil.get_data('tools', 'data.txt')")).isEqualTo("data\n");
            assertThat(python.eval("[n for _, n, p in pkgutil.iter_modules(tools.__path__, 'tools.')]"))
                    .isEqualTo(List.of("tools.main"));
            assertThat(python.eval("pkgutil.get_loader('tools.main').get_source('tools.main')"))
                    .isEqualTo("import sys\nsys.ran = __name__\n");
            assertThat(python.eval("pkgutil.find_loader('tools').is_package('tools')"))
                    .isEqualTo(true);
            python.exec("runpy.run_module('tools.main')");
            assertThat(python.eval("sys.ran")).isEqualTo("tools.main");
            assertThat((String) python.eval("inspect.getsource(os.path.join)")).startsWith("def join(");
            assertThat((String) python.eval("pkgutil.get_data('json', 'decoder.py')"))
                    .contains("class JSONDecoder");
            assertThat(python.eval("'decoder' in [n for _, n, p in pkgutil.iter_modules(__import__('json').__path__)]"))
                    .isEqualTo(true);
        }
    }

    @Test
    void noCompiledFileIsWritten() throws IOException {
        fixture.write("unwritten.py", "");
        first.exec("import sys\nsys.dont_write_bytecode = False\nimport unwritten");

        assertThat(fixture.folder()).isDirectoryNotContaining("glob:**.class");
        assertThat(first.eval("unwritten.__file__"))
                .isEqualTo(fixture.folder().resolve("unwritten.py").toString());
    }

    @Test
    void aCompiledFileOfAnEarlierSourceIsNotTaken() throws IOException {
        Path file = module("compiled.py", "value = 1\n", EARLIER);
        first.set("file", file.toString());
        first.exec("import py_compile\npy_compile.compile(file)\nimport compiled");
        assertThat(first.eval("compiled.value")).isEqualTo(1);
        module("compiled.py", "value = 2\n", FileTime.fromMillis(System.currentTimeMillis() + 10_000));
        second.exec("import compiled");

        assertThat(second.eval("compiled.value")).isEqualTo(2);
    }

    @Test
    void aCompiledFileWithoutItsSourceIsImported() throws IOException {
        Path file = module("alone.py", "value = 1\n", EARLIER);
        first.set("file", file.toString());
        first.exec("import py_compile\npy_compile.compile(file)");
        Files.delete(file);
        second.exec("import alone");

        assertThat(second.eval("alone.value")).isEqualTo(1);
    }

    @Test
    void aRelativeEntryFollowsTheCurrentFolder() throws IOException {
        fixture.write("a/here.py", "value = 'a'\n");
        fixture.write("b/here.py", "value = 'b'\n");
        first.set("folder", fixture.folder().toString());
        first.exec("import os, sys\nsys.path.insert(0, '')\nos.chdir(folder + '/a')\nimport here");
        assertThat(first.eval("here.value, here.__file__")).isEqualTo(List.of("a", "here.py"));

        first.exec("os.chdir(folder + '/b')\nreload(here)");

        assertThat(first.eval("here.value")).isEqualTo("b");
    }

    @Test
    void whatOneInterpreterSeeksInALibraryPackageAnotherCannotTell() {
        first.exec("try:\n    import json.nowhere\nexcept ImportError:\n    pass");
        Interpreter third = fixture.newInterpreter("third");
        third.exec("import json, sys");

        assertThat(third.eval("'json.nowhere' in sys.modules")).isEqualTo(false);
        assertThat(third.eval("json.decoder.re.__name__, hasattr(json, 're')")).isEqualTo(List.of("re", false));
    }

    @Test
    void aModuleThatTheLibraryCanUseIsTakenWhereItIs() throws IOException {
        fixture.write("_heapq.py", "heappush = 'ours'\n");
        first.exec("import heapq");
        Files.delete(fixture.folder().resolve("_heapq.py"));
        second.exec("import heapq");

        assertThat(first.eval("heapq.heappush")).isEqualTo("ours");
        assertThat(second.eval("callable(heapq.heappush)")).isEqualTo(true);
        assertThat(raisedBy(second, "import _heapq").getMessage()).contains("No module named _heapq");
    }

    @Test
    void aStarImportTakesThePublicNames() {
        first.exec("import os\nfrom genericpath import *\nfrom json import *\nimport genericpath");

        assertThat(first.eval("exists is genericpath.exists, dumps.__module__, '*' in globals()"))
                .isEqualTo(List.of(true, "json", false));
    }

    @Test
    void namesOfCharactersAreKnown() {
        assertThat(first.eval("[u'\\N{EURO SIGN}', __import__('unicodedata').name(u'-')]"))
                .isEqualTo(List.of("\u20ac", "HYPHEN-MINUS"));
    }

    @Test
    void twoInterpretersMayImportAModuleForTheFirstTimeAtTheSameMoment() throws Exception {
        for (int round = 0; round < 20; round++) {
            String name = "race" + round;
            fixture.write(name + ".py", "import json, threading\ndef f(): return __name__\nvalue = f()\n");
            CyclicBarrier start = new CyclicBarrier(2);
            List<CompletableFuture<Object>> results = List.of(first, second).stream()
                    .map(python -> python.submit(own -> {
                        await(start);
                        own.exec("import " + name);
                        return own.eval(name + ".value");
                    }))
                    .toList();
            for (CompletableFuture<Object> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(name);
            }
            assertShared(name + ".f.func_code", true);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether it is the first import of the process must not be seen. */
    @Test
    void functionsThatTraceStayWhenAModuleIsCompiled() throws IOException {
        fixture.write("traced.py", "def f(): pass\n");

        both("""
                import sys
                def trace(*event): return trace
                sys.settrace(trace)
                sys.setprofile(trace)
                import traced
                kept = sys.gettrace() is trace, sys.getprofile() is trace
                sys.settrace(None)
                sys.setprofile(None)
                """);

        assertThat(first.eval("kept")).isEqualTo(List.of(true, true));
        assertThat(second.eval("kept")).isEqualTo(List.of(true, true));
    }

    @Test
    void aClosedInterpreterIsCollectedThoughItsCodeStays() throws Exception {
        fixture.write("kept.py", "def f(): pass\n");
        WeakReference<Object> closed;
        try (Interpreter python = fixture.host().newInterpreter("closed")) {
            python.exec("import kept, xml.dom.minidom, hpyve");
            closed = python.<WeakReference<Object>>submit(own -> new WeakReference<>(Py.getSystemState()))
                    .get();
        }
        for (int turn = 0; turn < 100 && closed.get() != null; turn++) {
            System.gc();
            Thread.sleep(20);
        }

        assertThat(closed.get()).isNull();
        both("import kept");
        assertShared("kept.f.func_code", true);
    }
}
