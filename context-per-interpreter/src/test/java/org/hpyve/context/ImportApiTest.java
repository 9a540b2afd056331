package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Imports. */
class ImportApiTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    @TempDir
    Path folder;

    private void loadImport() throws IOException {
        python.loadFunctions("imported:O nameless:NOARGS", """
                static HPy imported_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    const char *name = HPyUnicode_AsUTF8AndSize(ctx, arg, NULL);
                    return name ? HPyImport_ImportModule(ctx, name) : HPy_NULL;
                }
                static HPy nameless_impl(HPyContext *ctx, HPy self) { return HPyImport_ImportModule(ctx, NULL); }
                """);
        Files.createDirectories(folder.resolve("pkg"));
        Files.writeString(folder.resolve("pkg/__init__.py"), "__all__ = ['listed']\n");
        Files.writeString(folder.resolve("pkg/listed.py"), "raise RuntimeError('nobody asked for this')\n");
        Files.writeString(folder.resolve("pkg/sub.py"), "value = 42\n");
        Files.writeString(folder.resolve("broken.py"), "1 / 0\n");
        python.exec("import sys; sys.path.insert(0, '" + folder + "'); sys.dont_write_bytecode = True");
    }

    @Test
    void anImportedModuleIsTheOneInSysModules() throws IOException {
        loadImport();

        assertThat(python.repr("m.imported(u'sys') is sys")).isEqualTo("True");
        assertThat(python.repr("m.imported(u'textwrap') is sys.modules['textwrap']"))
                .isEqualTo("True");
    }

    @Test
    void aDottedNameGivesTheInnerModule() throws IOException {
        loadImport();

        assertThat(python.repr("m.imported(u'pkg.sub').value")).isEqualTo("42");
        assertThat(python.repr("m.imported(u'os.path') is __import__('os').path"))
                .isEqualTo("True");
    }

    @Test
    void submodulesAreNotImportedWithTheirPackage() throws IOException {
        loadImport();

        assertThat(python.repr("m.imported(u'pkg').__name__, [n for n in sys.modules if n.startswith('pkg.')]"))
                .isEqualTo("('pkg', [])");
    }

    @Test
    void whatFailsInTheImportIsRaised() throws IOException {
        loadImport();

        assertThat(python.raised("m.imported(u'no_such_module')"))
                .isEqualTo("ImportError: No module named no_such_module");
        assertThat(python.raised("m.imported(u'pkg.nothing')")).startsWith("ImportError: ");
        assertThat(python.raised("m.imported(u'broken')")).startsWith("ZeroDivisionError: ");
        assertThat(python.raised("m.imported(u'')")).startsWith("ValueError: ");
        assertThat(python.raised("m.nameless()")).startsWith("SystemError: ");
    }

    @Test
    void aReplacedImportFunctionIsAsked() throws IOException {
        loadImport();
        python.exec("""
                import __builtin__
                original = __builtin__.__import__
                asked = []
                def replaced(name, *rest):
                    asked.append(name)
                    return original(name, *rest)
                __builtin__.__import__ = replaced
                try:
                    module = m.imported(u'textwrap')
                finally:
                    __builtin__.__import__ = original
                """);

        assertThat(python.repr("asked[0], module.__name__")).isEqualTo("('textwrap', 'textwrap')");
    }
}
