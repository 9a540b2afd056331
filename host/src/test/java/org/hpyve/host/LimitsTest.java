package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.hpyve.bridge.BridgeMode;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An interpreter that has as much of something as it may gets an exception, and goes on. */
class LimitsTest {

    @RegisterExtension
    final HostFixture files = new HostFixture();

    @ParameterizedTest
    @CsvSource({"SHARED_RUNTIME, eager", "SHARED_RUNTIME, batched", "OWN_RUNTIME, batched"})
    void handlesThatAnExtensionLeaksAreLimited(Isolation isolation, String bridge) throws Exception {
        files.build("leaky", """
                static HPy kept[1000];
                static long count;
                HPyDef_METH(leak, "leak", HPyFunc_NOARGS)
                static HPy leak_impl(HPyContext *ctx, HPy self)
                {
                    while (count < 1000) {
                        HPy made = HPyUnicode_FromString(ctx, count % 2 ? "some text" : "other text");
                        if (HPy_IsNull(made))
                            return HPy_NULL;
                        kept[count++] = made;
                    }
                    return HPy_Dup(ctx, ctx->h_None);
                }
                HPyDef_METH(drop, "drop", HPyFunc_NOARGS)
                static HPy drop_impl(HPyContext *ctx, HPy self)
                {
                    while (count > 0)
                        HPy_Close(ctx, kept[--count]);
                    return HPy_Dup(ctx, ctx->h_None);
                }
                static HPyDef *defines[] = {&leak, &drop, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(leaky, def)
                """);
        try (InterpreterHost host = InterpreterHost.builder()
                .searchPath(files.folder())
                .isolation(isolation)
                .bridge(BridgeMode.parse(bridge))
                .limits(Limits.NONE.withOpenHandles(500))
                .build()) {
            Interpreter python = host.newInterpreter("small");
            python.exec("import leaky, hpyve");

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> python.exec("leaky.leak()"))
                        .isInstanceOfSatisfying(
                                PythonException.class,
                                e -> assertThat(e.typeName()).isEqualTo("LimitExceeded"))
                        .hasMessageContaining("interpreter 'small': more than 500 open handles (call of leaky.leak)");
                assertThat(python.stats().handlesOpen()).isBetween(490L, 500L);
                python.exec("leaky.drop()");
                assertThat(python.stats().handlesOpen()).isZero();
            }
            python.exec("""
                    try:
                        leaky.leak()
                    except hpyve.LimitExceeded as e:
                        assert isinstance(e, MemoryError)
                    leaky.drop()
                    """);
        }
    }

    @ParameterizedTest
    @CsvSource({"SHARED_RUNTIME", "OWN_RUNTIME"})
    void nativeMemoryIsLimited(Isolation isolation) throws Exception {
        files.build("big", """
                typedef struct { char bytes[1 << 20]; } Big;
                static HPyType_Spec Big_spec = {
                    .name = "big.Big", .basicsize = sizeof(Big), .flags = HPy_TPFLAGS_DEFAULT};
                HPyDef_SLOT(exec, HPy_mod_exec)
                static int exec_impl(HPyContext *ctx, HPy module)
                {
                    return HPyHelpers_AddType(ctx, module, "Big", &Big_spec, NULL) ? 0 : -1;
                }
                static HPyDef *defines[] = {&exec, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(big, def)
                """);
        try (InterpreterHost host = InterpreterHost.builder()
                .searchPath(files.folder())
                .isolation(isolation)
                .limits(Limits.NONE.withNativeBytes(10 << 20))
                .build()) {
            Interpreter python = host.newInterpreter();
            python.exec("import big\nheld = []");

            assertThatThrownBy(() -> python.exec("while True: held.append(big.Big())"))
                    .isInstanceOfSatisfying(
                            PythonException.class, e -> assertThat(e.typeName()).isEqualTo("LimitExceeded"))
                    .hasMessageContaining("more than 10485760 bytes of native memory");
            assertThat(python.eval("len(held)")).isEqualTo(9);
            python.exec("del held[:]\nfor i in range(50): big.Big()");
        }
    }
}
