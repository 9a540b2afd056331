package org.hpyve.include;

import java.util.Map;
import java.util.stream.Collectors;

/** Generates the table that fills a context, the stubs of members that are not there, and the members' names for Java. */
final class MemberGenerator {

    private static final String BANNER = "/* Generated from include/spec; not for editing. */\n";

    private final ApiList api;

    MemberGenerator(ApiList api) {
        this.api = api;
    }

    Map<String, String> cFiles() {
        return Map.of("members.h", header(), "members.c", source());
    }

    private String header() {
        StringBuilder text = new StringBuilder(
                BANNER
                        + "#ifndef HPYVE_MEMBERS_H\n#define HPYVE_MEMBERS_H\n\n#include <jni.h>\n#include \"hpy.h\"\n#include \"up.h\"\n\n");
        text.append(
                "/* What an error is reported for: the index of a context member, or a helper upcall. */\nenum {\n");
        api.functions.forEach(
                function -> text.append("    MEMBER_%s = %d,\n".formatted(function.name(), function.index())));
        int next = ApiList.MEMBERS;
        for (ApiList.Upcall helper : api.helpers) {
            text.append("    MEMBER_%s = %d,\n".formatted(helper.name(), next++));
        }
        text.append("    CONSTANT_COUNT = %d\n};\n\n".formatted(api.constants.size()));
        text.append("/* The constants, in the order in which Java hands them over. */\nenum {\n");
        api.constants.forEach(constant -> text.append("    CONSTANT_%s,\n".formatted(constant.name())));
        text.append("};\n\n/* Sets every member of ctx; constants[i] is the handle of constant i. */\n");
        text.append(
                "void members_fill(HPyContext *ctx, const jlong *constants);\n\n/* Written by hand, in ctx_*.c. */\n");
        api.functions.stream()
                .filter(function -> function.body() == ApiList.Body.C || function.body() == ApiList.Body.C_UPCALL)
                .forEach(function -> text.append(function.signature().declare("ctx_" + function.name()))
                        .append(";\n"));
        return text.append("\n#endif\n").toString();
    }

    private String source() {
        StringBuilder text =
                new StringBuilder(BANNER + "#include \"members.h\"\n\n#include \"err.h\"\n#include \"up.h\"\n");
        for (ApiList.Function function : api.functions) {
            if (function.isStub()) {
                String unused = function.signature().params().stream()
                        .skip(1)
                        .map(param -> "    (void)" + param.name() + ";\n")
                        .collect(Collectors.joining());
                text.append("""

                        static %s
                        {
                        %s    err_%s(ctx, "%s");
                        %s}
                        """.formatted(
                                function.signature().declare(function.body().text + "_" + function.name()),
                                unused,
                                function.body().text,
                                function.signature().name(),
                                function.signature().isVoid() ? "" : "    return " + function.error() + ";\n"));
            }
        }
        text.append("\nvoid members_fill(HPyContext *ctx, const jlong *constants)\n{\n");
        for (int i = 0; i < api.constants.size(); i++) {
            text.append("    ctx->%s = (HPy){constants[%d]};\n"
                    .formatted(api.constants.get(i).name(), i));
        }
        for (ApiList.Function function : api.functions) {
            String prefix = switch (function.body()) {
                case UPCALL -> "up_";
                case MISSING, LEGACY -> function.body().text + "_";
                default -> "ctx_";
            };
            text.append("    ctx->ctx_%s = %s%s;\n".formatted(function.name(), prefix, function.name()));
        }
        return text.append("}\n").toString();
    }

    Map<String, String> javaFiles() {
        StringBuilder constants = new StringBuilder();
        api.constants.forEach(constant -> constants.append(
                "            \"%s\",\n".formatted(constant.name().substring(2))));
        StringBuilder names = new StringBuilder();
        for (ApiList.Function function : api.functions) {
            names.append("            case %d -> \"%s\";\n"
                    .formatted(function.index(), function.signature().name()));
        }
        int next = ApiList.MEMBERS;
        for (ApiList.Upcall helper : api.helpers) {
            names.append("            case %d -> \"%s\";\n".formatted(next++, helper.publicName()));
        }
        return Map.of("org/hpyve/bridge/Members.java", """
                package org.hpyve.bridge;

                import java.util.List;

                /** Names of the members of HPyContext. Generated from {@code include/spec}. */
                public final class Members {

                    private Members() {}

                    /** The context's constants without their {@code h_}, in the order in which they are handed to C. */
                    public static final List<String> CONSTANTS = List.of(
                %s);

                    /** The public name of the function in whose name C reports an error. */
                    public static String functionName(int member) {
                        return switch (member) {
                %s            default -> throw new IllegalArgumentException("no member " + member);
                        };
                    }
                }
                """.formatted(
                        constants.toString().replaceFirst(",\\s*$", ""), names));
    }
}
