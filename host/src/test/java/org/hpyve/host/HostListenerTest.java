package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.hpyve.scheduler.Stuck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a host tells of its interpreters, their slots, and their counts. */
class HostListenerTest {

    @RegisterExtension
    final HostFixture fixture = new HostFixture();

    /** Writes down what it is told. */
    private static final class Recorder implements HostListener {

        private final List<String> events = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void created(Interpreter interpreter) {
            events.add("created " + interpreter.name());
        }

        @Override
        public void extensionLoading(Interpreter interpreter, String module) {
            events.add("loading " + interpreter.name() + " " + module);
        }

        @Override
        public void leaked(Interpreter interpreter, long handles) {
            events.add("leaked " + interpreter.name() + " " + handles);
        }

        @Override
        public void closed(Interpreter interpreter, CloseReport report) {
            assertThat(interpreter.closeReport()).isSameAs(report);
            events.add("closed " + interpreter.name());
        }

        @Override
        public void abandoned(Interpreter interpreter, Stuck reason) {
            events.add("abandoned " + interpreter.name());
        }
    }

    @Test
    void nothingIsToldOfAnInterpreterBeforeItsCreationOrAfterItsEnd() {
        Recorder recorder = new Recorder();
        HostEvents events = new HostEvents();
        events.add(recorder);
        Interpreter python = fixture.newInterpreter("a");
        events.extensionLoading(python, "early");
        events.begin(python);
        events.extensionLoading(python, "m");
        events.created(python);
        assertThat(recorder.events).containsExactly("created a", "loading a m");
        python.close();
        events.ended(python, python.closeReport());
        events.extensionLoading(python, "late");
        assertThat(recorder.events).containsExactly("created a", "loading a m", "closed a");
    }

    @Test
    void aListenerLearnsOfEachInterpreterAndItsExtensions() throws Exception {
        Recorder recorder = new Recorder();
        Recorder other = new Recorder();
        fixture.build("counted", HostFixture.valueModule("counted", 1));
        fixture.host().addListener(new HostListener() {
            @Override
            public void created(Interpreter interpreter) {
                throw new IllegalStateException("expected");
            }
        });
        fixture.host().addListener(recorder);
        fixture.host().addListener(other);
        Interpreter a = fixture.newInterpreter("a");
        fixture.host().removeListener(other);
        a.exec("import counted\nreload(counted)");
        a.close();
        assertThat(recorder.events).containsExactly("created a", "loading a counted", "closed a");
        assertThat(other.events).containsExactly("created a");
    }

    @Test
    void leaksAreTold() throws Exception {
        Recorder recorder = new Recorder();
        fixture.build("leaking", HostFixture.leakingModule("leaking"));
        try (InterpreterHost host =
                InterpreterHost.builder().searchPath(fixture.folder()).build()) {
            host.addListener(recorder);
            Interpreter a = host.newInterpreter("a");
            a.exec("import leaking\nfor i in range(3): leaking.leak([])");
            a.close();
        }
        assertThat(recorder.events).containsExactly("created a", "loading a leaking", "leaked a 3", "closed a");
    }

    @Test
    void interpretersOfAHostThatIsClosedAreTold() {
        Recorder recorder = new Recorder();
        try (InterpreterHost host = InterpreterHost.create()) {
            host.addListener(recorder);
            host.newInterpreter("a");
        }
        assertThat(recorder.events).containsExactly("created a", "closed a");
    }

    @Test
    void theLowestFreeSlotIsTaken() {
        List<Interpreter> all =
                IntStream.range(0, 4).mapToObj(i -> fixture.newInterpreter()).toList();
        assertThat(all).extracting(Interpreter::slot).containsExactly(0, 1, 2, 3);
        all.get(1).close();
        all.get(0).close();
        assertThat(fixture.newInterpreter().slot()).isZero();
        assertThat(fixture.newInterpreter().slot()).isEqualTo(1);
        assertThat(fixture.newInterpreter().slot()).isEqualTo(4);
        assertThat(fixture.host().interpreters()).hasSize(5);
    }

    @Test
    void interpretersThatComeAndGoHaveDifferentSlots() {
        IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    for (int n = 0; n < 10; n++) {
                        try (Interpreter python = fixture.host().newInterpreter()) {
                            int slot = python.slot();
                            assertThat(slot).isBetween(0, 3);
                            assertThat(fixture.host().interpreters().stream()
                                            .filter(each -> each != python && each.slot() == slot && !each.isClosed()))
                                    .isEmpty();
                        }
                    }
                }))
                .toList()
                .forEach(CompletableFuture::join);
    }

    @Test
    void statsTellOfTasksCpuTimeAndCallsAlsoAfterTheEnd() throws Exception {
        fixture.build("counted", HostFixture.valueModule("counted", 1));
        Interpreter python = fixture.newInterpreter();
        python.exec("import counted\nfor i in range(10): counted.value()");
        assertThat(python.submit(self -> {
                    self.exec("1 / 0");
                    return null;
                }))
                .failsWithin(java.time.Duration.ofSeconds(10));
        python.close();
        InterpreterStats stats = python.stats();
        assertThat(stats.calls("counted")).isEqualTo(new ExtensionStats.Calls(10, 0));
        assertThat(stats.calls("other")).isEqualTo(ExtensionStats.Calls.NONE);
        assertThat(stats.tasks().returned().count()).isOne();
        assertThat(stats.tasks().threw().count()).isOne();
        assertThat(stats.cpuTime()).isPositive();
        assertThat(stats.mailboxSize()).isZero();
    }
}
