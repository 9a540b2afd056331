package org.hpyve.include;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables in {@code include/spec}: complete, and in step with the headers and with the other rooms. */
class ApiListTest {

    private static final Path SPEC = Path.of("spec");

    private final ApiList api = ApiList.read(SPEC);

    @TempDir
    private Path folder;

    /** Copies the tables, with api.txt's rows changed. */
    private Path doctored(UnaryOperator<List<String>> change) throws IOException {
        for (String table : List.of("api.txt", "upcalls.txt", "signatures.txt")) {
            Files.copy(SPEC.resolve(table), folder.resolve(table));
        }
        List<String> rows = new ArrayList<>(Files.readAllLines(SPEC.resolve("api.txt")));
        rows.removeIf(line -> line.isBlank() || line.startsWith("#"));
        assertThat(rows).hasSize(273);
        Files.write(folder.resolve("api.txt"), change.apply(rows));
        return folder;
    }

    private void assertRefused(UnaryOperator<List<String>> change, String message) throws IOException {
        Path directory = doctored(change);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiList.read(directory))
                .withMessageContaining(message);
    }

    @Test
    void everyIndexHasExactlyOneRow() {
        Stream<Integer> constants = api.constants.stream().map(ApiList.Constant::index);
        Stream<Integer> functions = api.functions.stream().map(ApiList.Function::index);

        assertThat(Stream.concat(constants, functions))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(0, 272).boxed().toList());
    }

    @Test
    void constantsHaveTheIndexesOfTheAbi() {
        IntStream expected = IntStream.concat(
                IntStream.rangeClosed(0, 76), IntStream.concat(IntStream.rangeClosed(238, 243), IntStream.of(263)));

        assertThat(api.constants.stream().map(ApiList.Constant::index))
                .containsExactlyElementsOf(expected.boxed().toList());
        assertThat(api.constants)
                .allSatisfy(constant -> assertThat(constant.name()).matches("h_[A-Z]\\w+"));
    }

    @Test
    void functionsHaveTheIndexesOfTheAbi() {
        IntStream expected = IntStream.concat(
                IntStream.rangeClosed(77, 237),
                IntStream.concat(IntStream.rangeClosed(244, 262), IntStream.rangeClosed(264, 272)));

        assertThat(api.functions.stream().map(ApiList.Function::index))
                .containsExactlyElementsOf(expected.boxed().toList());
    }

    @Test
    void noTwoMembersHaveOneName() {
        assertThat(api.functions.stream().map(ApiList.Function::name)).doesNotHaveDuplicates();
        assertThat(api.constants.stream().map(ApiList.Constant::name)).doesNotHaveDuplicates();
        assertThat(api.upcalls().stream().map(ApiList.Upcall::name)).doesNotHaveDuplicates();
    }

    @Test
    void anUnchangedCopyIsRead() throws IOException {
        assertThat(ApiList.read(doctored(rows -> rows)).functions).isEqualTo(api.functions);
    }

    @Test
    void aMissingRowIsRefused() throws IOException {
        assertRefused(
                rows -> {
                    rows.remove(100);
                    return rows;
                },
                "member 100 has no row; found 101");
    }

    @Test
    void aMissingLastRowIsRefused() throws IOException {
        assertRefused(rows -> rows.subList(0, 272), "272 members instead of 273");
    }

    @Test
    void aDuplicateRowIsRefused() throws IOException {
        assertRefused(
                rows -> {
                    rows.add(101, rows.get(100));
                    return rows;
                },
                "member 101 has no row; found 100");
    }

    @Test
    void aMovedRowIsRefused() throws IOException {
        assertRefused(
                rows -> {
                    rows.add(200, rows.remove(100));
                    return rows;
                },
                "member 100 has no row; found 101");
    }

    @Test
    void aRowTooManyIsRefused() throws IOException {
        assertRefused(
                rows -> {
                    rows.add("273 | constant | HPy h_Extra");
                    return rows;
                },
                "274 members instead of 273");
    }

    @Test
    void anUnknownKindAndAnUnknownBodyAreRefused() throws IOException {
        assertRefused(
                rows -> {
                    rows.replaceAll(row -> row.replaceFirst("\\| constant \\| HPy h_True$", "| handle | HPy h_True"));
                    return rows;
                },
                "unknown kind: handle");
        for (String table : List.of("api.txt", "upcalls.txt", "signatures.txt")) {
            Files.delete(folder.resolve(table));
        }
        assertRefused(
                rows -> {
                    rows.set(100, rows.get(100).replaceFirst("\\w+$", "later"));
                    return rows;
                },
                "unknown body: later");
    }

    @Test
    void everyFunctionSaysHowItIsAnswered() {
        Set<String> errors = Set.of(
                "-",
                "0",
                "-1",
                "-2",
                "-1.0",
                "NULL",
                "HPy_NULL",
                "(uint32_t)-1",
                "(uint64_t)-1",
                "(size_t)-1",
                "(HPy_UCS4)-1");

        assertThat(api.functions).allSatisfy(function -> {
            assertThat(function.error()).isIn(errors);
            assertThat(function.crossing()).isIn("native", "deferred", "bulk", "upcall");
            assertThat(function.family()).matches("[a-z]+");
            assertThat(function.signature().params().get(0).declaration()).isEqualTo("HPyContext *ctx");
        });
    }

    /** One stem for each family, in every room. */
    @Test
    void everyFamilyHasItsFiles() {
        Path c = Path.of("../jni-bridge/src/main/c");
        Path java = Path.of("../context-per-interpreter/src/main/java/org/hpyve/context");

        assertThat(api.functions)
                .filteredOn(function -> function.body() == ApiList.Body.C || function.body() == ApiList.Body.C_UPCALL)
                .isNotEmpty()
                .allSatisfy(function ->
                        assertThat(c.resolve("ctx_" + function.family() + ".c")).isRegularFile());
        assertThat(api.families()).isNotEmpty().allSatisfy(family -> {
            String stem = family.substring(0, 1).toUpperCase() + family.substring(1);
            assertThat(java.resolve(stem + "Api.java")).isRegularFile();
        });
    }

    @Test
    void everyHelperUpcallReportsErrorsForAPublicFunctionOrForNone() {
        List<String> functions = api.functions.stream()
                .map(function -> function.signature().name())
                .toList();

        assertThat(api.helpers).isNotEmpty().allSatisfy(helper -> {
            if (helper.publicName().equals("HPy")) {
                // On behalf of whoever called them.
                assertThat(helper.error()).isEqualTo("-");
            } else {
                assertThat(helper.publicName()).isIn(functions);
            }
        });
    }

    @Test
    void signaturesAreNumberedFrom1To39() {
        assertThat(api.signatures.stream().map(ApiList.Signature::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 39).boxed().toList());
        assertThat(api.signatures.stream().map(ApiList.Signature::name)).doesNotHaveDuplicates();
    }

    @Test
    void signaturesAreThoseOfTheHeader() throws IOException {
        List<String> listed = api.signatures.stream()
                .map(signature -> signature.name() + " = " + signature.number())
                .toList();

        assertThat(listed).containsExactlyElementsOf(constants("hpy/func.h", "HPyFunc_([A-Z_]+) = (\\d+),"));
    }

    @Test
    void theHeaderHasThe61SlotsOfTheAbi() throws IOException {
        List<String> slots = constants("hpy/slot.h", "HPy_([a-z]+_[a-z_]+) = (\\d+),");
        IntStream numbers = IntStream.concat(
                IntStream.rangeClosed(1, 46),
                IntStream.of(50, 54, 59, 60, 65, 66, 67, 70, 71, 75, 76, 80, 1000, 2000, 2001));

        assertThat(slots).hasSize(61);
        assertThat(slots.stream().map(slot -> Integer.valueOf(slot.replaceFirst(".* = ", ""))))
                .containsExactlyInAnyOrderElementsOf(numbers.boxed().toList());
        assertThat(slots)
                .contains(
                        "bf_getbuffer = 1",
                        "mp_ass_subscript = 3",
                        "mp_subscript = 5",
                        "nb_absolute = 6",
                        "nb_bool = 9",
                        "nb_index = 13",
                        "nb_inplace_xor = 25",
                        "nb_xor = 38",
                        "sq_ass_item = 39",
                        "sq_contains = 41",
                        "sq_repeat = 46",
                        "tp_call = 50",
                        "tp_descr_get = 54",
                        "tp_hash = 59",
                        "tp_init = 60",
                        "tp_new = 65",
                        "tp_repr = 66",
                        "tp_richcompare = 67",
                        "tp_str = 70",
                        "tp_traverse = 71",
                        "nb_matrix_multiply = 75",
                        "nb_inplace_matrix_multiply = 76",
                        "tp_finalize = 80",
                        "tp_destroy = 1000",
                        "mod_create = 2000",
                        "mod_exec = 2001");
    }

    @Test
    void aSignatureIsReadAsC() {
        CFunction function = CFunction.parse("const char *HPy_F(HPyContext *ctx, HPy h, const HPy *items)");

        assertThat(function.result()).isEqualTo("const char *");
        assertThat(function.name()).isEqualTo("HPy_F");
        assertThat(function.arguments().stream().map(CFunction.Param::declaration))
                .containsExactly("HPy h", "const HPy *items");
        assertThat(function.declarePointer("ctx_F"))
                .isEqualTo("const char *(*ctx_F)(HPyContext *ctx, HPy h, const HPy *items)");
        assertThatIllegalArgumentException().isThrownBy(() -> CFunction.parse("HPy HPy_F"));
        assertThatIllegalArgumentException().isThrownBy(() -> CFunction.parse("HPy HPy_F(HPyContext)"));
    }

    /** The enumerators of a header, as {@code NAME = NUMBER}. */
    private static List<String> constants(String header, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Path.of(header)))
                .results()
                .map((MatchResult found) -> found.group(1) + " = " + found.group(2))
                .toList();
    }
}
