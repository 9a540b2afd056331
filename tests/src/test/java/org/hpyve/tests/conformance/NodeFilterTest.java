package org.hpyve.tests.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFilterTest {

    @ParameterizedTest
    @CsvSource({
        "new, true",
        "NEW, true",
        "old, false",
        "not old, true",
        "new and point, true",
        "new and old, false",
        "old or point, true",
        "old or new and not point, false",
        "not (old or line), true",
        "not(new), false",
        "point::test, true",
    })
    void aNodeMatches(String expression, boolean expected) {
        assertThat(NodeFilter.parse(expression).test("test/test_type.py::TestPoint::test_new[universal]"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "and", "a or", "not", "(a", "a)", "a b", "()"})
    void whatIsNoExpressionIsRefused(String expression) {
        assertThatThrownBy(() -> NodeFilter.parse(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWordMayBeginWithAnOperator() {
        assertThat(NodeFilter.parse("note or android").test("notes")).isTrue();
    }
}
