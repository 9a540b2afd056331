package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hpyve.include.ExtensionCompiler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;

/** Loading of modules: what is accepted, what is refused and why, private images. */
class ModulesTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Many modules in one file: the loader goes by the names of symbols. */
    private static final String SOURCE = """
            #define HPY_MOD(NAME, ...) \\
                static HPyModuleDef NAME##_def = {__VA_ARGS__}; \\
                HPy_MODINIT(NAME, NAME##_def)
            #define EXEC(NAME, BODY) \\
                HPyDef_SLOT(NAME, HPy_mod_exec) \\
                static int NAME##_impl(HPyContext *ctx, HPy module) BODY
            #define CREATE(NAME, BODY) \\
                HPyDef_SLOT(NAME, HPy_mod_create) \\
                static HPy NAME##_impl(HPyContext *ctx, HPy spec) BODY
            #define VERSIONED(NAME, MAJOR, MINOR) \\
                HPy_EXPORTED_FUNC uint32_t get_required_hpy_major_version_##NAME(void); \\
                uint32_t get_required_hpy_major_version_##NAME(void) { return MAJOR; } \\
                HPy_EXPORTED_FUNC uint32_t get_required_hpy_minor_version_##NAME(void); \\
                uint32_t get_required_hpy_minor_version_##NAME(void) { return MINOR; }
            #define INITIALISED(NAME, DEFINITION) \\
                HPy_EXPORTED_FUNC void HPyInitGlobalContext_##NAME(HPyContext *ctx); \\
                void HPyInitGlobalContext_##NAME(HPyContext *ctx) { (void)ctx; } \\
                HPy_EXPORTED_FUNC HPyModuleDef *HPyInit_##NAME(void); \\
                HPyModuleDef *HPyInit_##NAME(void) { return DEFINITION; }

            static int count;
            HPyDef_METH(next, "next", HPyFunc_NOARGS, .doc = "Counts.")
            static HPy next_impl(HPyContext *ctx, HPy self) { return HPyLong_FromInt32_t(ctx, ++count); }
            static HPyDef *counter_defines[] = {&next, NULL};
            HPY_MOD(counter, .doc = "A counter.", .defines = counter_defines)
            HPY_MOD(my_mod_2, .defines = counter_defines)
            HPY_MOD(empty, .doc = NULL)

            EXEC(first, { return HPy_SetAttr(ctx, module, ctx->h_None, ctx->h_None) < 0 ? (HPyErr_Clear(ctx),
                HPy_SetAttr_s(ctx, module, "first", ctx->h_True)) : -1; })
            EXEC(second, { return HPy_HasAttr_s(ctx, module, "first") && HPy_HasAttr_s(ctx, module, "next")
                ? HPy_SetAttr_s(ctx, module, "second", ctx->h_True) : -1; })
            static HPyDef *ordered_defines[] = {&first, &next, &second, NULL};
            HPY_MOD(ordered, .defines = ordered_defines)

            EXEC(fails, { HPyErr_SetString(ctx, ctx->h_KeyError, "from exec"); (void)module; return -1; })
            static HPyDef *failing_defines[] = {&fails, &first, NULL};
            HPY_MOD(failing, .defines = failing_defines)
            EXEC(silent, { (void)ctx; (void)module; return -1; })
            static HPyDef *silent_defines[] = {&silent, NULL};
            HPY_MOD(silently_failing, .defines = silent_defines)
            EXEC(noisy, { HPyErr_SetString(ctx, ctx->h_KeyError, "and yet"); (void)module; return 0; })
            static HPyDef *noisy_defines[] = {&noisy, NULL};
            HPY_MOD(noisily_succeeding, .defines = noisy_defines)

            CREATE(by_spec, { return HPyTuple_Pack(ctx, 2, spec, ctx->h_True); })
            static HPyDef *created_defines[] = {&by_spec, NULL};
            HPY_MOD(created, .defines = created_defines)
            CREATE(as_module, { return HPy_Dup(ctx, spec); })
            static HPyDef *module_defines[] = {&as_module, NULL};
            HPY_MOD(created_module, .defines = module_defines)
            CREATE(raising, { (void)spec; return HPyErr_SetString(ctx, ctx->h_KeyError, "from create"); })
            static HPyDef *raising_defines[] = {&raising, NULL};
            HPY_MOD(create_raises, .defines = raising_defines)
            CREATE(nothing, { (void)ctx; (void)spec; return HPy_NULL; })
            static HPyDef *nothing_defines[] = {&nothing, NULL};
            HPY_MOD(create_null, .defines = nothing_defines)
            HPY_MOD(create_doc, .doc = "x", .defines = created_defines)
            static HPyDef *create_method_defines[] = {&by_spec, &next, NULL};
            HPY_MOD(create_method, .defines = create_method_defines)
            static HPyDef *create_exec_defines[] = {&first, &by_spec, NULL};
            HPY_MOD(create_exec, .defines = create_exec_defines)
            static HPyGlobal global;
            static HPyGlobal *globals[] = {&global, NULL};
            HPY_MOD(create_globals, .defines = created_defines, .globals = globals)
            static HPyDef *create_twice_defines[] = {&by_spec, &raising, NULL};
            HPY_MOD(create_twice, .defines = create_twice_defines)

            HPY_MOD(sized, .size = 8)
            HPY_MOD(negative, .size = -1)
            static int legacy;
            HPY_MOD(old, .legacy_methods = (cpy_PyMethodDef *)&legacy)
            static HPy unary_impl(HPyContext *ctx, HPy self) { (void)ctx; return self; }
            static HPyDef unary = {.kind = HPyDef_Kind_Meth, .meth = {
                .name = "unary", .impl = (HPyCFunction)(void (*)(void))unary_impl, .signature = HPyFunc_UNARYFUNC}};
            static HPyDef *unary_defines[] = {&unary, NULL};
            HPY_MOD(unsupported, .defines = unary_defines)
            HPyDef_SLOT(repr, HPy_tp_repr)
            static HPy repr_impl(HPyContext *ctx, HPy self) { return HPy_Dup(ctx, self); }
            static HPyDef *repr_defines[] = {&repr, NULL};
            HPY_MOD(type_slot, .defines = repr_defines)

            VERSIONED(major_one, 1, 0)
            INITIALISED(major_one, NULL)
            VERSIONED(minor_one, 0, 1)
            INITIALISED(minor_one, NULL)
            VERSIONED(no_init, 0, 0)
            VERSIONED(null_init, 0, 0)
            INITIALISED(null_init, NULL)
            """;

    private static Path extension;

    @TempDir
    static Path folder;

    @TempDir
    Path place;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("many.c"), "#include <hpy.h>\n" + SOURCE);
        try (ExtensionCompiler compiler = new ExtensionCompiler()) {
            extension = compiler.compile(
                    "many", List.of(source), folder, List.of("-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"));
        }
    }

    private PyObject load(String name) {
        return load(name, extension);
    }

    private PyObject load(String name, Path file) {
        return python.context().modules().load(name, file, Py.None);
    }

    private String refused(String name, Path file) {
        try {
            load(name, file);
        } catch (PyException e) {
            e.normalize();
            return Py.formatException(e.type, e.value);
        }
        throw new AssertionError(name + " was loaded");
    }

    private String refused(String name) {
        return refused(name, extension);
    }

    /** The file under another name. */
    private Path renamed(String name) throws IOException {
        return Files.copy(extension, place.resolve(name));
    }

    private static String text(PyObject object, String attribute) {
        return object.__getattr__(attribute).__repr__().toString();
    }

    @Test
    void aModuleHasNameDocFileAndFunctions() {
        PyObject module = load("counter");

        assertThat(text(module, "__name__")).isEqualTo("'counter'");
        assertThat(text(module, "__doc__")).isEqualTo("'A counter.'");
        assertThat(module.__getattr__("__file__").toString()).isEqualTo(extension.toString());
        assertThat(text(module.__getattr__("next"), "__doc__")).isEqualTo("'Counts.'");
        assertThat(text(module.__getattr__("next"), "__module__")).isEqualTo("'counter'");
        assertThat(text(load("empty"), "__doc__")).isEqualTo("None");
        assertThat(python.eval("__import__('sys').modules").invoke("keys").__contains__(Py.newString("counter")))
                .isFalse();
    }

    @Test
    void theLastPartOfADottedOrDashedNameIsTheSymbol() {
        assertThat(text(load("a.b.counter"), "__name__")).isEqualTo("'a.b.counter'");
        assertThat(text(load("pkg.my-mod-2"), "__name__")).isEqualTo("'pkg.my-mod-2'");
        assertThat(load("my_mod_2").invoke("next").asInt()).isEqualTo(1);
        for (String name : new String[] {"", "a.", "no good", "caf\u00e9", "x;y"}) {
            assertThat(refused(name)).startsWith("ImportError: ").contains("'" + name + "'");
        }
    }

    @Test
    void missingSymbolsAreNamed() {
        assertThat(refused("other"))
                .startsWith("RuntimeError: HPy extension module 'other' at path '" + extension + "' ")
                .contains("get_required_hpy_major_version_other");
        assertThat(refused("no_init")).startsWith("RuntimeError: ").contains("no_init", "no symbol");
    }

    @Test
    void otherVersionsOfTheAbiAreRefused() {
        assertThat(refused("major_one"))
                .startsWith("RuntimeError: ")
                .contains("'major_one'", "Requested version: 1.0.", "Current HPy version: 0.0.");
        assertThat(refused("minor_one"))
                .startsWith("RuntimeError: ")
                .contains("'minor_one'", "Requested version: 0.1.", "Current HPy version: 0.0.");
    }

    @Test
    void theFileNameMustCarryTheTagOfTheAbi() throws IOException {
        assertThat(refused("counter", renamed("counter.so")))
                .startsWith("RuntimeError: ")
                .contains("could not find HPy ABI tag");
        assertThat(refused("counter", renamed("counter.hpy1.so")))
                .startsWith("RuntimeError: ")
                .contains("tag parsed from filename: 1. Requested version: 0.0.");
        assertThat(refused("counter", renamed("counter.hpy0-cp311.so")))
                .startsWith("RuntimeError: ")
                .contains("hybrid binary");
        assertThat(refused("counter", renamed("counter.hpy.so")))
                .startsWith("RuntimeError: ")
                .contains("could not find HPy ABI tag");
        assertThat(load("counter", renamed("anything.hpy0.so")).invoke("next").asInt())
                .isEqualTo(1);
    }

    @Test
    void filesThatAreNoSharedLibrariesAreRefused() throws IOException {
        Path text = Files.writeString(place.resolve("text.hpy0.so"), "no library");
        Path empty = Files.writeString(place.resolve("empty.hpy0.so"), "");
        byte[] whole = Files.readAllBytes(extension);
        Path cut = Files.write(place.resolve("cut.hpy0.so"), Arrays.copyOf(whole, 40));
        Path halved = Files.write(place.resolve("halved.hpy0.so"), Arrays.copyOf(whole, 4000));

        for (Path file : new Path[] {text, empty, cut, halved, place, place.resolve("absent.hpy0.so")}) {
            assertThat(refused("counter", file))
                    .startsWith("RuntimeError: HPy extension module 'counter' at path '" + file + "' cannot be opened");
        }
    }

    @Test
    void aDefinitionThatCannotBeIsRefused() {
        assertThat(refused("null_init")).startsWith("RuntimeError: ").contains("HPyInit_null_init() returned NULL");
        assertThat(refused("sized")).startsWith("SystemError: ").contains("'sized'", "HPyModuleDef.size = 0");
        assertThat(refused("negative")).startsWith("SystemError: ").contains("'negative'", "HPyModuleDef.size < 0");
        assertThat(refused("old")).startsWith("RuntimeError: ").contains("'old'", "legacy methods");
        assertThat(refused("unsupported")).isEqualTo("ValueError: Unsupported HPyMeth signature");
        assertThat(refused("type_slot")).startsWith("SystemError: ").contains("'type_slot'", "slot 66");
    }

    @Test
    void execSlotsRunInOrderAfterTheFunctionsAreThere() {
        PyObject module = load("ordered");

        assertThat(text(module, "first")).isEqualTo("True");
        assertThat(text(module, "second")).isEqualTo("True");
    }

    @Test
    void anExecSlotThatFailsEndsTheLoading() {
        String interpreter = "SystemError: interpreter '" + python.context().name() + "': ";

        assertThat(refused("failing")).isEqualTo("KeyError: 'from exec'");
        assertThat(refused("silently_failing"))
                .isEqualTo(
                        interpreter + "silently_failing.HPy_mod_exec() returned an error without setting an exception");
        assertThat(refused("noisily_succeeding"))
                .isEqualTo(interpreter + "noisily_succeeding.HPy_mod_exec() returned a result with an exception set:"
                        + " KeyError: 'and yet'");
    }

    @Test
    void aCreateSlotIsGivenTheSpecAndMakesTheModule() {
        PyObject spec = python.eval("object()");
        PyObject module = python.context().modules().load("created", extension, spec);

        assertThat(module.__getitem__(0)).isSameAs(spec);
        assertThat(module.__getitem__(1)).isSameAs(Py.True);
        assertThat(refused("create_raises")).isEqualTo("KeyError: 'from create'");
        assertThat(refused("create_null"))
                .startsWith("SystemError: ")
                .contains("create_null.HPy_mod_create() returned NULL without setting an exception");
    }

    @Test
    void aCreateSlotExcludesEverythingElse() {
        for (String other : new String[] {"doc", "method", "exec", "globals"}) {
            assertThat(refused("create_" + other))
                    .startsWith("SystemError: ")
                    .contains("HPy_mod_create slot and other");
        }
        assertThat(refused("create_twice")).startsWith("SystemError: ").contains("multiple definitions");
        PyObject builtin = load("empty");
        assertThatThrownBy(() -> python.context().modules().load("created_module", extension, builtin))
                .isInstanceOfSatisfying(
                        PyException.class,
                        e -> assertThat(Py.formatException(e.type, e.value))
                                .startsWith("SystemError: ")
                                .contains("returned a builtin module"));
    }

    @Test
    void everyLoadHasAnImageOfItsOwn() {
        PyObject here = load("counter");
        PyObject again = load("counter");
        InterpreterContext other = new InterpreterContext("other", Py.getSystemState(), false);
        try {
            PyObject there = other.modules().load("counter", extension, Py.None);

            for (int i = 1; i <= 3; i++) {
                assertThat(here.invoke("next").asInt()).isEqualTo(i);
            }
            assertThat(again.invoke("next").asInt()).isEqualTo(1);
            assertThat(there.invoke("next").asInt()).isEqualTo(1);
            assertThat(here.invoke("next").asInt()).isEqualTo(4);
        } finally {
            other.close();
        }
        assertThat(here.invoke("next").asInt()).isEqualTo(5);
        assertThat(other.leaks().none()).isTrue();
    }

    @Test
    void manyImagesOfOneFileAreOpenAtOnce() {
        List<PyObject> modules = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            modules.add(load("counter"));
        }

        for (PyObject module : modules) {
            assertThat(module.invoke("next").asInt()).isEqualTo(1);
        }
    }
}
