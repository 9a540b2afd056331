package org.hpyve.bridge;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the extensions of an interpreter reach Java.
 *
 * <p>Written as words separated by commas, at most one of each kind, case not counting: {@code eager},
 * {@code batched,ffm}. What is not said is as in {@link #DEFAULT}.
 */
public record BridgeMode(Crossing crossing, Binding binding) {

    /** When a call from C into Java is made. */
    public enum Crossing {
        /** What cannot fail waits for the next call that must be made. */
        BATCHED,
        /** Each at once. */
        EAGER
    }

    /** How a call from C into Java is made. */
    public enum Binding {
        /** By {@link #FFM} where Java has it in its final form, else by {@link #JNI}. */
        AUTO,
        JNI,
        /** By stubs of {@code java.lang.foreign}. */
        FFM
    }

    /** What holds where nothing else is said. */
    public static final BridgeMode DEFAULT = new BridgeMode(Crossing.BATCHED, Binding.AUTO);

    /** The system property that {@link #byDefault} reads. */
    public static final String PROPERTY = "hpyve.bridge";

    /**
     * What the system property says, or {@link #DEFAULT} without it.
     *
     * @throws IllegalArgumentException if it cannot be understood
     */
    public static BridgeMode byDefault() {
        String text = System.getProperty(PROPERTY);
        try {
            return text == null ? DEFAULT : parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("system property " + PROPERTY + ": " + e.getMessage(), e);
        }
    }

    /**
     * A mode as it is written.
     *
     * @throws IllegalArgumentException for a word that is not known, and for a second one of a kind
     */
    public static BridgeMode parse(String text) {
        List<String> words = Stream.of(text.split(",", -1))
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .toList();
        for (String word : words) {
            if (!names(Crossing.values()).contains(word)
                    && !names(Binding.values()).contains(word)) {
                throw new IllegalArgumentException(
                        "a bridge is not '%s'; it is one of %s, one of %s, or one of each separated by a comma"
                                .formatted(word, listed(Crossing.values()), listed(Binding.values())));
            }
        }
        return new BridgeMode(
                only(words, Crossing.values(), DEFAULT.crossing), only(words, Binding.values(), DEFAULT.binding));
    }

    private static <E extends Enum<E>> E only(List<String> words, E[] values, E otherwise) {
        List<E> said = words.stream()
                .flatMap(word -> Stream.of(values).filter(value -> name(value).equals(word)))
                .toList();
        if (said.size() > 1) {
            throw new IllegalArgumentException("a bridge is only one of " + listed(values));
        }
        return said.isEmpty() ? otherwise : said.get(0);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(BridgeMode::name).toList();
    }

    private static String listed(Enum<?>[] values) {
        return names(values).stream().collect(Collectors.joining(", "));
    }

    /**
     * This mode on the Java that runs, with a binding that is not {@link Binding#AUTO}.
     *
     * @throws IllegalArgumentException if this Java has not what it asks for
     */
    public BridgeMode resolved() {
        if (binding == Binding.FFM && !ForeignStubs.available()) {
            throw new IllegalArgumentException("the bridge 'ffm' needs Java " + ForeignStubs.SINCE
                    + " or newer; this is Java " + Runtime.version().feature());
        }
        boolean foreign = binding != Binding.JNI && ForeignStubs.available();
        return new BridgeMode(crossing, foreign ? Binding.FFM : Binding.JNI);
    }

    /** Do calls wait? */
    public boolean batched() {
        return crossing == Crossing.BATCHED;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return name(crossing) + "," + name(binding);
    }
}
