package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hpyve.host.CloseReport.OpenHandles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an interpreter tells of its end. Those that leave something here are not the fixture's, which forbids it. */
class CloseReportTest {

    /** Leaks a handle, a tuple builder, or an instance that keeps native memory in a capsule without destructor. */
    private static final String LEAKING = """
            HPyDef_METH(handle, "handle", HPyFunc_O)
            static HPy handle_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                HPy_Dup(ctx, arg);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(builder, "builder", HPyFunc_NOARGS)
            static HPy builder_impl(HPyContext *ctx, HPy self)
            {
                HPyTupleBuilder_New(ctx, 3);
                return HPy_Dup(ctx, ctx->h_None);
            }
            static HPyDef *defines[] = {&handle, &builder, NULL};
            static HPyModuleDef def = {.defines = defines};
            HPy_MODINIT(leaking, def)
            """;

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    @BeforeEach
    void build() throws Exception {
        fixture.build("pkg/leaking", LEAKING);
        fixture.write("pkg/__init__.py", "");
    }

    @ParameterizedTest
    @EnumSource
    void handlesAreToldByTypeAndModule(Isolation level) {
        try (InterpreterHost host = InterpreterHost.builder()
                .isolation(level)
                .searchPath(fixture.folder())
                .build()) {
            Interpreter python = host.newInterpreter();
            python.exec("from pkg import leaking\nfor i in range(3): leaking.handle([i])\nleaking.handle({})");
            python.exec("class Thing(object): pass\nleaking.handle(Thing())");

            python.close();

            assertThat(python.closeReport().handles())
                    .containsExactlyInAnyOrder(
                            new OpenHandles("list", "pkg.leaking", 3),
                            new OpenHandles("dict", "pkg.leaking", 1),
                            new OpenHandles("Thing", "pkg.leaking", 1));
            assertThat(python.closeReport().handleCount()).isEqualTo(5);
            assertThat(python.closeReport().clean()).isFalse();
            assertThat(python.stats().handlesOpen()).isEqualTo(5);
        }
    }

    @Test
    void buildersAreCountedAndTheirMemoryIsGivenBack() {
        Interpreter python = fixture.host().newInterpreter();
        python.exec("from pkg import leaking\nleaking.builder()");

        python.close();

        assertThat(python.closeReport().builders()).isEqualTo(1);
        assertThat(python.closeReport().handles()).isEmpty();
        assertThat(python.closeReport().clean()).isFalse();
    }

    @Test
    void threadsOfPythonCodeEndWithTheirInterpreter() {
        Interpreter python = fixture.newInterpreter();
        python.exec("""
                import threading, time
                def stubborn():
                    while True:
                        try:
                            while True: pass
                        except: pass
                def asleep():
                    while True: time.sleep(1000)
                lock = threading.Lock()
                lock.acquire()
                threads = [threading.Thread(target=target) for target in (stubborn, asleep, lock.acquire)]
                for thread in threads:
                    thread.daemon = True
                    thread.start()
                """);

        python.close();

        assertThat(python.closeReport().threads()).isEmpty();
    }

    @Test
    void threadsThatGoOnStartingThreadsEndToo() {
        Interpreter python = fixture.newInterpreter();
        python.exec("""
                import threading, time
                def again():
                    while True:
                        try:
                            threading.Thread(target=again).start()
                        except: pass
                        time.sleep(0.05)
                thread = threading.Thread(target=again)
                thread.daemon = True
                thread.start()
                """);

        python.close();

        assertThat(python.closeReport().threads()).isEmpty();
    }

    @Test
    void aThreadThatCannotBeEndedIsNamed() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        Interpreter python = fixture.host().newInterpreter();
        Function<List<Object>, Object> deaf = arguments -> {
            while (hold.getCount() > 0) {
                Thread.onSpinWait();
            }
            return null;
        };
        python.set("deaf", deaf);
        python.exec("import threading\nthread = threading.Thread(target=deaf, name='deaf')\nthread.daemon = True\n"
                + "thread.start()");

        python.close();
        hold.countDown();

        assertThat(python.closeReport().threads()).containsExactly("deaf");
        assertThat(python.closeReport().clean()).isFalse();
    }

    @Test
    void whoLeavesNothingIsClean() {
        Interpreter python = fixture.newInterpreter();
        python.exec("from pkg import leaking");

        python.close();

        assertThat(python.closeReport()).isEqualTo(new CloseReport(List.of(), 0, 0, List.of()));
        assertThat(python.closeReport().clean()).isTrue();
    }

    @Test
    void thereIsNoneBeforeTheEnd() {
        Interpreter python = fixture.newInterpreter("alpha");

        assertThatThrownBy(python::closeReport)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'alpha'");
    }

    @Test
    void manyMayCloseItAtOnceAndAllSeeTheSameReport() {
        Interpreter python = fixture.host().newInterpreter();
        python.exec("from pkg import leaking\nleaking.handle([])");

        List<CompletableFuture<CloseReport>> closers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
                    python.close();
                    return python.closeReport();
                }))
                .limit(8)
                .toList();

        assertThat(closers.stream().map(CompletableFuture::join).distinct())
                .containsExactly(new CloseReport(List.of(new OpenHandles("list", "pkg.leaking", 1)), 0, 0, List.of()));
        python.close();
    }
}
