package org.hpyve.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All state of an interpreter hangs off its context: the library has no writable variable of the process but the one
 * set at load, and nothing that an extension could bind to by accident.
 */
class LibrarySymbolsTest {

    /** Made by the compiler and the linker for every shared library. */
    private static final Set<String> COMPILERS_OWN = Set.of("completed.0", "__dso_handle", "__TMC_END__");

    /** Of these two, nothing lies in a section; some linkers show them. */
    private static final Set<String> ENDS_OF_SECTIONS = Set.of("_edata", "_end", "__bss_start");

    @TempDir
    private Path folder;

    /** The writable variables that the author of the library wrote. */
    private static Set<String> writableVariables(LibrarySymbols symbols) {
        Set<String> variables = new TreeSet<>(symbols.writable());
        variables.removeAll(COMPILERS_OWN);
        variables.removeAll(ENDS_OF_SECTIONS);
        return variables;
    }

    private LibrarySymbols bridge() throws Exception {
        String name = System.getProperty("os.name") + "-" + System.getProperty("os.arch") + "/libhpyve.so";
        Path copy = folder.resolve("libhpyve.so");
        try (InputStream library = NativeContext.class.getResourceAsStream(name)) {
            assertThat(library).as(name).isNotNull();
            Files.copy(library, copy);
        }
        return LibrarySymbols.of(copy);
    }

    private LibrarySymbols compiled(String source) throws Exception {
        Path file = Files.writeString(folder.resolve("tiny.c"), source);
        Path library = folder.resolve("tiny.so");
        Process compiler = new ProcessBuilder(
                        "gcc",
                        "-std=gnu11",
                        "-shared",
                        "-fPIC",
                        "-fvisibility=hidden",
                        "-Wl,-z,relro",
                        "-Wl,-z,now",
                        file.toString(),
                        "-o",
                        library.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor()).as(printed).isZero();
        return LibrarySymbols.of(library);
    }

    @Test
    void theOnlyWritableVariableIsTheOneSetAtLoad() throws Exception {
        assertThat(writableVariables(bridge())).containsExactly("library");
    }

    @Test
    void theOnlyExportsAreThoseOfJni() throws Exception {
        assertThat(bridge().exported()).containsExactly("JNI_OnLoad", "JNI_OnUnload");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "static int counter; int next(void) { return ++counter; }",
                "static int counter = 7; int next(void) { return ++counter; }",
                "int counter; int next(void) { return ++counter; }",
                "__attribute__((common)) int counter; int next(void) { return ++counter; }",
                "static __thread int counter; int next(void) { return ++counter; }",
                "_Thread_local int counter = 7; int next(void) { return ++counter; }",
                "static const char *counter = \"a\"; void next(const char *text) { counter = text; }"
            })
    void aWritableVariableIsFound(String source) throws Exception {
        assertThat(writableVariables(compiled(source))).containsExactly("counter");
    }

    @Test
    void aVariableInsideAFunctionIsFound() throws Exception {
        assertThat(writableVariables(compiled("int next(void) { static int counter; return ++counter; }")))
                .singleElement()
                .asString()
                .matches("counter\\.\\d+");
    }

    @Test
    void constantsAreNoWritableVariablesEvenIfTheyAreRelocated() throws Exception {
        LibrarySymbols symbols = compiled("""
                static const int numbers[] = {1, 2};
                static const char *const names[] = {"a", "b"};
                int number(int i) { return numbers[i]; }
                const char *name(int i) { return names[i]; }
                """);

        assertThat(writableVariables(symbols)).isEmpty();
        assertThat(symbols.exported()).isEmpty();
    }

    @Test
    void anExportIsFound() throws Exception {
        assertThat(compiled("__attribute__((visibility(\"default\"))) int shown(void) { return 1; }\n"
                                + "int hidden(void) { return 2; }")
                        .exported())
                .containsExactly("shown");
    }
}
