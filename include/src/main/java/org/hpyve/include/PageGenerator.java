package org.hpyve.include;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Generates the reference page of all members, with the tests that use them, from the API list and the tests' sources. */
final class PageGenerator {

    /** The command that writes the page anew. */
    static final String UPDATE =
            "mvn -q -pl include -am test -Dtest=ApiPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dhpyve.api.page=update";

    /** Calls a member by name out of the list, so that it does not mention it. */
    private static final String STUB_TEST = "MissingMembersTest";

    private static final Pattern WORD = Pattern.compile("\\w+");

    private final ApiList api;
    /** The names of tests by each word that occurs in their source. */
    private final Map<String, SortedSet<String>> mentions = new TreeMap<>();
    /** Where a test's source lies, as seen from the root of the repository. */
    private final Map<String, String> sources = new TreeMap<>();

    /** Reads all sources {@code *Test.java} of the rooms below {@code root}. */
    PageGenerator(ApiList api, Path root, List<String> rooms) throws IOException {
        this.api = api;
        for (String room : rooms) {
            try (var files = Files.walk(root.resolve(room).resolve("src/test/java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith("Test.java"))
                        .toList()) {
                    read(file, root.relativize(file).toString());
                }
            }
        }
    }

    private void read(Path file, String source) throws IOException {
        String test = file.getFileName().toString().replace(".java", "");
        sources.put(test, source);
        WORD.matcher(Files.readString(file))
                .results()
                .forEach(word -> mentions.computeIfAbsent(word.group(), key -> new TreeSet<>())
                        .add(test));
    }

    /** Members that no test mentions. */
    List<String> untested() {
        List<String> untested = new ArrayList<>();
        api.constants.stream()
                .filter(constant -> test(constant).isEmpty())
                .forEach(constant -> untested.add(constant.name()));
        api.functions.stream()
                .filter(function -> test(function).isEmpty())
                .forEach(function -> untested.add(function.signature().name()));
        return untested;
    }

    String page() {
        SortedSet<String> used = new TreeSet<>();
        StringBuilder text = new StringBuilder("""
                # The API: every member of `HPyContext`

                Generated from [`include/spec/api.txt`](../../include/spec/api.txt); renewed by `%s`.

                | status | functions | meaning |
                |---|---|---|
                """.formatted(UPDATE));
        for (Status status : Status.values()) {
            long count = api.functions.stream()
                    .filter(each -> status(each) == status)
                    .count();
            if (count > 0) {
                text.append("| %s | %d | %s |\n".formatted(status.text, count, status.meaning));
            }
        }
        text.append("""

                *Crossing*: `native` is answered in C and crosses into Java for rare objects only, `deferred` is
                recorded for the next crossing where it cannot fail, `bulk` brings a block with one crossing, `upcall` crosses once.
                *Python*: may the call run Python code? *Test*: a test that calls it, if possible one of its family.

                ## Functions
                """);
        for (String family : api.functions.stream()
                .map(ApiList.Function::family)
                .distinct()
                .sorted()
                .toList()) {
            text.append("\n### ")
                    .append(family)
                    .append("\n\n| index | function | crossing | Python | status | test |\n");
            text.append("|---|---|---|---|---|---|\n");
            for (ApiList.Function function : api.functions) {
                if (function.family().equals(family)) {
                    SortedSet<String> tests = test(function);
                    used.addAll(tests);
                    text.append("| %d | `%s` | %s | %s | %s | %s |\n"
                            .formatted(
                                    function.index(),
                                    function.signature()
                                            .declare(function.signature().name()),
                                    function.crossing(),
                                    function.python(),
                                    status(function).text,
                                    links(tests)));
                }
            }
        }
        text.append(
                "\n## Constants\n\nHandles that are open as long as the context; `HPy` each. What they are on Python 2.7"
                        + " is in [Python 2.7](python27.md).\n\n| index | constant | test |\n|---|---|---|\n");
        for (ApiList.Constant constant : api.constants) {
            SortedSet<String> tests = test(constant);
            used.addAll(tests);
            text.append("| %d | `%s` | %s |\n".formatted(constant.index(), constant.name(), links(tests)));
        }
        text.append('\n');
        used.forEach(test -> text.append("[%s]: ../../%s\n".formatted(test, sources.get(test))));
        return text.toString();
    }

    private enum Status {
        IMPLEMENTED("implemented", "there"),
        MISSING("missing", "not there yet: `NotImplementedError` with the name"),
        LEGACY("legacy", "needs CPython's own C API, which no JVM has: `NotImplementedError` that says so");

        final String text;
        final String meaning;

        Status(String text, String meaning) {
            this.text = text;
            this.meaning = meaning;
        }
    }

    private static Status status(ApiList.Function function) {
        return switch (function.body()) {
            case MISSING -> Status.MISSING;
            case LEGACY -> Status.LEGACY;
            default -> Status.IMPLEMENTED;
        };
    }

    private SortedSet<String> test(ApiList.Function function) {
        if (function.isStub()) {
            return mentions.containsKey(STUB_TEST) ? new TreeSet<>(List.of(STUB_TEST)) : new TreeSet<>();
        }
        String name = function.signature().name();
        SortedSet<String> all = new TreeSet<>(mentioning(name));
        // What begins with an underscore is called by a macro or an inline function without it.
        all.addAll(mentioning(name.replaceFirst("^_", "")));
        return chosen(all, function.family());
    }

    private SortedSet<String> test(ApiList.Constant constant) {
        return chosen(mentioning(constant.name()), "constants");
    }

    /** The family's own test if it is among them, else the first of its family, else the first: seldom another one. */
    private static SortedSet<String> chosen(SortedSet<String> tests, String family) {
        String stem = family.substring(0, 1).toUpperCase(Locale.ROOT) + family.substring(1);
        return Stream.of(
                        tests.stream().filter((stem + "ApiTest")::equals),
                        tests.stream().filter(test -> test.startsWith(stem)),
                        tests.stream())
                .flatMap(candidates -> candidates)
                .limit(1)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private SortedSet<String> mentioning(String word) {
        return mentions.getOrDefault(word, new TreeSet<>());
    }

    private static String links(SortedSet<String> tests) {
        return tests.stream().map(test -> "[" + test + "]").collect(Collectors.joining(", "));
    }
}
