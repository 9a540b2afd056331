package org.hpyve.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hpyve.host.Interpreter;
import org.hpyve.host.PythonException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON decoder and encoder of the examples, inside interpreters. */
class JsonExampleTest {

    private static final Path EXAMPLE = Path.of("../examples/json/src/test");
    private static final int RECORDS = 12_000;
    private static final int SAMPLE = 40;

    @RegisterExtension
    final HostExtension hosts = new HostExtension();

    @BeforeEach
    void unpack() throws Exception {
        hosts.unpackExample("json/hpyjson.hpy0.so");
        hosts.unpackExample("json/decode.py");
    }

    @Test
    void everyCaseHoldsInAnInterpreter() throws Exception {
        Files.copy(EXAMPLE.resolve("python/run_cases.py"), hosts.folder().resolve("run_cases.py"));
        Interpreter python = hosts.newInterpreter();
        python.exec("import run_cases");

        List<?> result = (List<?>) python.call(
                "run_cases.run", EXAMPLE.resolve("resources/cases.jsonl").toString());

        assertThat((Integer) result.get(0)).isGreaterThan(300);
        assertThat((List<?>) result.get(1)).isEmpty();
        assertThat(python.stats().handlesOpen()).isZero();
    }

    @Test
    void randomDocumentsDecodeAsTheStandardModuleDecodesThem() throws Exception {
        Files.copy(EXAMPLE.resolve("python/differential.py"), hosts.folder().resolve("differential.py"));
        Interpreter python = hosts.newInterpreter();
        python.exec("import differential, random\nrandom.seed(4711)");

        assertThat((Integer) python.eval("differential.documents(150, random)")).isPositive();
        python.exec("differential.doubles(1000, random)");
    }

    @Test
    void valuesEncodeAsTheStandardModuleEncodesThem() throws Exception {
        for (String script : List.of("differential.py", "encode_cases.py")) {
            Files.copy(EXAMPLE.resolve("python").resolve(script), hosts.folder().resolve(script));
        }
        Interpreter python = hosts.newInterpreter();
        python.exec("import encode_cases, random\nrandom.seed(4711)");

        assertThat((Integer) python.eval("encode_cases.run(300, 1000, random)")).isEqualTo(10);
        assertThat(python.stats().handlesOpen()).isZero();
    }

    @Test
    void twoInterpretersDecodeTheBundledRecordsAtOnce() throws Exception {
        String records = hosts.unpackExample("json/records.jsonl").toString();
        List<CompletableFuture<Object>> checks = new ArrayList<>();
        for (Interpreter interpreter : hosts.newInterpreters(2)) {
            checks.add(interpreter.submit(python -> {
                python.exec("import decode");
                assertThat(python.call("decode.count", records)).isEqualTo(RECORDS);
                return python.call("decode.check", records, SAMPLE);
            }));
        }

        assertThat(checks.stream().map(CompletableFuture::join)).containsExactly(RECORDS / SAMPLE, RECORDS / SAMPLE);
    }

    /** The number is the position, in characters. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1,}                       | 8",
                "[1, 2, x]                         | 7",
                "[1, 2                             | 5",
                "\"no end                          | 0",
                "[{\"deep\": [{\"deeper\": nul}]}] | 22",
                "{\"a\": [1, {\"b\": \"c\", 5: 6}]} | 21"
            })
    void malformedInputIsAValueErrorWithThePositionAndLeavesNoHandle(String text, int position) {
        Interpreter python = hosts.newInterpreter();
        python.exec("import hpyjson");
        python.set("text", text);

        PythonException raised = catchThrowableOfType(PythonException.class, () -> python.eval("hpyjson.loads(text)"));

        assertThat(raised).as(text).isNotNull();
        assertThat(raised.typeName()).isEqualTo("ValueError");
        assertThat(raised.getMessage()).startsWith("ValueError: ").endsWith("(char " + position + ")");
        assertThat(python.stats().handlesOpen()).isZero();
        assertThat(python.eval("hpyjson.loads('[1]')")).isEqualTo(List.of(1));
    }
}
