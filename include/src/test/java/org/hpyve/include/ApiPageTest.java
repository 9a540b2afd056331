package org.hpyve.include;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page {@code docs/reference/api.md}: every member, how it is answered, and its test. */
class ApiPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("docs/reference/api.md");
    private static final List<String> ROOMS = List.of("context-per-interpreter", "host", "tests");

    private final ApiList api = ApiList.read(Path.of("spec"));
    private PageGenerator generator;

    @BeforeEach
    void readTests() throws IOException {
        generator = new PageGenerator(api, ROOT, ROOMS);
    }

    @Test
    void thePageIsWhatTheGeneratorWrites() throws IOException {
        String page = generator.page();
        if ("update".equals(System.getProperty("hpyve.api.page"))) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("%s is out of date; renew it by%n%n    %s%n", PAGE, PageGenerator.UPDATE)
                .isEqualTo(page);
    }

    @Test
    void everyMemberHasATest() {
        assertThat(generator.untested())
                .as("members whose name occurs in no test of %s", ROOMS)
                .isEmpty();
    }

    @Test
    void aMemberWithoutATestIsFound(@TempDir Path empty) throws IOException {
        Path tests = empty.resolve("room/src/test/java");
        Files.createDirectories(tests);
        Files.writeString(tests.resolve("SomeTest.java"), "\"HPy_Add(ctx, a, ctx->h_None) HPy_New HPy_AddMore\"");

        List<String> untested = new PageGenerator(api, empty, List.of("room")).untested();

        assertThat(untested)
                .hasSize(ApiList.MEMBERS - 3)
                .contains("HPy_Subtract", "h_True")
                .doesNotContain("HPy_Add", "h_None", "_HPy_New");
    }
}
