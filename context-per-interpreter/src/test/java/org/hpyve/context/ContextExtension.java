package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hpyve.bridge.NativeContext;
import org.hpyve.include.ExtensionCompiler;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.python.core.CompileMode;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PyStringMap;
import org.python.core.PySystemState;

/**
 * An interpreter's context for each test, on the test's own thread; after the test it must have left no handle and no
 * native byte behind.
 */
public final class ContextExtension implements BeforeEachCallback, AfterEachCallback {

    private static final List<String> OPTIONS =
            List.of("-O0", "-g0", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter");

    private static final ExtensionCompiler COMPILER = newCompiler();

    /** Extensions by name and source: many tests of a class load the same one. */
    private static final Map<String, Path> COMPILED = new ConcurrentHashMap<>();

    private final boolean strictText;
    private PySystemState outer;
    private PySystemState system;
    private InterpreterContext context;
    private PyStringMap globals;

    public ContextExtension() {
        this(false);
    }

    public ContextExtension(boolean strictText) {
        this.strictText = strictText;
    }

    /** The compiler of all tests; what is made below its folder is deleted at the end. */
    static ExtensionCompiler compiler() {
        return COMPILER;
    }

    private static ExtensionCompiler newCompiler() {
        try {
            PySystemState.initialize();
            ExtensionCompiler compiler = new ExtensionCompiler();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(compiler)));
            return compiler;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ExtensionCompiler compiler) {
        try {
            compiler.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        outer = Py.getSystemState();
        system = new PySystemState();
        enter();
        context = new InterpreterContext(test.getDisplayName(), system, strictText);
        globals = new PyStringMap();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        enter();
        globals.clear();
        context.close();
        Py.setSystemState(outer);
        assertThat(context.leaks())
                .as("handles, builders and native bytes left by the test")
                .isEqualTo(new NativeContext.Leaks(0, 0, 0));
    }

    /** Makes this interpreter the thread's current one, where a test has several. */
    public void enter() {
        Py.setSystemState(system);
    }

    public InterpreterContext context() {
        return context;
    }

    /** Compiles and loads a module named {@code m}, which Python code then knows as {@code m}. */
    public PyObject load(String source) {
        return load("m", source);
    }

    /** Compiles and loads a module; warnings are errors. */
    public PyObject load(String name, String source) {
        Path extension = compiled(name, source);
        PyObject module = context.modules().load(name, extension, Py.None);
        globals.__setitem__(name, module);
        return module;
    }

    /** The file of a module named {@code m}, compiled but not loaded. */
    public Path compiled(String source) {
        return compiled("m", source);
    }

    private static Path compiled(String name, String source) {
        return COMPILED.computeIfAbsent(name + "\n" + source, key -> compile(name, source));
    }

    private static Path compile(String name, String source) {
        try {
            Path folder = Files.createTempDirectory(COMPILER.includeDirectory(), "test-");
            Path file = folder.resolve(name + ".c");
            Files.writeString(file, "#include <hpy.h>\n" + source);
            return COMPILER.compile(name, List.of(file), folder, OPTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Loads a module {@code m} out of functions only: each C function {@code f_impl} of one of the four method
     * signatures is given as {@code f:NOARGS}, {@code f:O}, {@code f:VARARGS} or {@code f:KEYWORDS}; {@code f:EXEC} runs when
     * the module is loaded.
     */
    public PyObject loadFunctions(String functions, String source) {
        StringBuilder text = new StringBuilder();
        StringBuilder defines = new StringBuilder();
        for (String function : functions.trim().split("\\s+")) {
            String[] parts = function.split(":");
            text.append((parts[1].equals("EXEC")
                            ? "HPyDef_SLOT(%1$s, HPy_mod_exec)\n"
                            : "HPyDef_METH(%1$s, \"%1$s\", HPyFunc_%2$s)\n")
                    .formatted(parts[0], parts[1]));
            defines.append("&").append(parts[0]).append(", ");
        }
        text.append(source);
        text.append("""

                static HPyDef *module_defines[] = {%s NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """.formatted(defines));
        return load(text.toString());
    }

    /** What {@link #loadTypes} puts before the source. */
    private static final String TYPES = """
            #include <stddef.h>
            /* The specification of a type with a struct of the same name; the definitions end with NULL. */
            #define SPEC(TYPE, FLAGS, ...)                                                                  \\
                static HPyDef *TYPE##_defines[] = {__VA_ARGS__};                                            \\
                static HPyType_Spec TYPE##_spec = {                                                         \\
                    .name = "m." #TYPE, .basicsize = sizeof(TYPE), .builtin_shape = SHAPE(TYPE),            \\
                    .flags = HPy_TPFLAGS_DEFAULT | (FLAGS), .defines = TYPE##_defines};

            static inline bool add_type(HPyContext *ctx, HPy module, const char *name, HPyType_Spec *spec, HPy base)
            {
                HPyType_SpecParam params[] = {{HPyType_SpecParam_Base, base}, {0, HPy_NULL}};
                return HPyHelpers_AddType(ctx, module, name, spec, HPy_IsNull(base) ? NULL : params);
            }
            static inline bool add_derived(
                HPyContext *ctx, HPy module, const char *name, HPyType_Spec *spec, const char *base_name)
            {
                HPy base = HPy_GetAttr_s(ctx, module, base_name);
                bool added = !HPy_IsNull(base) && add_type(ctx, module, name, spec, base);
                HPy_Close(ctx, base);
                return added;
            }
            """;

    /**
     * Loads a module {@code m} of types and functions; Python code knows the types by their names, too. Each type {@code T} is made from the C variable {@code T_spec}:
     * {@code T} with no base, {@code T:h_LongType} with one of the context's types, {@code T:B} with an earlier type.
     * Functions are as in {@link #loadFunctions}.
     */
    public PyObject loadTypes(String types, String functions, String source) {
        StringBuilder adds = new StringBuilder();
        for (String type : types.split("\\s+")) {
            String[] parts = type.split(":");
            boolean derived = parts.length > 1 && !parts[1].startsWith("h_");
            String base = parts.length == 1 ? "HPy_NULL" : derived ? '"' + parts[1] + '"' : "ctx->" + parts[1];
            adds.append("&& %s(ctx, module, \"%2$s\", &%2$s_spec, %3$s)\n"
                    .formatted(derived ? "add_derived" : "add_type", parts[0], base));
        }
        PyObject module = loadFunctions("make_types:EXEC " + functions, TYPES + source + """

                        static int make_types_impl(HPyContext *ctx, HPy module)
                        {
                            return true %s ? 0 : -1;
                        }
                        """.formatted(adds));
        for (String type : types.split("\\s+")) {
            String name = type.split(":")[0];
            globals.__setitem__(name, module.__getattr__(name));
        }
        return module;
    }

    /** Runs Python statements. */
    public void exec(String source) {
        Py.runCode(Py.compile_flags(source, "<test>", CompileMode.exec, Py.getCompilerFlags()), globals, globals);
    }

    /** The value of a Python expression. */
    public PyObject eval(String expression) {
        return Py.runCode(
                Py.compile_flags(expression, "<test>", CompileMode.eval, Py.getCompilerFlags()), globals, globals);
    }

    /** The repr of the value of a Python expression. */
    public String repr(String expression) {
        return eval(expression).__repr__().toString();
    }

    /** The exception that a Python expression raises, as {@code Type: message}. */
    public String raised(String expression) {
        try {
            eval(expression);
        } catch (PyException e) {
            e.normalize();
            return Py.formatException(e.type, e.value);
        }
        throw new AssertionError(expression + " raised nothing");
    }
}
