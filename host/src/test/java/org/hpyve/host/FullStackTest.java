package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recursion that does not end is a {@code RuntimeError} wherever the stack is full, and the interpreter goes on. */
class FullStackTest {

    @RegisterExtension
    final HostFixture files = new HostFixture();

    @ParameterizedTest
    @EnumSource
    void endlessRecursionIsARuntimeErrorAndImportsNothing(Isolation isolation) throws Exception {
        files.build("deep", """
                HPyDef_METH(call, "call", HPyFunc_O)
                static HPy call_impl(HPyContext *ctx, HPy self, HPy function)
                {
                    return HPy_Call(ctx, function, NULL, 0, HPy_NULL);
                }
                static HPyDef *defines[] = {&call, NULL};
                static HPyModuleDef def = {.defines = defines};
                HPy_MODINIT(deep, def)
                """);
        try (InterpreterHost host = InterpreterHost.builder()
                .searchPath(files.folder())
                .isolation(isolation)
                .build()) {
            Interpreter python = host.newInterpreter();
            python.exec("""
                    import deep, sys
                    def through_c():
                        return deep.call(through_c)
                    def in_python(*args):
                        return in_python(*args)
                    class Deep(object):
                        def __getattr__(self, name):
                            return getattr(self, name)
                        def __repr__(self):
                            return repr([self])
                    """);

            for (String endless :
                    new String[] {"through_c()", "in_python()", "in_python(1, 2, 3)", "Deep().it", "repr(Deep())"}) {
                for (int i = 0; i < 5; i++) {
                    assertThatThrownBy(() -> python.eval(endless))
                            .isInstanceOf(PythonException.class)
                            .hasMessageStartingWith("RuntimeError: maximum recursion depth exceeded");
                }
            }
            assertThat(python.eval("'warnings' in sys.modules")).isEqualTo(false);
            assertThat(python.eval("deep.call(int)")).isEqualTo(0);
        }
    }
}
