package org.hpyve.include;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Generates every function that crosses from C into Java, all of one shape, and the Java interfaces they call. */
final class UpcallGenerator {

    private static final String BANNER = "/* Generated from include/spec; not for editing. */\n";

    /** Pointers that cross together with the count that follows them. */
    private static final Set<String> COUNTED = Set.of("const uint16_t *", "const uint8_t *", "const HPy *");

    /** C strings that may be NULL; upcalls.txt says so too. */
    private static final Set<String> NULLABLE = Set.of("encoding", "errors", "utf8_doc", "utf8_message", "text");

    private final ApiList api;

    UpcallGenerator(ApiList api) {
        this.api = api;
    }

    Map<String, String> cFiles() {
        return Map.of("up.h", header(), "up.c", source());
    }

    private String header() {
        StringBuilder text = new StringBuilder(
                BANNER + "#ifndef HPYVE_UP_H\n#define HPYVE_UP_H\n\n#include <jni.h>\n#include \"hpy.h\"\n\nenum {\n");
        api.families().forEach(family -> text.append("    FAMILY_%s,\n".formatted(family.toUpperCase(Locale.ROOT))));
        text.append("    FAMILY_COUNT\n};\n\nenum {\n");
        api.upcalls().forEach(upcall -> text.append("    UP_%s,\n".formatted(upcall.name())));
        text.append("""
                    UP_COUNT
                };

                /** A method of an upcall interface; the interface's class is up_families[family]. */
                typedef struct {
                    int family;
                    const char *name;
                    const char *descriptor;
                } UpMethod;

                extern const char *const up_families[FAMILY_COUNT];
                extern const UpMethod up_methods[UP_COUNT];

                """);
        api.upcalls()
                .forEach(upcall -> text.append(upcall.signature().declare("up_" + upcall.name()))
                        .append(";\n"));
        return text.append("\n#endif\n").toString();
    }

    private String source() {
        StringBuilder text =
                new StringBuilder(BANNER + "#include \"up.h\"\n\n#include \"members.h\"\n#include \"upcall.h\"\n\n");
        text.append("const char *const up_families[FAMILY_COUNT] = {\n");
        api.families()
                .forEach(family -> text.append("    \"org/hpyve/bridge/upcall/%s\",\n".formatted(javaName(family))));
        text.append("};\n\nconst UpMethod up_methods[UP_COUNT] = {\n");
        for (ApiList.Upcall upcall : api.upcalls()) {
            String descriptor = javaParams(upcall.signature()).stream()
                    .map(param -> CrossingType.of(param.type()).descriptor())
                    .collect(Collectors.joining());
            text.append("    {FAMILY_%s, \"%s\", \"(%s)%s\"},\n"
                    .formatted(
                            upcall.family().toUpperCase(Locale.ROOT),
                            upcall.name(),
                            descriptor,
                            CrossingType.of(upcall.signature().result()).descriptor()));
        }
        text.append("};\n");
        api.upcalls().forEach(upcall -> text.append('\n').append(function(upcall)));
        return text.toString();
    }

    /** The one shape of an upcall: begin, make references, call, end with the error check, drop references. */
    private String function(ApiList.Upcall upcall) {
        CFunction signature = upcall.signature();
        List<String> references = new ArrayList<>();
        List<String> conversions = new ArrayList<>();
        StringBuilder call = new StringBuilder();
        List<CFunction.Param> arguments = signature.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            CFunction.Param param = arguments.get(i);
            String reference = "j_" + param.name();
            if (COUNTED.contains(param.type())) {
                String count = arguments.get(++i).name();
                String make = switch (param.type()) {
                    case "const HPy *" -> "upcall_handles";
                    case "const uint8_t *" -> "upcall_bytes";
                    default -> "upcall_utf16";
                };
                conversions.add("%s(st, env, %s, (size_t)%s, &%s)".formatted(make, param.name(), count, reference));
                references.add(reference);
                call.append(", ").append(reference);
            } else if (param.type().equals("const char *")) {
                String rule = NULLABLE.contains(param.name()) ? "upcall_utf8" : "upcall_required_utf8";
                conversions.add(
                        "%s(st, env, %s, \"%s\", &%s)".formatted(rule, param.name(), upcall.publicName(), reference));
                references.add(reference);
                call.append(", ").append(reference);
            } else {
                call.append(", ").append(CrossingType.toJni(param.type(), param.name()));
            }
        }
        CrossingType type = CrossingType.of(signature.result());
        String invoke = "(*env)->Call%sMethod(env, st->families[FAMILY_%s], library.upcalls[UP_%s]%s);"
                .formatted(type.call(), upcall.family().toUpperCase(Locale.ROOT), upcall.name(), call);
        StringBuilder body = new StringBuilder();
        body.append("    State *st = state_of(ctx);\n    JNIEnv *env = upcall_begin(st, \"%s\");\n"
                .formatted(upcall.publicName()));
        body.append("    if (!env)\n        return%s;\n".formatted(signature.isVoid() ? "" : " " + upcall.error()));
        if (!signature.isVoid()) {
            body.append("    %sresult = %s;\n"
                    .formatted(
                            signature.result().endsWith("*") ? signature.result() : signature.result() + " ",
                            upcall.error()));
        }
        references.forEach(reference -> body.append("    jobject %s = NULL;\n".formatted(reference)));
        String indent = conversions.isEmpty() ? "    " : "        ";
        if (!conversions.isEmpty()) {
            body.append("    if (%s) {\n".formatted(String.join(" && ", conversions)));
        }
        if (signature.isVoid()) {
            body.append(indent + invoke + "\n");
            body.append(indent + "upcall_end(st, env, MEMBER_%s);\n".formatted(upcall.name()));
        } else {
            body.append(indent + "%s answer = %s\n".formatted(type.jni(), invoke));
            body.append(indent + "if (upcall_end(st, env, MEMBER_%s))\n".formatted(upcall.name()));
            body.append(indent + "    result = %s;\n".formatted(CrossingType.fromJni(signature.result(), "answer")));
        }
        if (!conversions.isEmpty()) {
            body.append("    }\n");
        }
        references.forEach(reference -> body.append("    upcall_drop(env, %s);\n".formatted(reference)));
        body.append(signature.isVoid() ? "" : "    return result;\n");
        return signature.declare("up_" + upcall.name()) + "\n{\n" + body + "}\n";
    }

    Map<String, String> javaFiles() {
        Map<String, String> files = new LinkedHashMap<>();
        for (String family : api.families()) {
            String methods = api.upcalls().stream()
                    .filter(upcall -> upcall.family().equals(family))
                    .map(UpcallGenerator::javaMethod)
                    .collect(Collectors.joining("\n"));
            files.put("org/hpyve/bridge/upcall/" + javaName(family) + ".java", """
                    package org.hpyve.bridge.upcall;

                    /** What C asks Java for: the family %s. Generated from {@code include/spec}. */
                    @SuppressWarnings("checkstyle:all")
                    public interface %s {

                    %s}
                    """.formatted(
                            family, javaName(family), methods));
        }
        String fields = api.families().stream()
                .map(family -> javaName(family) + " " + family + "Upcalls")
                .collect(Collectors.joining(",\n        "));
        String array = api.families().stream().map(family -> family + "Upcalls").collect(Collectors.joining(", "));
        files.put("org/hpyve/bridge/upcall/Upcalls.java", """
                package org.hpyve.bridge.upcall;

                /** The receivers of all upcalls of one context, one for each family. Generated from {@code include/spec}. */
                public record Upcalls(
                        %s) {

                    /** The receivers in the order of C's FAMILY constants. */
                    public Object[] toArray() {
                        return new Object[] {%s};
                    }
                }
                """.formatted(fields, array));
        return files;
    }

    private static String javaMethod(ApiList.Upcall upcall) {
        String params = javaParams(upcall.signature()).stream()
                .map(param -> CrossingType.of(param.type()).java() + " " + param.name())
                .collect(Collectors.joining(", "));
        return "    /** {@code %s}. */\n    %s %s(%s);\n"
                .formatted(
                        upcall.signature().declare(upcall.signature().name()),
                        CrossingType.of(upcall.signature().result()).java(),
                        upcall.name(),
                        params);
    }

    private static List<CFunction.Param> javaParams(CFunction signature) {
        List<CFunction.Param> params = new ArrayList<>();
        List<CFunction.Param> arguments = signature.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            params.add(arguments.get(i));
            if (COUNTED.contains(arguments.get(i).type())) {
                i++;
            }
        }
        return params;
    }

    static String javaName(String family) {
        return Character.toUpperCase(family.charAt(0)) + family.substring(1) + "Upcalls";
    }
}
