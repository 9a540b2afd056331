package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members of the context that this host does not have, or not yet, say so. */
class MissingMembersTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    private static final Pattern FUNCTION = Pattern.compile("(?<result>.*?)(?<name>_?HPy\\w+)\\((?<params>.*)\\)");

    /** A C function that calls a member with zeros and None, and complains of any result but the error value. */
    private static String caller(String[] row) {
        Matcher function = FUNCTION.matcher(row[2]);
        assertThat(function.matches()).as(row[2]).isTrue();
        String arguments = Stream.of(function.group("params").split(","))
                .skip(1)
                .map(param -> param.strip().replaceFirst("\\w+$", "").strip())
                .map(type -> type.equals("HPy") ? ", ctx->h_None" : ", (" + type + ")0")
                .collect(Collectors.joining());
        String name = function.group("name");
        String call = "ctx->ctx_%s(ctx%s)".formatted(name.replaceFirst("^_?HPy_?", ""), arguments);
        String result = function.group("result").strip();
        String check = switch (result) {
            case "void" -> call + ";";
            case "HPy" -> "wrong = !HPy_IsNull(" + call + ");";
            default -> "wrong = " + call + " != (" + result + ")(" + row[3] + ");";
        };
        return """
                static HPy %s_impl(HPyContext *ctx, HPy self)
                {
                    bool wrong = false;
                    %s
                    return wrong ? HPyErr_SetString(ctx, ctx->h_AssertionError, "wrong error value") : HPy_NULL;
                }
                """.formatted(test(name), check);
    }

    private static String test(String name) {
        return "test" + name;
    }

    @Test
    void everyOneRaisesNotImplementedErrorWithItsName() throws IOException {
        List<String[]> missing = Files.readAllLines(Path.of("..", "include", "spec", "api.txt")).stream()
                .filter(line -> line.matches("\\s*\\d+ \\| function .*\\| (missing|legacy)\\s*"))
                .map(line -> line.strip().split(" *\\| *"))
                .toList();
        assumeThat(missing).isNotEmpty();
        Map<String, String> reasons = new LinkedHashMap<>();
        StringBuilder source = new StringBuilder();
        for (String[] row : missing) {
            Matcher function = FUNCTION.matcher(row[2]);
            assertThat(function.matches()).as(row[2]).isTrue();
            reasons.put(function.group("name"), row[7]);
            source.append(caller(row));
        }
        python.loadFunctions(
                reasons.keySet().stream().map(name -> test(name) + ":NOARGS").collect(Collectors.joining(" ")),
                source.toString());

        reasons.forEach((name, body) -> assertThat(python.raised("m." + test(name) + "()"))
                .isEqualTo("NotImplementedError: " + name
                        + (body.equals("missing")
                                ? " is not implemented by this host"
                                : " needs CPython's own C API, which a host on the JVM does not have")));
    }
}
