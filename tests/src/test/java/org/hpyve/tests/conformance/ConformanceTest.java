package org.hpyve.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.hpyve.host.cli.Main;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on a small checkout of its own, which is run once; each test looks at a part of the result. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {

    private record Execution(int exitCode, String out, String err) {}

    /** Static, to be there before the first test. */
    @TempDir
    private static Path folder;

    private Execution execution;
    private JsonNode json;

    /** By the part of the node's id behind the file. */
    private final Map<String, JsonNode> rows = new TreeMap<>();

    private static Execution execute(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(arguments);
        return new Execution(exitCode, out.toString(), err.toString());
    }

    private static Path checkout() throws Exception {
        return Path.of(ConformanceTest.class.getResource("checkout").toURI());
    }

    @BeforeAll
    void runAll() throws Exception {
        Path file = folder.resolve("result.json");
        execution = execute(
                "conformance", checkout().toString(), "--parallel", "2", "--timeout", "8", "--json", file.toString());
        json = new ObjectMapper().readTree(file.toFile());
        json.get("tests").forEach(row -> rows.put(row.get("node").textValue().replaceFirst(".*?::", ""), row));
    }

    private String outcome(String node) {
        return rows.get(node).get("outcome").textValue();
    }

    private String reason(String node) {
        return rows.get(node).get("reason").textValue();
    }

    @Test
    void eachTestHasOneRow() {
        assertThat(json.get("tests")).hasSize(rows.size()).allSatisfy(row -> {
            assertThat(row.get("node").textValue()).startsWith(row.get("file").textValue() + "::");
            assertThat(row.get("seconds").doubleValue()).isPositive();
        });
        JsonNode totals = json.get("totals");
        assertThat(totals.get("total").intValue()).isEqualTo(rows.size());
        assertThat(List.of("passed", "failed", "skipped", "crashed").stream()
                        .mapToInt(name -> totals.get(name).intValue())
                        .sum())
                .isEqualTo(rows.size());
        assertThat(execution.exitCode()).isEqualTo(1);
    }

    @Test
    void testsPass() {
        for (String node : List.of(
                "test_passes",
                "test_raises",
                "test_output_is_captured",
                "test_an_inner_fixture_uses_the_outer_one",
                "test_a_fixture_lasts_as_long_as_the_test",
                "test_a_fixture_has_parameters[1]",
                "test_a_fixture_has_parameters[two]",
                "test_a_function_has_parameters[1-2]",
                "test_a_function_has_parameters[2-4]",
                "TestClass::test_a_class_has_fixtures",
                "TestDerived::test_a_class_has_fixtures",
                "TestDerived::test_only_here",
                "test_a_function_is_called[universal]",
                "test_a_compiler_error_is_captured[universal]",
                "test_another_python_ends")) {
            assertThat(rows).containsKey(node);
            assertThat(outcome(node)).as(reason(node)).isEqualTo("passed");
        }
    }

    @Test
    void aFailureSaysWhy() {
        assertThat(outcome("test_fails")).isEqualTo("failed");
        assertThat(reason("test_fails")).startsWith("assert seven == 6 + 2: 7, 8 (test_outcomes.py:");
        assertThat(rows.get("test_fails").get("traceback").textValue()).contains("in test_fails");
        assertThat(reason("test_fails_by_itself")).contains("on purpose");
        assertThat(reason("test_raises_nothing")).contains("no exception, expected ValueError or TypeError");
        assertThat(reason("test_raises_something_that_does_not_match")).contains("does not match");
        assertThat(reason("test_the_end_of_a_fixture_can_fail")).contains("not closed");
        assertThat(reason("test_java_fails")).contains("IndexOutOfBoundsException");
    }

    @Test
    void aSkippedTestSaysWhy() {
        assertThat(reason("test_skips")).isEqualTo("on purpose");
        assertThat(reason("test_skipped_by_a_mark")).isEqualTo("by a mark");
        assertThat(reason("test_skipped_without_a_collection")).contains("unreachable");
        assertThat(json.get("totals").get("skipped").intValue()).isEqualTo(3);
    }

    @Test
    void aCrashAndAHangCostOneTestEach() {
        assertThat(outcome("test_the_jvm_crashes[universal]")).isEqualTo("crashed");
        assertThat(reason("test_the_jvm_crashes[universal]"))
                .contains("SIGSEGV")
                .contains("sample.hpy0.so");
        assertThat(outcome("test_hangs")).isEqualTo("crashed");
        assertThat(reason("test_hangs")).isEqualTo("no result after 8 s");
        assertThat(rows.values().stream()
                        .filter(row -> row.get("outcome").textValue().equals("crashed")))
                .hasSize(2);
    }

    @Test
    void aHandleThatIsLeftIsCounted() {
        assertThat(outcome("test_a_handle_is_left[universal]")).isEqualTo("passed");
        assertThat(rows.get("test_a_handle_is_left[universal]")
                        .get("handles_left")
                        .intValue())
                .isEqualTo(1);
        assertThat(json.get("totals").get("handles_left").intValue()).isEqualTo(1);
        assertThat(execution.out()).contains("1 handles left by 1 tests");
    }

    @Test
    void filesWithoutTestsSayWhy() {
        assertThat(execution.out())
                .containsPattern("test_other_mode.py +for debug only")
                .containsPattern("test_python3_only.py +not Python 2.7")
                .containsPattern("test_broken.py +cannot be imported: ImportError: No module named a_module_that");
        assertThat(json.get("not_applicable")).hasSize(3);
    }

    @Test
    void nothingIsWrittenIntoTheCheckout() throws Exception {
        try (var files = Files.walk(checkout())) {
            assertThat(files.filter(Files::isRegularFile))
                    .allMatch(file -> file.toString().endsWith(".py"));
        }
    }

    @Test
    void aJvmThatEndsAfterTheTestThatIsTheCauseIsNotForgotten() throws Exception {
        Path file = folder.resolve("late.json");
        Path late = Path.of(ConformanceTest.class.getResource("late").toURI());

        Execution run = execute("conformance", late.toString(), "--parallel", "1", "--json", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("2 passed", "killed by signal 9; running: test/test_late.py::test_is_innocent");
        assertThat(new ObjectMapper().readTree(file.toFile()).get("unexplained_ends"))
                .hasSize(1);
    }

    @Test
    void theBridgeIsThatOfAllInterpreters() throws Exception {
        Path file = folder.resolve("bridge.json");
        Path asking = Path.of(ConformanceTest.class.getResource("bridge").toURI());

        Execution run = execute("conformance", asking.toString(), "--bridge", "eager,jni", "--json", file.toString());

        assertThat(run.out()).contains("1 passed, 0 failed, 1 skipped");
        JsonNode result = new ObjectMapper().readTree(file.toFile());
        assertThat(result.get("bridge").textValue()).isEqualTo("eager,jni");
        assertThat(result.get("tests").findValuesAsText("reason")).contains("eager,jni");
    }

    @Test
    void anInterruptedRunLeavesNothing() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "conformance",
                        checkout().toString(),
                        "-k",
                        "test_hangs")
                .redirectErrorStream(true)
                .start();
        try {
            // The worker is the command's only child that is a JVM.
            List<ProcessHandle> workers = List.of();
            while (workers.isEmpty() && process.isAlive()) {
                workers = process.children()
                        .filter(child -> child.info().command().orElse("").endsWith("/java"))
                        .toList();
                Thread.onSpinWait();
            }
            assertThat(workers).hasSize(1);
            process.destroy();
            process.onExit().get(60, TimeUnit.SECONDS);
            assertThat(workers).noneMatch(ProcessHandle::isAlive);
            assertThat(temporary).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theCheckoutMayBeAnywhere() throws Exception {
        Path test = Files.createDirectories(folder.resolve("mit Leerzeichen, \u00e4 \u65e5\u672c/test"));
        for (String name : List.of("__init__.py", "conftest.py", "test_native.py", "test_outcomes.py")) {
            Files.copy(checkout().resolve("test").resolve(name), test.resolve(name));
        }
        Execution there = execute(
                "conformance", test.getParent().toString(), "-k", "test_a_function_is_called or test_fails_by_itself");
        assertThat(there.out())
                .contains("1 passed, 1 failed, 0 skipped, 0 crashed")
                .contains("on purpose");
    }

    @Test
    void aFileThatCannotBeImportedIsNotForgotten() throws Exception {
        Execution broken = execute("conformance", checkout().toString(), "-k", "no_test_has_this_name");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.out()).contains("test_broken.py").contains("0 passed");
    }

    @Test
    void wrongUsageIsRefused() throws Exception {
        Execution unwritable = execute(
                "conformance",
                checkout().toString(),
                "--json",
                folder.resolve("no/such/folder.json").toString());
        assertThat(unwritable.exitCode()).isEqualTo(2);
        assertThat(unwritable.err()).contains("folder.json cannot be written");
        Execution empty = execute("conformance", folder.toString());
        assertThat(empty.exitCode()).isEqualTo(2);
        assertThat(empty.err()).contains("no checkout of HPy");
        assertThat(execute("conformance", folder.toString(), "--hpy-mode", "debug")
                        .err())
                .contains("this version has");
    }
}
