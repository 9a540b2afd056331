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
                    .map(param -> crossing(param.type()).descriptor())
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
        boolean context = type.arguments().size() < type.params().size();
        StringBuilder arguments = new StringBuilder(context ? "&st->ctx" : "");
        for (CFunction.Param param : type.arguments()) {
            params.append(", ").append(crossing(param.type()).jni()).append(' ').append(param.name());
            arguments.append(arguments.isEmpty() ? "" : ", ").append(argument(param));
        }
        String call = "((%s)(intptr_t)impl)(%s);".formatted(type.declarePointer(""), arguments);
        String back = type.result().equals("HPy") ? "result._i" : "result";
        return """
                static %s JNICALL down_%s(JNIEnv *env, jclass cls, jlong context, jlong impl%s)
                {
                    (void)cls;
                    State *st = (State *)(intptr_t)context;
                    JNIEnv *outer = down_enter(st, env);
                    %s%s
                %s    down_leave(st, outer);
                %s}
                """.formatted(
                        result.jni(),
                        signature.name(),
                        params,
                        type.isVoid() ? "" : type.result() + " result = ",
                        call,
                        // Whoever gets the object may change it, while the extension may have another handle to it.
                        type.result().equals("HPy") ? "    table_escape(st, result);\n" : "",
                        type.isVoid() ? "" : "    return " + back + ";\n");
    }

    /** Handles of arguments lie in native memory already. */
    private static boolean isArray(String cType) {
        return cType.equals("const HPy *");
    }

    private static CrossingType crossing(String cType) {
        return CrossingType.of(isArray(cType) ? "void *" : cType);
    }

    private static String argument(CFunction.Param param) {
        return isArray(param.type())
                ? "(const HPy *)(intptr_t)" + param.name()
                : CrossingType.fromJni(param.type(), param.name());
    }

    Map<String, String> javaFiles() {
        String methods = called.stream()
                .map(signature -> "    /** {@code %s}. */\n    public static native %s %s(long context, long impl%s);\n"
                        .formatted(
                                signature.type().declare(""),
                                CrossingType.of(signature.type().result()).java(),
                                javaName(signature),
                                signature.type().arguments().stream()
                                        .map(param ->
                                                ", " + crossing(param.type()).java() + " " + param.name())
                                        .collect(Collectors.joining())))
                .collect(Collectors.joining("\n"));
        String numbers = called.stream()
                .map(signature -> "    /** The ABI's number of this signature. */\n"
                        + "    public static final int %s = %d;\n".formatted(signature.name(), signature.number()))
                .collect(Collectors.joining("\n"));
        return Map.of("org/hpyve/bridge/DownCalls.java", """
                package org.hpyve.bridge;

                /**
                 * Calls of C functions that an extension defined; {@code impl} is the function's address. Arrays of handles are
                 * given by their address, too. Only the thread that runs the interpreter may call them. Generated from
                 * {@code include/spec/signatures.txt}.
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
