package org.hpyve.include;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From sources to {@code NAME.hpy0.so}. */
class ExtensionCompilerTest {

    private static final String MODULE = """
            #include <hpy.h>
            HPyDef_METH(f, "f", HPyFunc_NOARGS)
            static HPy f_impl(HPyContext *ctx, HPy) { return HPy_Dup(ctx, ctx->h_None); }
            static HPyDef *defines[] = {&f, NULL};
            static HPyModuleDef def = {NULL, 0, NULL, defines, NULL};
            HPy_MODINIT(mine, def)
            """;

    private static ExtensionCompiler compiler;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() throws IOException {
        compiler = new ExtensionCompiler();
    }

    @AfterAll
    static void close() throws IOException {
        compiler.close();
    }

    private Path write(String file, String text) throws IOException {
        return Files.writeString(folder.resolve(file), text);
    }

    private Path writeC(String file) throws IOException {
        return write(file, MODULE.replace("HPy)", "HPy self)"));
    }

    /** The dynamic symbols of a shared library, as nm shows them without addresses: {@code T name}. */
    private static List<String> symbols(Path library, String which) throws IOException, InterruptedException {
        Process nm = new ProcessBuilder("nm", "-D", which, library.toString()).start();
        String printed = new String(nm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(nm.waitFor()).isZero();
        return printed.lines()
                .map(line -> line.strip().replaceFirst("^[0-9a-f]{16} ", ""))
                .toList();
    }

    @Test
    void aModuleExportsWhatAHostLooksFor() throws Exception {
        Path extension = compiler.compile("mine", List.of(writeC("mine.c")), folder.resolve("out/deep"), List.of());

        assertThat(extension).isEqualTo(folder.resolve("out/deep/mine.hpy0.so")).isRegularFile();
        assertThat(symbols(extension, "--defined-only"))
                .containsExactlyInAnyOrder(
                        "T HPyInit_mine",
                        "T HPyInitGlobalContext_mine",
                        "T get_required_hpy_major_version_mine",
                        "T get_required_hpy_minor_version_mine");
    }

    @Test
    void aModuleNeedsNothingOfPython() throws Exception {
        Path extension = compiler.compile("mine", List.of(writeC("mine.c")), folder, List.of());

        assertThat(symbols(extension, "--undefined-only"))
                .isNotEmpty()
                .noneMatch(symbol -> symbol.contains("Py") || symbol.contains("hpy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine.cpp", "mine.cc", "mine.cxx", "mine.C"})
    void cppSourcesAreCompiledAsCpp(String file) throws Exception {
        Path source = write(file, "#include <string>\nstd::string text() { return std::string(3, 'x'); }\n" + MODULE);

        Path extension = compiler.compile("mine", List.of(source), folder, List.of("-std=c++20", "-Wall", "-Werror"));

        assertThat(symbols(extension, "--defined-only")).contains("T HPyInit_mine");
    }

    @Test
    void severalSourcesAndAnIncludeFolderMakeOneModule() throws Exception {
        Path include = Files.createDirectory(folder.resolve("headers"));
        write("headers/shared.h", "int shared_value(void);\n");
        Path one = write("one.c", "#include <shared.h>\nint shared_value(void) { return 1; }\n");
        Path two = write(
                "two.c",
                "#include <shared.h>\nint (*keep)(void) = shared_value;\n" + MODULE.replace("HPy)", "HPy self)"));

        assertThat(compiler.compile("mine", List.of(one, two), folder, List.of("-I" + include, "-Wl,--no-undefined")))
                .isRegularFile();
    }

    @Test
    void helpersOfTheRuntimeArePartOfTheModule() throws Exception {
        Path source = write(
                "mine.c",
                MODULE.replace("HPy)", "HPy self)")
                        .replace("HPy_Dup(ctx, ctx->h_None)", "HPy_BuildValue(ctx, \"i\", 1)"));

        Path extension = compiler.compile("mine", List.of(source), folder, List.of("-Wl,--no-undefined"));

        assertThat(symbols(extension, "--undefined-only")).noneMatch(symbol -> symbol.contains("HPy"));
    }

    @Test
    void anExistingExtensionIsReplaced() throws Exception {
        Path old = Files.writeString(folder.resolve("mine.hpy0.so"), "old");

        Path extension = compiler.compile("mine", List.of(writeC("mine.c")), folder, List.of());

        assertThat(extension).isEqualTo(old);
        assertThat(Files.readAllBytes(extension)).startsWith(0x7f, 'E', 'L', 'F');
    }

    @Test
    void aMissingSourceIsNamed() {
        Path missing = folder.resolve("missing.c");

        assertThatExceptionOfType(CompilationException.class)
                .isThrownBy(() -> compiler.compile("mine", List.of(missing), folder, List.of()))
                .withMessage("no such source: " + missing);
    }

    @Test
    void aModuleNeedsASource() {
        assertThatExceptionOfType(CompilationException.class)
                .isThrownBy(() -> compiler.compile("mine", List.of(), folder, List.of()))
                .withMessageContaining("source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "1a", "a-b", "../a", "a b", "\u00e9"})
    void aNameThatIsNoModuleIsRefused(String name) throws Exception {
        Path source = writeC("mine.c");

        assertThatExceptionOfType(CompilationException.class)
                .isThrownBy(() -> compiler.compile(name, List.of(source), folder, List.of()))
                .withMessage("'" + name + "' cannot be the name of a module");
    }

    @Test
    void whatTheCompilerPrintedIsInTheMessage() throws Exception {
        Path source = write("broken.c", "#include <hpy.h>\nint f(void) { return not_declared_here; }\n");

        assertThatExceptionOfType(CompilationException.class)
                .isThrownBy(() -> compiler.compile("broken", List.of(source), folder, List.of()))
                .withMessageContaining(source + ":2:")
                .withMessageContaining("not_declared_here");
        assertThat(folder.resolve("broken.hpy0.so")).doesNotExist();
    }

    @Test
    void anOptionCanMakeWarningsErrors() throws Exception {
        Path source = write("warned.c", "static int unused;\n" + MODULE.replace("HPy)", "HPy self)"));

        assertThat(compiler.compile("warned", List.of(source), folder, List.of()))
                .isRegularFile();
        assertThatExceptionOfType(CompilationException.class)
                .isThrownBy(() -> compiler.compile("warned", List.of(source), folder, List.of("-Wall", "-Werror")))
                .withMessageContaining("unused");
    }

    @Test
    void theCompilerCanBeUsedAfterAnError() throws Exception {
        Path broken = write("broken.c", "not C\n");
        assertThatExceptionOfType(CompilationException.class)
                .isThrownBy(() -> compiler.compile("broken", List.of(broken), folder, List.of()));

        assertThat(compiler.compile("mine", List.of(writeC("mine.c")), folder, List.of()))
                .isRegularFile();
    }

    @Test
    void closeRemovesTheHeaders() throws Exception {
        ExtensionCompiler own = new ExtensionCompiler();
        Path headers = own.includeDirectory();
        assertThat(headers.resolve("hpy.h")).isRegularFile();
        assertThat(headers.resolve("hpy/autogen/context.h")).isRegularFile();

        own.close();

        assertThat(headers).doesNotExist();
    }

    @Test
    void aCompilersVariableMayHoldOptions() throws Exception {
        Path source =
                write("mine.c", "#ifndef CHOSEN\n#error not chosen\n#endif\n" + MODULE.replace("HPy)", "HPy self)"));
        try (ExtensionCompiler own =
                new ExtensionCompiler(variable -> variable.equals("CC") ? " cc  -O1 -DCHOSEN " : null)) {
            assertThat(own.compile("mine", List.of(source), folder, List.of())).isRegularFile();
        }
    }

    @Test
    void anExtensionIsReplacedAtOnceOrNotAtAll() throws Exception {
        Path old = Files.writeString(folder.resolve("mine.hpy0.so"), "old");
        Path link = Files.createLink(folder.resolve("opened"), old);
        Path broken = write("broken.c", "not C\n");
        assertThatExceptionOfType(CompilationException.class)
                .isThrownBy(() -> compiler.compile("mine", List.of(broken), folder, List.of()));
        assertThat(old).hasContent("old");

        compiler.compile("mine", List.of(writeC("mine.c")), folder, List.of());

        assertThat(link).as("the file that was there, for who has it open").hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("mine.hpy0.so", "opened", "broken.c", "mine.c");
        }
    }
}
