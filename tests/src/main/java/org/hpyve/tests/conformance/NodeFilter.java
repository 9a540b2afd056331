package org.hpyve.tests.conformance;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Expressions of the option {@code -k}: parts of node ids, with {@code and}, {@code or}, {@code not} and parentheses. */
final class NodeFilter {

    private static final Pattern TOKEN = Pattern.compile("[()]|[^\\s()]+");

    private final Deque<String> tokens;

    private NodeFilter(List<String> tokens) {
        this.tokens = new ArrayDeque<>(tokens);
    }

    /**
     * Case does not count.
     *
     * @throws IllegalArgumentException if the expression is none
     */
    static Predicate<String> parse(String expression) {
        NodeFilter filter = new NodeFilter(
                TOKEN.matcher(expression).results().map(MatchResult::group).toList());
        Predicate<String> parsed = filter.alternatives();
        if (!filter.tokens.isEmpty()) {
            throw new IllegalArgumentException("'" + filter.tokens.peek() + "' is not expected there");
        }
        return parsed;
    }

    private Predicate<String> alternatives() {
        Predicate<String> result = conjunction();
        while (accept("or")) {
            result = result.or(conjunction());
        }
        return result;
    }

    private Predicate<String> conjunction() {
        Predicate<String> result = term();
        while (accept("and")) {
            result = result.and(term());
        }
        return result;
    }

    private Predicate<String> term() {
        if (accept("not")) {
            return term().negate();
        }
        if (accept("(")) {
            Predicate<String> inner = alternatives();
            if (!accept(")")) {
                throw new IllegalArgumentException("a ')' is missing");
            }
            return inner;
        }
        String part = tokens.poll();
        if (part == null || List.of("and", "or", ")").contains(part)) {
            throw new IllegalArgumentException("a part of a test's name is missing");
        }
        String lower = part.toLowerCase(Locale.ROOT);
        return node -> node.toLowerCase(Locale.ROOT).contains(lower);
    }

    private boolean accept(String token) {
        boolean there = token.equals(tokens.peek());
        if (there) {
            tokens.remove();
        }
        return there;
    }
}
