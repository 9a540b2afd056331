package org.hpyve.include;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Generates every function that crosses from C into Java, all of one shape, and what they call: an interface for each
 * family, and the gate, through which each crossing goes. Only numbers cross; what is no number lies in the area.
 */
final class UpcallGenerator {

    private static final String BANNER = "/* Generated from include/spec; not for editing. */\n";

    /** C strings that may be NULL; upcalls.txt says so too. */
    private static final Set<String> NULLABLE = Set.of("encoding", "errors", "utf8_doc", "utf8_message", "text");

    private final ApiList api;

    UpcallGenerator(ApiList api) {
        this.api = api;
    }

    /**
     * What crosses as one value: one parameter, or a pointer with the count that follows it.
     *
     * @param count the name of the count, or null
     */
    private record Argument(CFunction.Param param, String count) {

        String name() {
            return param.name();
        }

        boolean inArea() {
            return Staging.of(param.type()) != null;
        }

        /** The type in a family's interface. */
        String familyType() {
            return inArea()
                    ? Staging.of(param.type()).java()
                    : CrossingType.of(param.type()).java();
        }

        /** The type that crosses. */
        CrossingType crossing() {
            return CrossingType.of(inArea() ? "int64_t" : param.type());
        }

        /** The C expression of the value that crosses. */
        String value() {
            return inArea() ? "r_" + name() : CrossingType.toJni(param.type(), name());
        }

        /** The Java expression of what the family gets. */
        String taken() {
            return inArea() ? "area.%s(%s)".formatted(Staging.of(param.type()).method(), name()) : name();
        }
    }

    /**
     * How a pointer gets into the area and out of it.
     *
     * @param java what Java takes out
     * @param method of Java's area
     * @param function the C function that puts it in
     */
    private record Staging(String java, String method, String function) {

        static Staging of(String cType) {
            return switch (cType) {
                case "const char *" -> new Staging("String", "text", "upcall_text");
                case "const unsigned char *" -> new Staging("String", "text", "upcall_utf8");
                case "const uint8_t *" -> new Staging("byte[]", "bytes", "upcall_bytes");
                case "const HPy *" -> new Staging("long[]", "handles", "upcall_handles");
                default -> null;
            };
        }

        boolean counted() {
            return !function.equals("upcall_text");
        }
    }

    private static List<Argument> arguments(CFunction signature) {
        List<Argument> arguments = new ArrayList<>();
        List<CFunction.Param> params = signature.arguments();
        for (int i = 0; i < params.size(); i++) {
            Staging staging = Staging.of(params.get(i).type());
            boolean counted = staging != null && staging.counted();
            arguments.add(
                    new Argument(params.get(i), counted ? params.get(i + 1).name() : null));
            i += counted ? 1 : 0;
        }
        return arguments;
    }

    Map<String, String> cFiles() {
        return Map.of("up.h", header(), "up.c", source());
    }

    private String header() {
        StringBuilder text = new StringBuilder(
                BANNER + "#ifndef HPYVE_UP_H\n#define HPYVE_UP_H\n\n#include <jni.h>\n#include \"hpy.h\"\n\nenum {\n");
        api.upcalls().forEach(upcall -> text.append("    UP_%s,\n".formatted(upcall.name())));
        text.append("""
                    UP_COUNT
                };

                /** A way to the gates: a static method, whose first argument is the tag of the context. */
                typedef struct {
                    const char *name;
                    const char *descriptor;
                } UpMethod;

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
        text.append("const UpMethod up_methods[UP_COUNT] = {\n");
        for (ApiList.Upcall upcall : api.upcalls()) {
            String descriptor = arguments(upcall.signature()).stream()
                    .map(argument -> argument.crossing().descriptor())
                    .collect(Collectors.joining());
            text.append("    {\"%s\", \"(I%s)%s\"},\n"
                    .formatted(
                            upcall.name(),
                            descriptor,
                            CrossingType.of(upcall.signature().result()).descriptor()));
        }
        text.append("};\n");
        api.upcalls().forEach(upcall -> text.append('\n').append(function(upcall)));
        return text.toString();
    }

    /** The one shape of an upcall: may it be made here, put arguments into the area, cross, give back what Java says. */
    private static String function(ApiList.Upcall upcall) {
        CFunction signature = upcall.signature();
        List<Argument> arguments = arguments(signature);
        CrossingType type = CrossingType.of(signature.result());
        StringBuilder body = new StringBuilder("    State *st = state_of(ctx);\n");
        StringBuilder ready = new StringBuilder("upcall_here(st, \"%s\")".formatted(upcall.publicName()));
        for (Argument argument : arguments) {
            if (argument.inArea()) {
                body.append("    jlong %s;\n".formatted(argument.value()));
                ready.append(" && ").append(stage(argument, upcall.publicName()));
            }
        }
        String failed = signature.isVoid() ? "        return;\n" : "        return " + upcall.error() + ";\n";
        body.append("    if (!(%s))\n%s".formatted(ready, failed));
        for (Argument argument : arguments) {
            if (argument.param().type().equals("HPy")) {
                body.append("    table_escape(st, %s);\n".formatted(argument.name()));
            }
        }
        if (upcall.changes()) {
            body.append("    upcall_changes(st);\n");
        }
        String values =
                arguments.stream().map(argument -> ", " + argument.value()).collect(Collectors.joining());
        String cells = arguments.stream()
                .map(argument -> ", {.%s = %s}".formatted(argument.crossing().cell(), argument.value()))
                .collect(Collectors.joining());
        String types = arguments.stream()
                .map(argument -> ", " + argument.crossing().jni())
                .collect(Collectors.joining());
        String answer = signature.isVoid() ? "" : "answer = ";
        body.append(signature.isVoid() ? "" : "    %s answer;\n".formatted(type.jni()));
        body.append("    const void *stub = upcall_begin(st, UP_%s);\n".formatted(upcall.name()));
        body.append("    if (stub) {\n        %s((%s (*)(jint%s))(intptr_t)stub)(st->shared->tag%s);\n    } else {\n"
                .formatted(answer, type.jni(), types, values));
        body.append("        const jvalue values[] = {{.i = st->shared->tag}%s};\n".formatted(cells));
        body.append(
                "        %s(*st->env)->CallStatic%sMethodA(st->env, library.entries, library.upcalls[UP_%s], values);\n"
                        .formatted(answer, type.call(), upcall.name()));
        body.append("        if (upcall_broken(st))\n    %s    }\n    area_resume(st);\n".formatted(failed));
        if (!signature.isVoid()) {
            body.append("    return %s;\n".formatted(CrossingType.fromJni(signature.result(), "answer")));
        }
        return signature.declare("up_" + upcall.name()) + "\n{\n" + body + "}\n";
    }

    private static String stage(Argument argument, String publicName) {
        Staging staging = Staging.of(argument.param().type());
        String name = argument.name();
        if (staging.counted()) {
            return "%s(st, %s, (size_t)%s, &%s)"
                    .formatted(staging.function(), name, argument.count(), argument.value());
        }
        String rule = NULLABLE.contains(name) ? staging.function() : "upcall_required_text";
        return "%s(st, %s, \"%s\", &%s)".formatted(rule, name, publicName, argument.value());
    }

    Map<String, String> javaFiles() {
        Map<String, String> files = new LinkedHashMap<>();
        for (String family : api.families()) {
            String methods = api.upcalls().stream()
                    .filter(upcall -> upcall.family().equals(family))
                    .map(UpcallGenerator::familyMethod)
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
        files.put("org/hpyve/bridge/upcall/Upcalls.java", """
                package org.hpyve.bridge.upcall;

                /** The receivers of all upcalls of one context, one for each family. Generated from {@code include/spec}. */
                public record Upcalls(
                        %s) {}
                """.formatted(fields));
        files.put("org/hpyve/bridge/upcall/Gate.java", gate());
        files.put("org/hpyve/bridge/upcall/Entries.java", entries());
        return files;
    }

    private static String familyMethod(ApiList.Upcall upcall) {
        String params = arguments(upcall.signature()).stream()
                .map(argument -> argument.familyType() + " " + argument.name())
                .collect(Collectors.joining(", "));
        return "    /** {@code %s}. */\n    %s %s(%s);\n"
                .formatted(
                        upcall.signature().declare(upcall.signature().name()),
                        CrossingType.of(upcall.signature().result()).java(),
                        upcall.name(),
                        params);
    }

    private String gate() {
        String methods = api.upcalls().stream().map(this::gateMethod).collect(Collectors.joining("\n"));
        return """
                package org.hpyve.bridge.upcall;

                import org.hpyve.bridge.Area;
                import org.hpyve.bridge.Failures;

                /**
                 * Where every crossing of one context arrives: what C recorded is replayed, arguments are taken out of the
                 * area, the family answers, and what it throws is kept for C. Generated from {@code include/spec}.
                 */
                @SuppressWarnings("checkstyle:all")
                public final class Gate {

                    private final Area area;
                    private final Failures failures;
                    private final Upcalls families;

                    /** The gate to these families. */
                    public Gate(Area area, Failures failures, Upcalls families) {
                        this.area = area;
                        this.failures = failures;
                        this.families = families;
                    }

                    /** Nothing may leave the gate: a native stub has nowhere to go with it. */
                    private void failed(Throwable thrown, int member) {
                        try {
                            failures.raised(thrown, member);
                        } catch (Throwable e) {
                            area.fail();
                        }
                    }

                %s}
                """.formatted(methods);
    }

    private String gateMethod(ApiList.Upcall upcall) {
        CFunction signature = upcall.signature();
        List<Argument> arguments = arguments(signature);
        String call = "families.%sUpcalls().%s(%s);"
                .formatted(
                        upcall.family(),
                        upcall.name(),
                        arguments.stream().map(Argument::taken).collect(Collectors.joining(", ")));
        return """
                    %s %s(%s) {
                        try {
                            area.open();
                            %s%s
                        } catch (Throwable e) {
                            failed(e, %d);
                %s        }
                    }
                """.formatted(
                        CrossingType.of(signature.result()).java(),
                        upcall.name(),
                        crossingParams(arguments),
                        signature.isVoid() ? "" : "return ",
                        call,
                        api.number(upcall),
                        signature.isVoid() ? "" : "            return " + javaError(upcall) + ";\n");
    }

    private static String crossingParams(List<Argument> arguments) {
        return arguments.stream()
                .map(argument -> argument.crossing().java() + " " + argument.name())
                .collect(Collectors.joining(", "));
    }

    private static String javaError(ApiList.Upcall upcall) {
        String error = upcall.error().replaceFirst("^\\(\\w+\\)", "");
        return error.equals("HPy_NULL") || error.equals("NULL") ? "0" : error;
    }

    private String entries() {
        String methods = api.upcalls().stream()
                .map(upcall -> {
                    List<Argument> arguments = arguments(upcall.signature());
                    String params = crossingParams(arguments);
                    return "    static %s %s(int tag%s) {\n        %sgate(tag).%s(%s);\n    }\n"
                            .formatted(
                                    CrossingType.of(upcall.signature().result()).java(),
                                    upcall.name(),
                                    params.isEmpty() ? "" : ", " + params,
                                    upcall.signature().isVoid() ? "" : "return ",
                                    upcall.name(),
                                    arguments.stream().map(Argument::name).collect(Collectors.joining(", ")));
                })
                .collect(Collectors.joining("\n"));
        String names = api.upcalls().stream()
                .map(upcall -> "\"%s\"".formatted(upcall.name()))
                .collect(Collectors.joining(",\n            "));
        return """
                package org.hpyve.bridge.upcall;

                import java.lang.invoke.MethodHandle;
                import java.lang.invoke.MethodHandles;
                import java.lang.reflect.Method;
                import java.util.Arrays;
                import java.util.List;

                /**
                 * Static ways to the gates: a call of them by JNI is cheaper than that of a gate, and one native stub for each
                 * upcall serves all contexts of the process. The
                 * first argument is the tag of the context. Generated from {@code include/spec}.
                 */
                @SuppressWarnings("checkstyle:all")
                public final class Entries {

                    /** The upcalls, in C's order. */
                    public static final List<String> NAMES = List.of(
                            %s);

                    /** By the two halves of the tag. A thread reads only what it wrote itself: its own context's. */
                    private static final Gate[][] GATES = new Gate[256][];

                    private Entries() {}

                    /** Opens the way to a gate; {@code null} closes it. */
                    public static synchronized void set(int tag, Gate gate) {
                        if (GATES[tag >> 8] == null) {
                            GATES[tag >> 8] = new Gate[256];
                        }
                        GATES[tag >> 8][tag & 255] = gate;
                    }

                    /** The entry of an upcall. */
                    public static MethodHandle handle(int upcall) throws IllegalAccessException {
                        Method entry = Arrays.stream(Entries.class.getDeclaredMethods())
                                .filter(method -> method.getName().equals(NAMES.get(upcall)))
                                .findFirst()
                                .orElseThrow();
                        return MethodHandles.lookup().unreflect(entry);
                    }

                    private static Gate gate(int tag) {
                        return GATES[tag >> 8][tag & 255];
                    }

                %s}
                """.formatted(names, methods);
    }

    static String javaName(String family) {
        return Character.toUpperCase(family.charAt(0)) + family.substring(1) + "Upcalls";
    }
}
