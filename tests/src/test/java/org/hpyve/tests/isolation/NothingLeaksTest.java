package org.hpyve.tests.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever one interpreter sets, no other sees. */
class NothingLeaksTest {

    /** A level of isolation, and how a host is made that has it. */
    record Level(String name, Supplier<InterpreterHost> newHost) {}

    /** An item at a level. */
    record Row(Level level, Leak leak) {

        @Override
        public String toString() {
            return level.name() + ": " + leak;
        }
    }

    private static final List<Level> LEVELS = List.of(new Level("shared", InterpreterHost::create));
    private static final Map<Row, Experiment.Outcome> OUTCOMES = new HashMap<>();
    private static final List<Row> ROWS = new ArrayList<>();

    /** All items at once, as most interpreters then serve for all of them. */
    @BeforeAll
    static void setAndLook() {
        for (Level level : LEVELS) {
            List<Leak> leaks = new ArrayList<>(Leaks.all());
            try (InterpreterHost host = level.newHost().get()) {
                Interpreter python = host.newInterpreter();
                python.exec("import sys");
                leaks.addAll(GeneratedLeaks.of(python));
            }
            new Experiment(leaks)
                    .run(level.newHost())
                    .forEach((leak, outcome) -> OUTCOMES.put(new Row(level, leak), outcome));
            leaks.forEach(leak -> ROWS.add(new Row(level, leak)));
        }
    }

    @AfterAll
    static void forget() {
        OUTCOMES.clear();
        ROWS.clear();
    }

    static Stream<Row> rows() {
        return ROWS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void noOtherInterpreterSeesIt(Row row) {
        Experiment.Outcome outcome = OUTCOMES.get(row);

        assertThat(outcome.wasSetOrRefused())
                .as("%s can be set: %s", row.leak().set(), outcome.after())
                .isTrue();
        assertThat(outcome.seen())
                .allSatisfy((when, state) -> assertThat(state).as(when).isEqualTo(outcome.control()));
    }

    @Test
    void thereIsAnItemForEachThingThatStockJythonShares() {
        assertThat(ROWS).hasSizeGreaterThan(LEVELS.size() * 150);
    }
}
