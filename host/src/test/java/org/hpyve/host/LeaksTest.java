package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.host.CloseReport.OpenHandles;
import org.hpyve.scheduler.TaskTimeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who leaves handles open: while an interpreter lives, at its close, and in recordings. */
class LeaksTest {

    private static final String LEAKING = """
            static HPy kept;
            HPyDef_METH(leak, "leak", HPyFunc_O)
            static HPy leak_impl(HPyContext *ctx, HPy self, HPy count)
            {
                for (long left = HPyLong_AsLong(ctx, count); left > 0; left--)
                    HPyList_New(ctx, 0);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(keep, "keep", HPyFunc_O)
            static HPy keep_impl(HPyContext *ctx, HPy self, HPy arg)
            {
                kept = HPy_Dup(ctx, arg);
                return HPy_Dup(ctx, ctx->h_None);
            }
            HPyDef_METH(drop, "drop", HPyFunc_NOARGS)
            static HPy drop_impl(HPyContext *ctx, HPy self)
            {
                HPy_Close(ctx, kept);
                return HPy_Dup(ctx, ctx->h_None);
            }
            static HPyDef *defines[] = {&leak, &keep, &drop, NULL};
            static HPyModuleDef def = {.defines = defines};
            HPy_MODINIT(leaking, def)
            """;

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    /** Not the fixture's, of which nobody may leak. */
    private InterpreterHost host;

    @BeforeEach
    void build() throws Exception {
        fixture.build("pkg/leaking", LEAKING);
        fixture.write("pkg/__init__.py", "");
        fixture.write("app.py", """
                from pkg import leaking

                def work(count):
                    leaking.leak(count)
                """);
    }

    @AfterEach
    void close() {
        if (host != null) {
            host.close();
            assertThat(host.interpreters()).isEmpty();
        }
    }

    private void open(Isolation level, String bridge) {
        host = InterpreterHost.builder()
                .isolation(level)
                .bridge(BridgeMode.parse(bridge))
                .searchPath(fixture.folder())
                .build();
    }

    private String app() {
        return fixture.folder().resolve("app.py").toString();
    }

    @ParameterizedTest
    @CsvSource({"SHARED_RUNTIME, eager", "SHARED_RUNTIME, batched", "OWN_RUNTIME, eager", "OWN_RUNTIME, batched"})
    void theInterpreterThatLeaksTellsTypeModuleFunctionAndLine(Isolation level, String bridge) {
        open(level, bridge);
        List<Interpreter> all = List.of(host.newInterpreter(), host.newInterpreter("leaky"), host.newInterpreter());
        Interpreter leaky = all.get(1);
        all.forEach(python -> python.exec("import app\nfrom pkg import leaking"));
        leaky.exec("app.work(2)");
        all.forEach(python -> {
            assertThat(python.isTracingLeaks()).isFalse();
            python.traceLeaks(true);
            assertThat(python.isTracingLeaks()).isTrue();
            python.exec("app.work(0)\nleaking.keep(set())\nleaking.drop()");
        });

        leaky.exec("for i in range(5): app.work(1)\nleaking.keep({})");

        LeakedHandle lists = new LeakedHandle("list", "pkg.leaking", "pkg.leaking.leak", app(), 4, 5);
        LeakedHandle dict = new LeakedHandle("dict", "pkg.leaking", "pkg.leaking.keep", "<exec>", 2, 1);
        assertThat(leaky.leaks()).containsExactly(lists, dict);
        assertThat(leaky.within(Duration.ofSeconds(60)).liveHandles())
                .as("those of the time before too")
                .containsExactly(new LiveHandles("list", "pkg.leaking", 7), new LiveHandles("dict", "pkg.leaking", 1));
        for (Interpreter other : List.of(all.get(0), all.get(2))) {
            assertThat(other.leaks()).isEmpty();
            assertThat(other.liveHandles()).isEmpty();
        }
        leaky.exec("leaking.drop()");
        assertThat(leaky.leaks()).containsExactly(lists);
        assertThat(leaky.liveHandles()).containsExactly(new LiveHandles("list", "pkg.leaking", 7));

        all.forEach(Interpreter::close);

        assertThat(leaky.closeReport().handles()).containsExactly(new OpenHandles("list", "pkg.leaking", 7));
        assertThat(leaky.closeReport().leaks()).containsExactly(lists);
        assertThat(leaky.closeReport())
                .hasToString("7 open handles of list by pkg.leaking, "
                        + "of these 5 of list left by pkg.leaking.leak() at " + app() + ":4");
        assertThat(all.get(0).closeReport().clean()).isTrue();
        assertThat(all.get(2).closeReport().clean()).isTrue();
        assertThat(leaky.isTracingLeaks()).isFalse();
        assertThatThrownBy(() -> leaky.traceLeaks(true)).isInstanceOf(RejectedExecutionException.class);
    }

    @ParameterizedTest
    @CsvSource({"SHARED_RUNTIME", "OWN_RUNTIME"})
    void itIsSwitchedWhileCodeRuns(Isolation level) throws Exception {
        open(level, "batched");
        Interpreter python = host.newInterpreter();
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch rounds = new CountDownLatch(3);
        Supplier<Boolean> goesOn = () -> {
            rounds.countDown();
            return !stop.get();
        };
        python.set("goes_on", goesOn);
        python.exec("from pkg import leaking");
        CompletableFuture<Object> running = python.submit(self -> {
            self.exec("while goes_on():\n    leaking.leak(1)");
            return null;
        });
        await(rounds);

        for (int i = 0; i < 100; i++) {
            python.traceLeaks(i % 2 == 0);
        }
        python.traceLeaks(true);
        long before = python.stats().handlesOpen();
        while (python.stats().handlesOpen() < before + 10) {
            Thread.onSpinWait();
        }
        stop.set(true);
        running.get();

        assertThat(python.leaks())
                .singleElement()
                .satisfies(leak ->
                        assertThat(leak.count()).isBetween(9L, python.stats().handlesOpen()));
        python.close();
        assertThat(python.closeReport().handleCount()).isEqualTo(python.stats().handlesOpen());
    }

    @Test
    void aBusyInterpreterIsNotWaitedForLongerThanTheDeadline() throws Exception {
        Interpreter python = fixture.newInterpreter();
        CountDownLatch hold = new CountDownLatch(1);
        CompletableFuture<Object> busy = python.submit(self -> {
            await(hold);
            return null;
        });

        assertThatThrownBy(() -> python.within(Duration.ofMillis(20)).liveHandles())
                .isInstanceOf(TaskTimeout.class);
        assertThatThrownBy(() -> python.within(Duration.ofMillis(20)).leaks()).isInstanceOf(TaskTimeout.class);

        python.traceLeaks(true);
        assertThat(python.isTracingLeaks()).as("this does not wait").isTrue();
        hold.countDown();
        busy.get();
        assertThat(python.liveHandles()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"SHARED_RUNTIME", "OWN_RUNTIME"})
    void recordingsTellOfTheBeginningTheLeaksAndTheEnd(Isolation level, @TempDir Path folder) throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            open(level, "batched");
            Interpreter clean = host.newInterpreter("clean");
            Interpreter leaky = host.newInterpreter("leaky");
            leaky.exec("from pkg import leaking\nleaking.leak(3)\nleaking.keep({})\nleaking.keep(None)");
            clean.close();
            leaky.close();
            recording.stop();
            Path file = folder.resolve("recording.jfr");
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file);

            assertThat(named(events, "InterpreterCreated"))
                    .extracting(event -> event.getString("interpreter") + " " + event.getString("isolation") + " "
                            + event.getDuration().isZero())
                    .containsExactlyInAnyOrder("clean " + level + " false", "leaky " + level + " false");
            assertThat(named(events, "Leak"))
                    .extracting(event -> event.getString("interpreter") + ": " + event.getLong("count") + " "
                            + event.getString("type") + " by " + event.getString("module"))
                    .containsExactlyInAnyOrder(
                            "leaky: 3 list by pkg.leaking",
                            "leaky: 1 dict by pkg.leaking",
                            "leaky: 1 NoneType by null");
            assertThat(named(events, "Interpreter"))
                    .extracting(event -> event.getString("interpreter"))
                    .containsExactlyInAnyOrder("clean", "leaky");
        }
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("org.hpyve." + name))
                .toList();
    }
}
