package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How extensions are found and loaded, and how that fails. */
class ImportTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    private Interpreter python;

    @BeforeEach
    void open() {
        python = fixture.newInterpreter("importer");
    }

    private PythonException raisedBy(String source) {
        PythonException raised = catchThrowableOfType(PythonException.class, () -> python.exec(source));
        assertThat(raised).as(source).isNotNull();
        assertThat(python.eval("1 + 1")).isEqualTo(2);
        return raised;
    }

    @Test
    void anExtensionOnTheSearchPathIsImported() throws Exception {
        Path file = fixture.build("plain", HostFixture.valueModule("plain", 5));
        python.exec("import plain, sys");

        assertThat(python.eval("plain.value()")).isEqualTo(5);
        assertThat(python.eval("plain.__name__, plain.__file__")).isEqualTo(List.of("plain", file.toString()));
        assertThat(python.eval("sys.modules['plain'] is plain and __import__('plain') is plain"))
                .isEqualTo(true);
        assertThat(python.eval("plain.__package__")).isEqualTo("");
        assertThat(python.eval("plain.__loader__.name, plain.__loader__.path, plain.__spec__.name"))
                .isEqualTo(List.of("plain", file.toString(), "plain"));
        assertThat(python.eval("plain.__spec__.loader is plain.__loader__")).isEqualTo(true);
    }

    @Test
    void aFolderAddedLaterIsSearched() throws Exception {
        fixture.build("later/added", HostFixture.valueModule("added", 6));
        assertThat(raisedBy("import added").typeName()).isEqualTo("ImportError");
        python.set("folder", fixture.folder().resolve("later").toString());

        python.exec("import sys\nsys.path.append(folder)\nimport added");

        assertThat(python.eval("added.value()")).isEqualTo(6);
    }

    @Test
    void anExtensionOfAPackageIsImportedInEveryForm() throws Exception {
        fixture.write("pkg/__init__.py", "");
        fixture.write("pkg/inner/__init__.py", "from . import deep\nfrom .deep import value\n");
        fixture.write(
                "pkg/user.py", "from __future__ import absolute_import\nfrom . import ext\nfrom .ext import value\n");
        fixture.build("pkg/ext", HostFixture.valueModule("ext", 8));
        fixture.build("pkg/inner/deep", HostFixture.valueModule("deep", 9));

        python.exec("from pkg import ext\nimport pkg.ext\nimport pkg.ext as other\nfrom pkg.ext import value");
        python.exec("import pkg.user, pkg.inner");

        assertThat(python.eval("ext is pkg.ext and ext is other and ext is pkg.user.ext"))
                .isEqualTo(true);
        assertThat(python.eval("ext.__name__, ext.__package__, value(), pkg.user.value()"))
                .isEqualTo(List.of("pkg.ext", "pkg", 8, 8));
        assertThat(python.eval("pkg.inner.value(), pkg.inner.deep.__name__")).isEqualTo(List.of(9, "pkg.inner.deep"));
    }

    @Test
    void aPackageImportsItsExtensionImplicitly() throws Exception {
        fixture.write("old/__init__.py", "import ext\nfound = ext.value()\n");
        fixture.build("old/ext", HostFixture.valueModule("ext", 8));

        python.exec("import old");

        assertThat(python.eval("old.found, old.ext.__name__")).isEqualTo(List.of(8, "old.ext"));
    }

    @Test
    void anExtensionComesBeforeASourceOfItsFolder() throws Exception {
        fixture.write("both.py", "def value(): return 'source'\n");
        fixture.build("both", HostFixture.valueModule("both", 1));

        python.exec("import both");

        assertThat(python.eval("both.value()")).isEqualTo(1);
    }

    @Test
    void anEarlierFolderComesBeforeALaterOne() throws Exception {
        fixture.build("a/source_later", HostFixture.valueModule("source_later", 1));
        fixture.write("b/source_later.py", "def value(): return 'source'\n");
        fixture.write("a/extension_later.py", "def value(): return 'source'\n");
        fixture.build("b/extension_later", HostFixture.valueModule("extension_later", 1));
        python.set("a", fixture.folder().resolve("a").toString());
        python.set("b", fixture.folder().resolve("b").toString());

        python.exec("import sys\nsys.path[:0] = [a, b]\nimport source_later, extension_later");

        assertThat(python.eval("source_later.value(), extension_later.value()")).isEqualTo(List.of(1, "source"));
    }

    @Test
    void modulesOfTheStandardLibraryAreStillFound() {
        python.exec("import json, collections, xml.dom.minidom, encodings.utf_8");

        assertThat(python.eval("json.dumps([1])")).isEqualTo("[1]");
        assertThat(raisedBy("import no_such_module")).hasMessage("ImportError: No module named no_such_module");
    }

    @Test
    void everyImportOfAReloadIsTheSameModule() throws Exception {
        fixture.build("plain", HostFixture.valueModule("plain", 5));
        python.exec("import plain, sys\nfirst = plain\ndel sys.modules['plain']\nimport plain");

        assertThat(python.eval("first is plain")).isEqualTo(false);
        assertThat(python.eval("first.value(), plain.value()")).isEqualTo(List.of(5, 5));
    }

    // --- hpy.universal

    @Test
    void universalLoadsAFileAndLeavesSysModulesAlone() throws Exception {
        Path file = fixture.build("hidden/direct", HostFixture.valueModule("direct", 3));
        python.set("path", file.toString());

        python.exec("import hpy.universal, sys\nm = hpy.universal.load('direct', path)\n"
                + "n = hpy.universal.load('pkg.direct', path, None, mode=hpy.universal.MODE_UNIVERSAL)");

        assertThat(python.eval("m.value(), n.value(), m is n")).isEqualTo(List.of(3, 3, false));
        assertThat(python.eval("m.__name__, n.__name__")).isEqualTo(List.of("direct", "pkg.direct"));
        assertThat(python.eval("'direct' in sys.modules or 'pkg.direct' in sys.modules"))
                .isEqualTo(false);
        assertThat(python.eval("hpy.universal.get_version()")).isEqualTo(List.of("0.9.0", ""));
    }

    @Test
    void aStubFileLoadsItsExtension() throws Exception {
        Path file = fixture.build("hidden/stub", HostFixture.valueModule("stub", 4));
        python.set("path", file.toString());
        python.exec("""
                from hpy.universal import _load_bootstrap
                class Spec(object):
                    name = 'stub'
                spec = Spec()
                m = _load_bootstrap('stub', 'stub', None, path, 'a loader', spec, {})
                n = _load_bootstrap('stub', 'stub', None, path, 'a loader', spec, {'HPY': 'stub:universal,other:debug'})
                """);

        assertThat(python.eval("m.value(), m.__name__, m.__file__, m.__loader__, spec.origin, m.__spec__ is spec"))
                .isEqualTo(List.of(4, "stub", file.toString(), "a loader", file.toString(), true));
        assertThat(python.eval("n.value()")).isEqualTo(4);
    }

    @Test
    void modesThatThisHostHasNotAreRefused() throws Exception {
        Path file = fixture.build("hidden/direct", HostFixture.valueModule("direct", 3));
        python.set("path", file.toString());
        python.exec("import hpy.universal as u\nclass Spec(object): pass");

        for (String mode : List.of("debug=True", "mode=u.MODE_DEBUG", "mode=u.MODE_TRACE", "mode=u.MODE_DEBUG_TRACE")) {
            assertThat(raisedBy("u.load('direct', path, None, " + mode + ")"))
                    .hasMessage("NotImplementedError: this host has no debug and no trace mode");
        }
        assertThat(raisedBy("u.load('direct', path, None, mode=7)")).hasMessage("ValueError: invalid HPy mode: 7");
        for (String mode : List.of("debug", "trace", "other:universal,direct:debug")) {
            assertThat(raisedBy("u._load_bootstrap('direct', 'direct', None, path, None, Spec(), {'HPY': '" + mode
                                    + "'})")
                            .typeName())
                    .isEqualTo("NotImplementedError");
        }
        assertThat(raisedBy("u._load_bootstrap('direct', 'direct', None, path, None, Spec(), {'HPY': 'fast'})"))
                .hasMessageContaining("ValueError: invalid HPy mode")
                .hasMessageContaining("fast");
    }

    // --- Failures

    @Test
    void aFileThatIsNoLibraryIsNamedAndCanBeReplaced() throws Exception {
        Path file = fixture.write("broken.hpy0.so", "this is not a library");

        PythonException raised = raisedBy("import broken");

        assertThat(raised.typeName()).isIn("ImportError", "RuntimeError");
        assertThat(raised).hasMessageContaining("'broken'").hasMessageContaining(file.toString());
        assertThat(python.eval("'broken' in __import__('sys').modules")).isEqualTo(false);
        fixture.build("broken", HostFixture.valueModule("broken", 2));
        python.exec("import broken");
        assertThat(python.eval("broken.value()")).isEqualTo(2);
    }

    @Test
    void anEmptyFileIsNamed() throws Exception {
        fixture.write("empty.hpy0.so", "");

        assertThat(raisedBy("import empty")).hasMessageContaining("'empty'");
    }

    @Test
    void aLibraryOfAnotherModuleIsNamed() throws Exception {
        Path file = fixture.build("original", HostFixture.valueModule("original", 2));
        Files.copy(file, fixture.folder().resolve("renamed.hpy0.so"));

        PythonException raised = raisedBy("import renamed");

        assertThat(raised.typeName()).isIn("ImportError", "RuntimeError");
        assertThat(raised).hasMessageContaining("'renamed'").hasMessageContaining("_renamed");
    }

    @Test
    void aMissingSymbolIsNamed() throws Exception {
        fixture.build(
                "unlinked",
                "HPy no_such_function(HPyContext *ctx);\n"
                        + HostFixture.valueModule("unlinked", 2)
                                .replace("HPyLong_FromLong(ctx, 2)", "no_such_function(ctx)"));

        assertThat(raisedBy("import unlinked"))
                .hasMessageContaining("'unlinked'")
                .hasMessageContaining("no_such_function");
    }

    @Test
    void anExtensionThatFailsAtItsStartCanBeImportedAgain() throws Exception {
        fixture.build("moody", """
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    HPy sys = HPyImport_ImportModule(ctx, "sys");
                    int ready = HPy_HasAttr_s(ctx, sys, "ready");
                    HPy_Close(ctx, sys);
                    if (ready)
                        return 0;
                    HPyErr_SetString(ctx, ctx->h_ValueError, "not ready");
                    return -1;
                }
                static HPyDef *defines[] = {&exec, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(moody, def)
                """);

        assertThat(raisedBy("import moody")).hasMessage("ValueError: not ready");
        assertThat(raisedBy("import moody")).hasMessage("ValueError: not ready");
        python.exec("import sys\nsys.ready = True\nimport moody");

        assertThat(python.eval("moody.__name__")).isEqualTo("moody");
    }

    @Test
    void anExecSlotThatFailsWithoutAnExceptionIsNamed() throws Exception {
        fixture.build("silent", """
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module) { return -1; }
                static HPyDef *defines[] = {&exec, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(silent, def)
                """);

        assertThat(raisedBy("import silent"))
                .hasMessageContaining("SystemError")
                .hasMessageContaining("silent.HPy_mod_exec");
    }

    @Test
    void anExtensionOfANewerAbiIsRefused() throws Exception {
        fixture.build(
                "newer",
                "#undef HPY_ABI_VERSION_MINOR\n#define HPY_ABI_VERSION_MINOR 1\n"
                        + HostFixture.valueModule("newer", 2));

        assertThat(raisedBy("import newer"))
                .hasMessageContaining("'newer'")
                .hasMessageContaining("0.1")
                .hasMessageContaining("0.0");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        python.set("path", fixture.folder().resolve("missing.hpy0.so").toString());

        PythonException raised = raisedBy("import hpy.universal\nhpy.universal.load('missing', path)");

        assertThat(raised.typeName()).isIn("ImportError", "RuntimeError");
        assertThat(raised).hasMessageContaining("missing.hpy0.so");
    }

    @Test
    void aFileWithoutAbiTagIsRefused() throws Exception {
        Path file = fixture.build("tagless", HostFixture.valueModule("tagless", 2));
        python.set(
                "path", Files.copy(file, fixture.folder().resolve("tagless.so")).toString());

        assertThat(raisedBy("import hpy.universal\nhpy.universal.load('tagless', path)"))
                .hasMessageContaining("tagless.so")
                .hasMessageContaining("could not find HPy ABI tag");
    }

    private static String importingModule(String name, String imported, String end) {
        return """
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    HPy other = HPyImport_ImportModule(ctx, "%2$s");
                    if (HPy_IsNull(other))
                        return -1;
                    HPy_Close(ctx, other);
                    %3$s
                }
                static HPyDef *defines[] = {&exec, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(%1$s, def)
                """.formatted(name, imported, end);
    }

    @Test
    void aCircularImportSeesTheOneModule() throws Exception {
        fixture.build("circle", importingModule("circle", "circle_user", "return 0;"));
        fixture.write(
                "circle_user.py",
                "import circle\nseen = circle\nattributes = (circle.__package__, circle.__file__, circle.__loader__)\n");

        python.exec("import circle, circle_user, sys");

        assertThat(python.eval("circle_user.seen is circle and sys.modules['circle'] is circle"))
                .isEqualTo(true);
        assertThat(python.eval("circle_user.attributes == ('', circle.__file__, circle.__loader__)"))
                .isEqualTo(true);
    }

    @Test
    void anExtensionThatFailsAfterItsCreationIsNotKept() throws Exception {
        fixture.build(
                "half",
                importingModule(
                        "half", "half_user", "HPyErr_SetString(ctx, ctx->h_ValueError, \"half done\"); return -1;"));
        fixture.write("half_user.py", "import half, sys\nthere = 'half' in sys.modules\n");

        assertThat(raisedBy("import half")).hasMessage("ValueError: half done");
        python.exec("import half_user, sys");

        assertThat(python.eval("half_user.there, 'half' in sys.modules")).isEqualTo(List.of(true, false));
    }

    @Test
    void pkgutilFindsModulesOfTheHostAndExtensions() throws Exception {
        fixture.build("plain", HostFixture.valueModule("plain", 5));
        python.exec("import pkgutil");

        assertThat(python.eval("pkgutil.find_loader('hpyve') is not None")).isEqualTo(true);
        assertThat(python.eval("pkgutil.find_loader('plain') is not None")).isEqualTo(true);
        assertThat(python.eval("pkgutil.find_loader('no_such_module')")).isNull();
    }

    @Test
    void whatCannotBeAPathOrANameIsNotFound() {
        python.exec("import sys\nsys.path[:0] = ['a\\0b', u'a\\0b', '\\xff', '']");

        assertThat(raisedBy("import no_such_module").typeName()).isEqualTo("ImportError");
        assertThat(raisedBy("__import__('a\\0b')").typeName()).isIn("ImportError", "TypeError");
        assertThat(raisedBy("import hpyve\nsys.meta_path[-1].load_module('x')").typeName())
                .isEqualTo("ImportError");
        python.exec("import hpyve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"None, 'x.hpy0.so'", "'x', None", "'x', 5", "5, 'x'", "'x', 'a\\0b'"})
    void loadRefusesWhatIsNoNameOrPath(String arguments) {
        assertThat(raisedBy("import hpy.universal\nhpy.universal.load(" + arguments + ")")
                        .typeName())
                .isIn("TypeError", "ValueError");
    }
}
