package org.hpyve.include;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Generates the native methods by which Java calls functions of an extension, one for each signature. */
final class DownCallGenerator {

    private final List<ApiList.Signature> called;

    DownCallGenerator(ApiList api) {
        this.called = api.signatures.stream().filter(ApiList.Signature::called).toList();
    }

    Map<String, String> cFiles() {
        StringBuilder text = new StringBuilder("/* Generated from include/spec; not for editing. */\n"
                + "#include \"down.h\"\n\n#include \"state.h\"\n");
        called.forEach(signature -> text.append('\n').append(cFunction(signature)));
        text.append("\nconst JNINativeMethod down_methods[] = {\n");
        for (ApiList.Signature signature : called) {
            String descriptor = signature.type().arguments().stream()
                    .map(param -> CrossingType.of(param.type()).descriptor())
                    .collect(Collectors.joining());
            text.append("    {\"%s\", \"(JJ%s)%s\", (void *)down_%s},\n"
                    .formatted(
                            javaName(signature),
                            descriptor,
                            CrossingType.of(signature.type().result()).descriptor(),
                            signature.name()));
        }
        text.append("};\nconst int down_method_count = sizeof down_methods / sizeof down_methods[0];\n");
        return Map.of("down.c", text.toString());
    }

    private static String cFunction(ApiList.Signature signature) {
        CFunction type = signature.type();
        CrossingType result = CrossingType.of(type.result());
        StringBuilder params = new StringBuilder();
        StringBuilder arrays = new StringBuilder();
        StringBuilder frees = new StringBuilder();
        boolean context = type.arguments().size() < type.params().size();
        StringBuilder arguments = new StringBuilder(context ? "&st->ctx" : "");
        String failed = type.isVoid() ? "" : type.result().equals("HPy") ? " 0" : " -1";
        for (CFunction.Param param : type.arguments()) {
            params.append(", ")
                    .append(CrossingType.of(param.type()).jni())
                    .append(' ')
                    .append(param.name());
            String argument = CrossingType.fromJni(param.type(), param.name());
            if (param.type().equals("const HPy *")) {
                argument = "a_" + param.name() + ".items";
                arrays.append("""
                            DownArray a_%1$s;
                            if (!down_array_open(&a_%1$s, env, %1$s))
                                return%2$s;
                        """.formatted(param.name(), failed));
                frees.append("    down_array_close(&a_%s);\n".formatted(param.name()));
            }
            arguments.append(arguments.isEmpty() ? "" : ", ").append(argument);
        }
        String call = "((%s)(intptr_t)impl)(%s);".formatted(type.declarePointer(""), arguments);
        String back = type.result().equals("HPy") ? "result._i" : "result";
        return """
                static %s JNICALL down_%s(JNIEnv *env, jclass cls, jlong context, jlong impl%s)
                {
                    (void)cls;
                    State *st = (State *)(intptr_t)context;
                %s    JNIEnv *outer = down_enter(st, env);
                    %s%s
                    down_leave(st, outer);
                %s%s}
                """.formatted(
                        result.jni(),
                        signature.name(),
                        params,
                        arrays,
                        type.isVoid() ? "" : type.result() + " result = ",
                        call,
                        frees,
                        type.isVoid() ? "" : "    return " + back + ";\n");
    }

    Map<String, String> javaFiles() {
        String methods = called.stream()
                .map(signature -> "    /** {@code %s}. */\n    public static native %s %s(long context, long impl%s);\n"
                        .formatted(
                                signature.type().declare(""),
                                CrossingType.of(signature.type().result()).java(),
                                javaName(signature),
                                signature.type().arguments().stream()
                                        .map(param -> ", "
                                                + CrossingType.of(param.type()).java() + " " + param.name())
                                        .collect(Collectors.joining())))
                .collect(Collectors.joining("\n"));
        String numbers = called.stream()
                .map(signature -> "    /** The ABI's number of this signature. */\n"
                        + "    public static final int %s = %d;\n".formatted(signature.name(), signature.number()))
                .collect(Collectors.joining("\n"));
        return Map.of("org/hpyve/bridge/DownCalls.java", """
                package org.hpyve.bridge;

                /**
                 * Calls of C functions that an extension defined; {@code impl} is the function's address. Only the thread that
                 * runs the interpreter may call them. Generated from {@code include/spec/signatures.txt}.
                 */
                public final class DownCalls {

                    private DownCalls() {}

                %s
                %s}
                """.formatted(numbers, methods));
    }

    private static String javaName(ApiList.Signature signature) {
        return signature.name().toLowerCase(Locale.ROOT);
    }
}
