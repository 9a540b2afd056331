package org.hpyve.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.python.core.Py;
import org.python.core.PySystemState;

/** HPy_FatalError ends the process: it is called in a JVM of its own. */
class FatalErrorTest {

    @RegisterExtension
    final ContextExtension python = new ContextExtension();

    /** Loads the extension that it is given and calls its function. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) {
            PySystemState.initialize();
            InterpreterContext context = new InterpreterContext("child", Py.getSystemState(), false);
            context.modules().load("m", Path.of(args[0]), Py.None).invoke(args[1]);
        }
    }

    private String outputOf(String function) throws IOException, InterruptedException {
        Path extension = python.compiled("""
                HPyDef_METH(fatal, "fatal", HPyFunc_NOARGS)
                static HPy fatal_impl(HPyContext *ctx, HPy self)
                {
                    HPy_FatalError(ctx, "the end is near");
                    return HPy_NULL;
                }
                HPyDef_METH(silent, "silent", HPyFunc_NOARGS)
                static HPy silent_impl(HPyContext *ctx, HPy self)
                {
                    HPy_FatalError(ctx, NULL);
                    return HPy_NULL;
                }
                static HPyDef *module_defines[] = {&fatal, &silent, NULL};
                static HPyModuleDef module_def = {.defines = module_defines};
                HPy_MODINIT(m, module_def)
                """);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+SuppressFatalErrorMessage",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Program.class.getName(),
                        extension.toString(),
                        function)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // By the signal SIGABRT.
        assertThat(process.waitFor()).as(output).isEqualTo(128 + 6);
        return output;
    }

    @Test
    void aFatalErrorEndsTheProcessWithItsMessage() throws IOException, InterruptedException {
        assertThat(outputOf("fatal"))
                .contains("Fatal Python error: HPy Universal ABI (Hpyve: child): the end is near\n");
        assertThat(outputOf("silent")).contains("(Hpyve: child): <message not set>\n");
    }
}
