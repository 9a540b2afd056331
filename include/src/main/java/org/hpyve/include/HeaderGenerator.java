package org.hpyve.include;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Generates the headers that extensions include: the context struct and the public functions. */
final class HeaderGenerator {

    private static final String BANNER = "/* Generated from include/spec/api.txt; not for editing. */\n";

    /** Functions that the hand-written headers publish in another form (HPy_New is a macro, for example). */
    private static final Set<String> PUBLISHED_BY_HAND = Set.of(
            "_HPy_New", "HPy_FatalError", "HPyCapsule_Get", "HPyCapsule_Set", "HPy_FromPyObject", "HPy_AsPyObject");

    private final ApiList api;

    HeaderGenerator(ApiList api) {
        this.api = api;
    }

    Map<String, String> files() {
        return Map.of("hpy/autogen/context.h", contextHeader(), "hpy/autogen/api.h", apiHeader());
    }

    private String contextHeader() {
        return BANNER + """
                #ifndef HPY_AUTOGEN_CONTEXT_H
                #define HPY_AUTOGEN_CONTEXT_H

                struct _HPyContext_s {
                    const char *name;
                    void *_private;
                    int abi_version;
                %s
                };

                #endif
                """.formatted(members());
    }

    private String members() {
        Map<Integer, String> members = new TreeMap<>();
        for (ApiList.Constant constant : api.constants) {
            members.put(constant.index(), "    HPy " + constant.name() + ";");
        }
        for (ApiList.Function function : api.functions) {
            members.put(function.index(), "    " + function.signature().declarePointer("ctx_" + function.name()) + ";");
        }
        return String.join("\n", members.values());
    }

    private String apiHeader() {
        String functions = api.functions.stream()
                .filter(function ->
                        !PUBLISHED_BY_HAND.contains(function.signature().name()))
                .map(HeaderGenerator::publicFunction)
                .collect(Collectors.joining("\n"));
        return BANNER + """
                #ifndef HPY_AUTOGEN_API_H
                #define HPY_AUTOGEN_API_H

                %s
                #if !defined(__cplusplus)
                %s
                #endif

                #endif
                """.formatted(functions, offsets());
    }

    private static String publicFunction(ApiList.Function function) {
        CFunction signature = function.signature();
        CFunction published =
                function.returnsNull() ? new CFunction("HPy", signature.name(), signature.params()) : signature;
        String call = "ctx->ctx_%s(%s);"
                .formatted(
                        function.name(),
                        signature.params().stream().map(CFunction.Param::name).collect(Collectors.joining(", ")));
        String body = function.returnsNull()
                ? "    " + call + "\n    return HPy_NULL;"
                : "    " + (signature.isVoid() ? "" : "return ") + call;
        return """
                HPyAPI_FUNC %s
                {
                %s
                }
                """.formatted(published.declare(signature.name()), body);
    }

    private String offsets() {
        Map<Integer, String> names = new TreeMap<>();
        api.constants.forEach(constant -> names.put(constant.index(), constant.name()));
        api.functions.forEach(function -> names.put(function.index(), "ctx_" + function.name()));
        String asserts = names.entrySet().stream()
                .map(entry -> "_Static_assert(offsetof(HPyContext, %s) == %d, \"HPyContext.%s\");"
                        .formatted(entry.getValue(), ApiList.HEADER_BYTES + 8 * entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n"));
        return asserts
                + "\n_Static_assert(sizeof(HPyContext) == %d, \"HPyContext\");"
                        .formatted(ApiList.HEADER_BYTES + 8 * ApiList.MEMBERS);
    }
}
