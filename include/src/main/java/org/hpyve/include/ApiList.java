package org.hpyve.include;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The API list: the members of {@code HPyContext}, the helper upcalls and the signatures of extension functions, read
 * from {@code include/spec}. Everything that can be generated from them is.
 */
final class ApiList {

    /** Bytes before the first member: name, _private, abi_version and its padding. */
    static final int HEADER_BYTES = 24;

    /** The number of members of HPy 0.9's context. */
    static final int MEMBERS = 273;

    /** What stands behind a function member. */
    enum Body {
        /** A generated function that crosses into Java. */
        UPCALL("upcall"),
        /** A hand-written C function. */
        C("c"),
        /** A hand-written C function with a generated upcall to fall back to. */
        C_UPCALL("c+upcall"),
        /** Not there yet: raises {@code NotImplementedError} with the member's name. */
        MISSING("missing"),
        /** Needs CPython's own C API, which no JVM has: raises {@code NotImplementedError} that says so. */
        LEGACY("legacy");

        final String text;

        Body(String text) {
            this.text = text;
        }

        static Body of(String text) {
            for (Body body : values()) {
                if (body.text.equals(text)) {
                    return body;
                }
            }
            throw new IllegalArgumentException("unknown body: " + text);
        }
    }

    /** A member that is an HPy set by the host. */
    record Constant(int index, String name) {}

    /** A member that is a function; {@code signature} is the public one. */
    record Function(
            int index, CFunction signature, String error, String python, String crossing, String family, Body body) {

        /** The member's name behind {@code ctx_}: {@code HPyLong_AsLong} gives {@code Long_AsLong}. */
        String name() {
            return signature.name().replaceFirst("^_?HPy_?", "");
        }

        /** Is there nothing but a generated function that raises {@code NotImplementedError}? */
        boolean isStub() {
            return body == Body.MISSING || body == Body.LEGACY;
        }

        boolean crosses() {
            return body == Body.UPCALL || body == Body.C_UPCALL;
        }

        /** Published as returning HPy although the member returns nothing. */
        boolean returnsNull() {
            return signature.isVoid() && !error.equals("-");
        }
    }

    /**
     * A function that crosses into Java: a member's, or a helper of hand-written C.
     *
     * @param publicName the public function in whose name errors are reported
     */
    record Upcall(String family, String name, CFunction signature, String error, String publicName, String python) {

        /** May it run Python code, or change an object that exists? */
        boolean changes() {
            return !python.equals("no");
        }
    }

    /** A signature of functions that extensions define. */
    record Signature(int number, String name, CFunction type, boolean called) {}

    final List<Constant> constants;
    final List<Function> functions;
    final List<Upcall> helpers;
    final List<Signature> signatures;

    private ApiList(
            List<Constant> constants, List<Function> functions, List<Upcall> helpers, List<Signature> signatures) {
        this.constants = List.copyOf(constants);
        this.functions = List.copyOf(functions);
        this.helpers = List.copyOf(helpers);
        this.signatures = List.copyOf(signatures);
    }

    /** Reads the list and checks that it is complete: every index once, in order. */
    static ApiList read(Path directory) {
        List<Constant> constants = new ArrayList<>();
        List<Function> functions = new ArrayList<>();
        int next = 0;
        for (String[] row : rows(directory.resolve("api.txt"))) {
            int index = Integer.parseInt(row[0]);
            if (index != next++) {
                throw new IllegalArgumentException("api.txt: member " + (next - 1) + " has no row; found " + index);
            }
            switch (row[1]) {
                case "constant" -> constants.add(new Constant(index, row[2].replaceFirst("^HPy ", "")));
                case "function" ->
                    functions.add(new Function(
                            index, CFunction.parse(row[2]), row[3], row[4], row[5], row[6], Body.of(row[7])));
                default -> throw new IllegalArgumentException("api.txt: unknown kind: " + row[1]);
            }
        }
        if (next != MEMBERS) {
            throw new IllegalArgumentException("api.txt: " + next + " members instead of " + MEMBERS);
        }
        List<Upcall> helpers = new ArrayList<>();
        for (String[] row : rows(directory.resolve("upcalls.txt"))) {
            CFunction signature = CFunction.parse(row[1]);
            helpers.add(new Upcall(row[0], signature.name(), signature, row[2], row[3], row[4]));
        }
        List<Signature> signatures = new ArrayList<>();
        for (String[] row : rows(directory.resolve("signatures.txt"))) {
            signatures.add(
                    new Signature(Integer.parseInt(row[0]), row[1], CFunction.parse(row[2]), row[3].equals("yes")));
        }
        return new ApiList(constants, functions, helpers, signatures);
    }

    /** Everything that crosses into Java: members first, in order, then the helpers. */
    List<Upcall> upcalls() {
        List<Upcall> upcalls = new ArrayList<>();
        for (Function function : functions) {
            if (function.crosses()) {
                upcalls.add(new Upcall(
                        function.family(),
                        function.name(),
                        function.signature(),
                        function.error(),
                        function.signature().name(),
                        function.python()));
            }
        }
        upcalls.addAll(helpers);
        return upcalls;
    }

    /** What an error of an upcall is reported for: the index of the member, or a number behind them for a helper. */
    int number(Upcall upcall) {
        int helper = helpers.indexOf(upcall);
        if (helper >= 0) {
            return MEMBERS + helper;
        }
        return functions.stream()
                .filter(function -> function.name().equals(upcall.name()))
                .findFirst()
                .orElseThrow()
                .index();
    }

    /** The families that have upcalls, in alphabetical order. */
    List<String> families() {
        return upcalls().stream().map(Upcall::family).distinct().sorted().toList();
    }

    static List<String[]> rows(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(Predicate.not(String::isEmpty))
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\\s*\\|\\s*"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
