package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images that serve several interpreters at once, each on its own thread. */
class SharedImageTest {

    private static final String MODULE = """
            #include <stdatomic.h>
            static atomic_int calls;
            static _Thread_local int own_calls;
            static HPyGlobal kept;
            HPyDef_METH(count, "count", HPyFunc_O)
            static HPy count_impl(HPyContext *ctx, HPy self, HPy name)
            {
                HPyGlobal_Store(ctx, &kept, name);
                return HPy_BuildValue(ctx, "(ii)", atomic_fetch_add(&calls, 1) + 1, ++own_calls);
            }
            HPyDef_METH(name, "name", HPyFunc_NOARGS)
            static HPy name_impl(HPyContext *ctx, HPy self) { return HPyGlobal_Load(ctx, kept); }
            static HPyDef *defines[] = {&count, &name, NULL};
            static HPyGlobal *globals[] = {&kept, NULL};
            static HPyModuleDef def = {.defines = defines, .globals = globals};
            HPy_MODINIT(shared, def)
            """;

    @RegisterExtension
    final HostFixture python = new HostFixture();

    private InterpreterHost.Builder builder() throws Exception {
        python.write("package/__init__.py", "");
        python.build("package/shared", MODULE);
        return InterpreterHost.builder().searchPath(python.folder());
    }

    /** In each of several interpreters at once, the counts of the last call. */
    private static List<List<?>> counts(InterpreterHost host, int interpreters, int calls) {
        List<CompletableFuture<List<?>>> results = new ArrayList<>();
        for (int i = 0; i < interpreters; i++) {
            results.add(host.newInterpreter().submit(self -> {
                self.exec("from package import shared\n"
                        + "for i in range(" + calls + "): counts = shared.count("
                        + self.name().hashCode() + ")\n"
                        + "assert shared.name() == " + self.name().hashCode());
                return (List<?>) self.eval("list(counts)");
            }));
        }
        List<List<?>> counts = new ArrayList<>();
        results.forEach(result -> counts.add(result.join()));
        return counts;
    }

    @Test
    void oneImageServesInterpretersOnManyThreads() throws Exception {
        try (InterpreterHost host = builder().shareImage("package.shared").build()) {
            List<List<?>> counts = counts(host, 8, 500);

            assertThat(counts)
                    .anySatisfy(each -> assertThat(each.get(0).toString()).isEqualTo("4000"));
            assertThat(counts)
                    .allSatisfy(each -> assertThat(each.get(1).toString()).isEqualTo("500"));
            closeAll(host);
        }
        try (InterpreterHost host = builder().shareImage("package.shared").build()) {
            assertThat(counts(host, 1, 1).get(0).get(0).toString())
                    .as("a new image when the last user has gone")
                    .isEqualTo("1");
        }
    }

    @Test
    void otherNamesAndHostsHavePrivateImages() throws Exception {
        for (InterpreterHost.Builder builder : List.of(
                builder(),
                builder().shareImage("shared"),
                builder().shareImage("package.shared").privateImage("package.shared"))) {
            try (InterpreterHost host = builder.build()) {
                assertThat(counts(host, 3, 10))
                        .allSatisfy(each -> assertThat(each.get(0).toString()).isEqualTo("10"));
            }
        }
    }

    private static void closeAll(InterpreterHost host) {
        for (Interpreter interpreter : host.interpreters()) {
            interpreter.close();
            assertThat(interpreter.closeReport().clean()).isTrue();
        }
    }
}
