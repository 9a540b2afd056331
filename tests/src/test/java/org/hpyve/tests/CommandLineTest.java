package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hpyve.host.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line: what it prints, and its exit codes. */
class CommandLineTest {

    /** Not for its host: it sees that commands leave no thread and no folder behind. */
    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(Object... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        String[] texts = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        return commandLine.execute(texts);
    }

    private Path script(String text) throws Exception {
        return Files.writeString(hosts.folder().resolve("script.py"), text);
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    // --- demo

    @Test
    void theDemoPrintsOneJsonObject() throws Exception {
        assertThat(execute("demo", "--interpreters", 2, "--json"))
                .as(err.toString())
                .isZero();

        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(fields(result)).containsExactlyInAnyOrder("interpreters", "wall_ms", "records");
        assertThat(result.get("records").asInt()).isEqualTo(12_000);
        assertThat(result.get("wall_ms").isIntegralNumber()).isTrue();
        JsonNode interpreters = result.get("interpreters");
        assertThat(interpreters).hasSize(2);
        Set<String> threads = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (JsonNode interpreter : interpreters) {
            assertThat(fields(interpreter))
                    .containsExactlyInAnyOrder(
                            "name", "thread", "records", "handles_open", "handles_opened", "crossings");
            assertThat(interpreter.get("records").asInt()).isEqualTo(6_000);
            assertThat(interpreter.get("handles_open").asInt()).isZero();
            assertThat(interpreter.get("handles_opened").asLong()).isPositive();
            assertThat(interpreter.get("crossings").asLong()).isPositive();
            threads.add(interpreter.get("thread").asText());
            names.add(interpreter.get("name").asText());
        }
        assertThat(threads).hasSize(2);
        assertThat(names).hasSize(2);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theDemoDecodesAFileOfTheUserAndPrintsATable() throws Exception {
        Path input = Files.writeString(hosts.folder().resolve("mine.jsonl"), "{\"a\": 1}\n[2]\n\"three\"\n");

        assertThat(execute("demo", "--interpreters", 2, "--input", input))
                .as(err.toString())
                .isZero();

        assertThat(out.toString()).contains("demo-1", "demo-2", "open at end", "hpyve-demo-1", "2 threads");
    }

    @Test
    void theDemoFailsOnAFileThatIsNotJson() throws Exception {
        Path input = Files.writeString(hosts.folder().resolve("mine.jsonl"), "{\"a\": 1}\nnot JSON\n");

        assertThat(execute("demo", "--interpreters", 1, "--input", input)).isEqualTo(1);

        assertThat(err.toString()).contains("Traceback").contains("ValueError");
    }

    // --- Wrong use

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo --interpreters 0",
                "demo --interpreters many",
                "demo --input /no/such/file",
                "demo --frames",
                "run",
                "run /no/such/script.py",
                "run SCRIPT -n 0",
                "run SCRIPT -n",
                "run SCRIPT --isolation partly",
                "run SCRIPT --hpy-mode debug",
                "run SCRIPT --bridge none",
                "run SCRIPT --bridge eager,batched",
                "build",
                "build --name x",
                "build x.c",
                "no-such-command"
            })
    void wrongOptionsAreExitCode2AndAMessage(String line) throws Exception {
        String command = line.replace("SCRIPT", script("print('must not run')").toString());

        assertThat(execute((Object[]) command.split(" "))).isEqualTo(2);

        assertThat(err.toString()).isNotBlank();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpAndVersionAreNoErrors() {
        assertThat(execute("--help")).isZero();
        assertThat(out.toString()).contains("demo", "run", "build");
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).contains("0.1.0");
        assertThat(err.toString()).isEmpty();
    }

    // --- build and run

    @Test
    void aBuiltExtensionRunsInThreeInterpreters() throws Exception {
        Path source = Files.writeString(
                hosts.folder().resolve("triple.c"), """
                #include <hpy.h>
                HPyDef_METH(times, "times", HPyFunc_O)
                static HPy times_impl(HPyContext *ctx, HPy self, HPy arg)
                {
                    static long calls;
                    (void)self;
                    return HPyLong_FromLong(ctx, FACTOR * HPyLong_AsLong(ctx, arg) + calls++);
                }
                static HPyDef *defines[] = {&times, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(triple, def)
                """.replaceFirst("\n", "\n#include \"factor.h\"\n"));
        Path include = Files.createDirectory(hosts.folder().resolve("include"));
        Files.writeString(include.resolve("factor.h"), "#define FACTOR 3\n");
        Path built = hosts.folder().resolve("built");
        Path results = Files.createDirectory(hosts.folder().resolve("results"));

        assertThat(execute("build", source, "--name", "triple", "-o", built, "-I", include))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().strip())
                .isEqualTo(built.resolve("triple.hpy0.so").toString());
        Path script = script("""
                import sys, os, hpyve, triple
                with open(os.path.join(sys.argv[1], hpyve.current().name), 'w') as f:
                    f.write('%d %s' % (triple.times(14), sys.argv[2:]))
                """);
        assertThat(execute("run", "-n", 3, "--path", built, script, results, "--", "-x"))
                .as(err.toString())
                .isZero();

        try (var files = Files.list(results)) {
            assertThat(files.toList())
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(file).hasContent("42 ['-x']"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eager,jni", "batched,jni"})
    void aScriptRunsWithTheBridgeThatIsAskedFor(String bridge) throws Exception {
        Path script = script("import hpyve, sys\nassert hpyve.current().bridge == sys.argv[1]");

        assertThat(execute("run", "--bridge", bridge, script, bridge))
                .as(err.toString())
                .isZero();
    }

    @Test
    void anImageCanBeSharedByAllInterpreters() throws Exception {
        Path source = Files.writeString(hosts.folder().resolve("tally.c"), """
                #include <hpy.h>
                #include <stdatomic.h>
                HPyDef_METH(next, "next", HPyFunc_NOARGS)
                static HPy next_impl(HPyContext *ctx, HPy self)
                {
                    static atomic_int calls;
                    (void)self;
                    return HPyLong_FromLong(ctx, atomic_fetch_add(&calls, 1) + 1);
                }
                static HPyDef *defines[] = {&next, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(tally, def)
                """);
        assertThat(execute("build", source, "--name", "tally", "-o", hosts.folder()))
                .isZero();
        // All have loaded it before the first one ends; else a new image would begin at one again.
        Path script = script("""
                import os, sys, tally, time
                open(os.path.join(sys.argv[1], 'tally-%d' % tally.next()), 'w').close()
                deadline = time.time() + 60
                while not all(os.path.exists(os.path.join(sys.argv[1], 'tally-%d' % i)) for i in (1, 2, 3)):
                    if time.time() > deadline:
                        sys.exit('every interpreter counted on its own')
                    time.sleep(0.01)
                """);

        assertThat(execute("run", "-n", 3, "--share-image", "tally", script, hosts.folder()))
                .as(err.toString())
                .isZero();
    }

    @Test
    void buildErrorsArePrinted() throws Exception {
        Path source = Files.writeString(
                hosts.folder().resolve("bad.c"), "#include <hpy.h>\nint f(void) { return missing; }\n");

        assertThat(execute("build", source, "--name", "bad", "-o", hosts.folder()))
                .isEqualTo(1);

        assertThat(err.toString()).startsWith("hpyve build: ").contains("missing");
    }

    @Test
    void allThatSucceedIsExitCode0() throws Exception {
        assertThat(execute("run", script("import sys\nx = 1\nsys.exit()\n"), "-n", 2))
                .isZero();

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anExceptionIsExitCode1AndATraceback() throws Exception {
        Path script = script("def f():\n    raise KeyError('lost')\nf()\n");

        assertThat(execute("run", script)).isEqualTo(1);

        assertThat(err.toString())
                .startsWith("Traceback (most recent call last):\n")
                .contains("script.py\", line 2, in f\n")
                .endsWith("KeyError: 'lost'\n");
    }

    @Test
    void aSyntaxErrorIsExitCode1AndShowsThePlace() throws Exception {
        assertThat(execute("run", script("x = = 1\n"))).isEqualTo(1);

        assertThat(err.toString()).contains("script.py").contains("line 1").contains("SyntaxError");
    }

    @Test
    void anExitCodeIsPassedOn() throws Exception {
        assertThat(execute("run", script("import sys\nsys.exit(3)\n"), "-n", 2)).isEqualTo(3);

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anExitWithAMessageIsExitCode1() throws Exception {
        assertThat(execute("run", script("import sys\nsys.exit('no more')\n"))).isEqualTo(1);

        assertThat(err.toString()).isEqualToNormalizingNewlines("no more\n");
    }

    @ParameterizedTest
    @CsvSource({"256, 1", "-512, 1", "257, 257", "255, 255", "0, 0", "True, 1", "1 << 40, 1"})
    void anExitCodeIsNotCutToSuccess(String code, int expected) throws Exception {
        assertThat(execute("run", script("import sys\nsys.exit(" + code + ")\n")))
                .isEqualTo(expected);
    }

    @Test
    void theEndOfAScriptWaitsForItsThreads() throws Exception {
        Path result = hosts.folder().resolve("result");
        Path script = script("""
                import sys, threading, time
                def work():
                    time.sleep(0.5)
                    with open(sys.argv[1], 'w') as f:
                        f.write('done')
                threading.Thread(target=work).start()
                """);

        assertThat(execute("run", script, result)).as(err.toString()).isZero();

        assertThat(result).hasContent("done");
    }

    @Test
    void anOutputFolderThatCannotBeSaysWhy() throws Exception {
        Path source = Files.writeString(hosts.folder().resolve("x.c"), "#include <hpy.h>\n");
        Path file = Files.writeString(hosts.folder().resolve("file"), "");

        assertThat(execute("build", source, "--name", "x", "-o", file)).isEqualTo(1);

        assertThat(err.toString())
                .isEqualToNormalizingNewlines("hpyve build: exists already and is no folder: " + file + "\n");
    }

    @Test
    void oneOfSeveralThatFailsFailsAll() throws Exception {
        Path script = script("""
                import hpyve
                name = hpyve.current().name
                if name.endswith('-2'):
                    raise ValueError(name)
                """);

        assertThat(execute("run", "-n", 3, script)).isEqualTo(1);

        assertThat(err.toString()).startsWith("interpreter-2: Traceback").endsWith("ValueError: interpreter-2\n");
    }

    @Test
    void whatTheScriptPrintsComesOut() throws Exception {
        PrintStream stdout = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertThat(execute("run", script("import sys\nprint 'line'\nsys.stdout.write('no end')\n")))
                    .isZero();
        } finally {
            System.setOut(stdout);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("line\nno end");
    }
}
