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
import org.hpyve.host.Isolation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever one interpreter sets, no other sees. */
class NothingLeaksTest {

    /** An item at a level of isolation. */
    record Row(Isolation level, Leak leak) {

        @Override
        public String toString() {
            return level + ": " + leak;
        }
    }

    /** Items that one interpreter sets. Where interpreters are dear, those that it sets may be in each other's way. */
    private static final Map<Isolation, Integer> ITEMS_EACH =
            Map.of(Isolation.SHARED_RUNTIME, 1, Isolation.OWN_RUNTIME, 8);

    private static final Map<Row, Experiment.Outcome> OUTCOMES = new HashMap<>();
    private static final List<Row> ROWS = new ArrayList<>();

    /** All items at once, as most interpreters then serve for all of them. */
    @BeforeAll
    static void setAndLook() {
        for (Isolation level : Isolation.values()) {
            Supplier<InterpreterHost> newHost =
                    () -> InterpreterHost.builder().isolation(level).build();
            List<Leak> leaks = new ArrayList<>(Leaks.all());
            try (InterpreterHost host = newHost.get()) {
                Interpreter python = host.newInterpreter();
                python.exec("import sys");
                leaks.addAll(GeneratedLeaks.of(python));
            }
            new Experiment(leaks, ITEMS_EACH.get(level))
                    .run(newHost)
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
        assertThat(ROWS).hasSizeGreaterThan(Isolation.values().length * 150);
    }
}
