package org.hpyve.include;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The context struct and the public functions, as compilers see them. */
class HeaderGeneratorTest {

    /** Declared only so that a use is refused. */
    private static final Set<String> LEGACY = Set.of("HPy_FromPyObject", "HPy_AsPyObject");

    private static ExtensionCompiler headers;

    private final ApiList api = ApiList.read(Path.of("spec"));

    @TempDir
    private Path folder;

    @BeforeAll
    static void unpackHeaders() throws IOException {
        headers = new ExtensionCompiler();
    }

    @AfterAll
    static void removeHeaders() throws IOException {
        headers.close();
    }

    private CompilerRun compile(String compiler, List<String> options, String file, String text) throws Exception {
        Path source = folder.resolve(file);
        Files.writeString(source, "#include <hpy.h>\n" + text);
        return CompilerRun.of(compiler, options, headers.includeDirectory(), source);
    }

    /** A function that takes the address of every function of the API. */
    private String useOfEverything() {
        List<String> names = new ArrayList<>(api.functions.stream()
                .map(function -> function.signature().name())
                .toList());
        names.removeAll(LEGACY);
        assertThat(names).hasSize(187);
        names.addAll(List.of(
                        "HPy_AsVoidP HPy_FromVoidP",
                        "HPyCapsule_GetPointer HPyCapsule_GetName HPyCapsule_GetContext",
                        "HPyCapsule_SetPointer HPyCapsule_SetName HPyCapsule_SetContext HPyCapsule_SetDestructor",
                        "HPyErr_SetFromErrno HPyErr_SetFromErrnoWithFilenameObject HPyErr_Format",
                        "HPyTuple_Pack HPy_DelAttr HPy_DelAttr_s",
                        "HPyLong_FromLong HPyLong_FromUnsignedLong HPyLong_FromLongLong HPyLong_FromUnsignedLongLong",
                        "HPyLong_AsLong HPyLong_AsUnsignedLong HPyLong_AsUnsignedLongMask",
                        "HPyLong_AsLongLong HPyLong_AsUnsignedLongLong HPyLong_AsUnsignedLongLongMask",
                        "HPyLong_FromPid HPyLong_AsPid HPyBool_FromLong HPySlice_AdjustIndices",
                        "HPy_CallMethodTupleDict HPy_CallMethodTupleDict_s",
                        "HPyArg_Parse HPyArg_ParseKeywords HPyArg_ParseKeywordsDict HPy_BuildValue",
                        "HPyUnicode_FromFormat HPyUnicode_FromFormatV",
                        "HPyHelpers_AddType HPyHelpers_PackArgsAndKeywords",
                        "HPyStructSequence_NewType HPyStructSequence_New")
                .stream()
                .flatMap(line -> List.of(line.split(" ")).stream())
                .toList());
        return names.stream()
                .map(name -> "    (void (*)(void))" + name + ",\n")
                .collect(Collectors.joining("", "void (*use_of_everything[])(void) = {\n", "};\n"));
    }

    @ParameterizedTest
    @MethodSource("org.hpyve.include.CompilerRun#cCompilers")
    void everyFunctionIsThereInC(String compiler) throws Exception {
        compile(compiler, CompilerRun.C, "all.c", useOfEverything()).assertAccepted();
    }

    @Test
    void everyFunctionIsThereInCpp() throws Exception {
        compile("c++", CompilerRun.CPP, "all.cpp", useOfEverything()).assertAccepted();
    }

    @Test
    void aFunctionThatIsNotThereIsRefused() throws Exception {
        compile("gcc", CompilerRun.C, "no.c", "void *no = (void *)HPy_NoSuchFunction;\n")
                .assertRefused("HPy_NoSuchFunction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(void)HPy_AsPyObject(ctx, h);", "(void)HPy_FromPyObject(ctx, NULL); (void)h;"})
    void callsOfCPythonsApiAreRefused(String call) throws Exception {
        compile("gcc", CompilerRun.C, "legacy.c", "void f(HPyContext *ctx, HPy h)\n{\n    %s\n}\n".formatted(call))
                .assertRefused("Cannot use legacy functions");
    }

    /** In C, by the compiler: the numbers come from the list, the places from the struct. */
    @Test
    void memberIOfTheContextIsAtByte24Plus8I() throws Exception {
        Map<Integer, String> members = new TreeMap<>();
        api.constants.forEach(constant -> members.put(constant.index(), constant.name()));
        api.functions.forEach(function -> members.put(function.index(), "ctx_" + function.name()));
        assertThat(members).hasSize(273);
        StringBuilder text = new StringBuilder();
        members.forEach((index, name) -> text.append(
                "_Static_assert(offsetof(HPyContext, %s) == %d, \"%s\");\n".formatted(name, 24 + 8 * index, name)));

        compile("gcc", CompilerRun.C, "offsets.c", text.toString()).assertAccepted();
    }

    /** The fixed points of the ABI, written down a second time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name 0",
                "_private 8",
                "abi_version 16",
                "h_None 24",
                "h_ListType 632",
                "ctx_Dup 640",
                "ctx_Close 648",
                "ctx_Long_FromInt32_t 656",
                "ctx_Add 824",
                "ctx_FatalError 1112",
                "ctx_Type_FromSpec 1224",
                "ctx_Tracker_New 1760",
                "ctx_DelItem_s 1920",
                "h_ComplexType 1928",
                "h_Builtins 1968",
                "ctx_Capsule_New 1976",
                "ctx_CallMethod 2120",
                "h_DictType 2128",
                "ctx_AsStruct_Dict 2136",
                "ctx_Slice_New 2200"
            })
    void membersAreWhereTheAbiHasThem(String place) {
        String[] member = place.split(" ");
        Map<String, String> files = new HeaderGenerator(api).files();
        assertThat(files).containsOnlyKeys("hpy/autogen/context.h", "hpy/autogen/api.h");
        List<String> declared = files.get("hpy/autogen/context.h")
                .lines()
                .filter(line -> line.startsWith("    "))
                .map(line ->
                        line.replaceFirst("^ *[^(]*\\(\\*(\\w+)\\)\\(.*", "$1").replaceFirst("^.*?(\\w+);$", "$1"))
                .toList();

        assertThat(declared).hasSize(276);
        int index = declared.indexOf(member[0]);
        assertThat(8 * index).isEqualTo(Integer.parseInt(member[1]));
    }

    @Test
    void theLayoutIsAssertedWhereverTheHeaderIsIncluded() {
        String header = new HeaderGenerator(api).files().get("hpy/autogen/api.h");

        assertThat(header.lines().filter(line -> line.startsWith("_Static_assert(offsetof(HPyContext, ")))
                .hasSize(273)
                .contains("_Static_assert(offsetof(HPyContext, ctx_Slice_New) == 2200, \"HPyContext.ctx_Slice_New\");");
        assertThat(header).contains("_Static_assert(sizeof(HPyContext) == 2208, \"HPyContext\");");
    }

    /** The assertions can fail: a struct with one member more in front is refused. */
    @Test
    void aShiftedContextIsRefused() throws Exception {
        Path copy = folder.resolve("shifted");
        try (var files = Files.walk(headers.includeDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(headers.includeDirectory().relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        Path context = copy.resolve("hpy/autogen/context.h");
        Files.writeString(
                context, Files.readString(context).replace("    HPy h_None;", "    HPy h_Extra;\n    HPy h_None;"));
        Path source = Files.writeString(folder.resolve("shifted.c"), "#include <hpy.h>\n");

        CompilerRun.of("gcc", CompilerRun.C, copy, source).assertRefused("HPyContext.h_None");
    }

    @Test
    void functionsWithoutResultThatRaiseArePublishedAsReturningNull() {
        String header = new HeaderGenerator(api).files().get("hpy/autogen/api.h");

        assertThat(header)
                .contains("HPyAPI_FUNC HPy HPyErr_SetString(HPyContext *ctx, HPy h_type, const char *utf8_message)\n"
                        + "{\n    ctx->ctx_Err_SetString(ctx, h_type, utf8_message);\n    return HPy_NULL;\n}\n")
                .contains("HPyAPI_FUNC void HPy_Close(HPyContext *ctx, HPy h)\n{\n    ctx->ctx_Close(ctx, h);\n}\n")
                .contains("HPyAPI_FUNC HPy HPy_Dup(HPyContext *ctx, HPy h)\n{\n    return ctx->ctx_Dup(ctx, h);\n}\n");
    }
}
