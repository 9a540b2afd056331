package org.hpyve.include;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The macros of {@code hpy.h}, each used as an extension uses it, in C and in C++. */
class MacrosTest {

    private static final String DEFINITIONS = """
            #include <hpy.h>
            #pragma GCC diagnostic ignored "-Wunused-parameter"

            typedef struct {
                double x;
                long count;
                HPyField next;
                HPyCallFunction call;
            } Point;
            typedef struct { int i; } Meta;
            typedef struct { int i; } Number;
            typedef struct { int i; } Real;
            typedef struct { int i; } Text;
            typedef struct { int i; } Pair;
            typedef struct { int i; } Row;
            typedef struct { int i; } Map;
            HPyType_HELPERS(Point)
            HPyType_HELPERS(Meta, HPyType_BuiltinShape_Type)
            HPyType_HELPERS(Number, HPyType_BuiltinShape_Long)
            HPyType_HELPERS(Real, HPyType_BuiltinShape_Float)
            HPyType_HELPERS(Text, HPyType_BuiltinShape_Unicode)
            HPyType_HELPERS(Pair, HPyType_BuiltinShape_Tuple)
            HPyType_HELPERS(Row, HPyType_BuiltinShape_List)
            HPyType_HELPERS(Map, HPyType_BuiltinShape_Dict)
            _HPY_STATIC_ASSERT(SHAPE(Point) == 0 && SHAPE(Meta) == 1 && SHAPE(Number) == 2, "shapes");
            _HPY_STATIC_ASSERT(SHAPE(Real) == 3 && SHAPE(Text) == 4 && SHAPE(Pair) == 5, "shapes");
            _HPY_STATIC_ASSERT(SHAPE(Row) == 6 && SHAPE(Map) == 7, "shapes");

            static HPyGlobal cache;

            HPyDef_METH(none, "none", HPyFunc_NOARGS)
            static HPy none_impl(HPyContext *ctx, HPy self)
            {
                int values[3] = {1, 2, 3};
                HPy_BEGIN_LEAVE_PYTHON(ctx)
                values[0] += values[1];
                HPy_END_LEAVE_PYTHON(ctx)
                HPyGlobal_Store(ctx, &cache, ctx->h_None);
                return HPyLong_FromLong(ctx, values[0]);
            }
            HPyDef_METH(one, "one", HPyFunc_O, .doc = "One argument.")
            static HPy one_impl(HPyContext *ctx, HPy self, HPy arg) { return HPy_Dup(ctx, arg); }
            static HPy many(HPyContext *ctx, HPy self, const HPy *args, size_t nargs);
            HPyDef_METH_IMPL(many_def, "many", many, HPyFunc_VARARGS)
            static HPy many(HPyContext *ctx, HPy self, const HPy *args, size_t nargs)
            {
                long left, right;
                if (!HPyArg_Parse(ctx, NULL, args, nargs, "ll:many", &left, &right))
                    return HPy_NULL;
                return HPy_BuildValue(ctx, "(ll)", right, left);
            }
            HPyDef_METH(named, "named", HPyFunc_KEYWORDS)
            static HPy named_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
            {
                static const char *keywords[] = {"a", NULL};
                HPy a = HPy_NULL;
                HPyTracker tracker;
                if (!HPyArg_ParseKeywords(ctx, &tracker, args, nargs, kwnames, "O", keywords, &a))
                    return HPy_NULL;
                HPy result = HPy_Dup(ctx, a);
                HPyTracker_Close(ctx, tracker);
                return result;
            }

            HPyDef_MEMBER(Point_x, "x", HPyMember_DOUBLE, offsetof(Point, x))
            HPyDef_MEMBER(Point_count, "count", HPyMember_LONG, offsetof(Point, count), .readonly = 1, .doc = "Calls.")
            HPyDef_GET(Point_read, "read", .doc = "Read only.")
            static HPy Point_read_get(HPyContext *ctx, HPy self, void *closure)
            {
                return HPyFloat_FromDouble(ctx, Point_AsStruct(ctx, self)->x);
            }
            HPyDef_SET(Point_write, "write")
            static int Point_write_set(HPyContext *ctx, HPy self, HPy value, void *closure) { return 0; }
            HPyDef_GETSET(Point_both, "both", .closure = (void *)7)
            static HPy Point_both_get(HPyContext *ctx, HPy self, void *closure) { return HPyTuple_Pack(ctx, 1, self); }
            static int Point_both_set(HPyContext *ctx, HPy self, HPy value, void *closure)
            {
                HPyField_Store(ctx, self, &Point_AsStruct(ctx, self)->next, value);
                return 0;
            }
            HPyDef_GET_IMPL(Point_read2, "read2", Point_read_get)
            HPyDef_SET_IMPL(Point_write2, "write2", Point_write_set)
            HPyDef_GETSET_IMPL(Point_both2, "both2", Point_both_get, Point_both_set)

            HPyDef_SLOT(Point_traverse, HPy_tp_traverse)
            static int Point_traverse_impl(void *self, HPyFunc_visitproc visit, void *arg)
            {
                HPy_VISIT(&((Point *)self)->next);
                return 0;
            }
            HPyDef_SLOT(Point_compare, HPy_tp_richcompare)
            static HPy Point_compare_impl(HPyContext *ctx, HPy left, HPy right, HPy_RichCmpOp op)
            {
                HPy_RETURN_RICHCOMPARE(ctx, Point_AsStruct(ctx, left)->x, Point_AsStruct(ctx, right)->x, op);
            }
            HPyDef_CALL_FUNCTION(Point_call)
            static HPy Point_call_impl(HPyContext *ctx, HPy self, const HPy *args, size_t nargs, HPy kwnames)
            {
                return HPyLong_FromSize_t(ctx, nargs);
            }
            HPyDef_MEMBER(Point_offset, "__vectorcalloffset__", HPyMember_HPYSSIZET, offsetof(Point, call))
            HPyDef_SLOT(Point_new, HPy_tp_new)
            static HPy Point_new_impl(HPyContext *ctx, HPy type, const HPy *args, HPy_ssize_t nargs, HPy kw)
            {
                Point *point;
                HPy h = HPy_New(ctx, type, &point);
                if (HPy_IsNull(h))
                    return HPy_NULL;
                if (HPy_SetCallFunction(ctx, h, &Point_call) < 0) {
                    HPy_Close(ctx, h);
                    return HPy_NULL;
                }
                point->next = HPyField_NULL;
                return h;
            }
            static HPy plus(HPyContext *ctx, HPy left, HPy right);
            HPyDef_SLOT_IMPL(Point_add, plus, HPy_nb_add)
            static HPy plus(HPyContext *ctx, HPy left, HPy right) { return HPy_Dup(ctx, ctx->h_NotImplemented); }

            static HPyDef *Point_defines[] = {
                &Point_x, &Point_count, &Point_read, &Point_write, &Point_both, &Point_read2, &Point_write2,
                &Point_both2, &Point_traverse, &Point_compare, &Point_offset, &Point_new, &Point_add, NULL};
            static HPyType_Spec Point_spec = {
                .name = "macros.Point",
                .basicsize = sizeof(Point),
                .itemsize = 0,
                .flags = HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC | HPy_TPFLAGS_HAVE_VECTORCALL,
                .builtin_shape = SHAPE(Point),
                .legacy_slots = NULL,
                .defines = Point_defines,
                .doc = "A point.",
            };

            HPyCapsule_DESTRUCTOR(release)
            static void release_impl(const char *name, void *pointer, void *context) { free(pointer); }
            HPyDef_METH(capsule, "capsule", HPyFunc_NOARGS)
            static HPy capsule_impl(HPyContext *ctx, HPy self)
            {
                return HPyCapsule_New(ctx, malloc(1), "macros.capsule", &release);
            }
            static void by_hand_impl(const char *name, void *pointer, void *context) {}
            HPyCapsule_DESTRUCTOR_TRAMPOLINE(by_hand_trampoline, by_hand_impl)
            HPyCapsule_Destructor by_hand = {by_hand_trampoline, by_hand_impl};

            HPyDef_SLOT(exec, HPy_mod_exec)
            static int exec_impl(HPyContext *ctx, HPy module)
            {
                return HPyHelpers_AddType(ctx, module, "Point", &Point_spec, NULL) ? 0 : -1;
            }

            static HPyDef *defines[] = {&none, &one, &many_def, &named, &capsule, &exec, NULL};
            static HPyGlobal *globals[] = {&cache, NULL};
            static HPyModuleDef macros_def = {
                .doc = "Every macro.",
                .size = 0,
                .legacy_methods = NULL,
                .defines = defines,
                .globals = globals,
            };
            HPy_MODINIT(macros, macros_def)
            """;

    private static final String EMBEDDED = """
            #define HPY_EMBEDDED_MODULES
            #include <hpy.h>
            #pragma GCC diagnostic ignored "-Wunused-parameter"
            HPY_MOD_EMBEDDABLE(first)
            HPyDef_METH(f, "f", HPyFunc_NOARGS)
            static HPy f_impl(HPyContext *ctx, HPy self) { return HPy_Dup(ctx, ctx->h_None); }
            static HPyDef *defines[] = {&f, NULL};
            static HPyModuleDef first_def = {
                .doc = NULL, .size = 0, .legacy_methods = NULL, .defines = defines, .globals = NULL};
            HPy_MODINIT(first, first_def)
            """;

    private static ExtensionCompiler headers;

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

    static Stream<Arguments> everyCompiler() {
        return Stream.concat(
                CompilerRun.cCompilers().map(compiler -> Arguments.of(compiler, "use.c", CompilerRun.C)),
                Stream.of(Arguments.of("c++", "use.cpp", CompilerRun.CPP)));
    }

    private CompilerRun compile(String compiler, String file, List<String> options, String text) throws Exception {
        Path source = Files.writeString(folder.resolve(file), text);
        return CompilerRun.of(compiler, options, headers.includeDirectory(), source);
    }

    @ParameterizedTest
    @MethodSource("everyCompiler")
    void everyKindOfDefinitionCompiles(String compiler, String file, List<String> options) throws Exception {
        compile(compiler, file, options, DEFINITIONS).assertAccepted();
    }

    @Test
    void everyKindOfDefinitionMakesAnExtension() throws Exception {
        Path source = Files.writeString(folder.resolve("macros.c"), DEFINITIONS);

        assertThat(headers.compile("macros", List.of(source), folder, CompilerRun.C))
                .isRegularFile();
    }

    @ParameterizedTest
    @MethodSource("everyCompiler")
    void everySlotTakesAFunctionOfItsSignature(String compiler, String file, List<String> options) throws Exception {
        List<String> slots = Pattern.compile("    HPy_([a-z]+_\\w+) = \\d+,")
                .matcher(Files.readString(Path.of("hpy/slot.h")))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(slots).hasSize(61);
        String text = slots.stream()
                .map(slot ->
                        "HPyDef_SLOT(d_%1$s, HPy_%1$s)\nstatic PROTO(HPySlot_SIG(HPy_%1$s), d_%1$s_impl) { abort(); }\n"
                                .formatted(slot))
                .collect(Collectors.joining());

        compile(compiler, file, options, """
                        #include <hpy.h>
                        #pragma GCC diagnostic ignored "-Wunused-parameter"
                        #define PROTO(SIG, F) PROTO2(SIG, F)
                        #define PROTO2(SIG, F) _HPyFunc_PROTO_##SIG(F)
                        extern _HPy_HIDDEN HPyContext *_ctx_for_trampolines;
                        """ + text).assertAccepted();
    }

    @Test
    void aSlotRefusesAFunctionOfAnotherSignature() throws Exception {
        compile("gcc", "wrong.c", CompilerRun.C, """
                        #include <hpy.h>
                        HPyDef_SLOT(length, HPy_sq_length)
                        static HPy length_impl(HPyContext *ctx, HPy self) { return HPy_Dup(ctx, self); }
                        """).assertRefused("conflicting types for 'length_impl'");
    }

    @ParameterizedTest
    @MethodSource("everyCompiler")
    void anEmbeddableModuleCompiles(String compiler, String file, List<String> options) throws Exception {
        compile(compiler, file, options, EMBEDDED).assertAccepted();
    }

    @Test
    void twoEmbeddedModulesShareOneBinary() throws Exception {
        Path first = Files.writeString(folder.resolve("first.c"), EMBEDDED);
        Path second = Files.writeString(
                folder.resolve("second.c"),
                EMBEDDED.replace("first", "second")
                        .replace("(f,", "(g,")
                        .replace("&f,", "&g,")
                        .replace("f_impl", "g_impl"));

        assertThat(headers.compile("first", List.of(first, second), folder, CompilerRun.C))
                .isRegularFile();
    }

    @Test
    void otherAbisAreRefused() throws Exception {
        for (String abi : List.of("HPY_ABI_CPYTHON", "HPY_ABI_HYBRID")) {
            compile("gcc", "abi.c", CompilerRun.C, "#define " + abi + "\n#include <hpy.h>\n")
                    .assertRefused("is not supported, compile with -DHPY_ABI_UNIVERSAL");
        }
        compile(
                        "gcc",
                        "cpython.c",
                        List.of(
                                "-I",
                                headers.includeDirectory()
                                        .resolve("hpy/forbid_python_h")
                                        .toString()),
                        "#include <Python.h>\n")
                .assertRefused("It is forbidden to #include <Python.h>");
    }

    @Test
    void eachHeaderCanBeIncludedAlone() throws Exception {
        List<String> names;
        try (var files = Files.walk(headers.includeDirectory().resolve("hpy"))) {
            names = files.filter(file -> file.toString().endsWith(".h"))
                    .map(file -> headers.includeDirectory().relativize(file).toString())
                    .filter(name -> !name.contains("autogen") && !name.contains("forbid_python_h"))
                    .sorted()
                    .toList();
        }
        assertThat(names).hasSizeGreaterThan(20);
        for (String name : names) {
            compile("gcc", "alone.c", CompilerRun.C, "#include <%s>\n#include <hpy.h>\n".formatted(name))
                    .assertAccepted();
        }
    }
}
