package org.hpyve.tests.differential;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program of the machine, with two others that Python code runs when it is called. */
record Program(List<Step> main, List<Step> first, List<Step> second) {

    private static final String SEPARATOR = ":";

    static byte[] code(List<Step> steps) {
        ByteBuffer code = ByteBuffer.allocate(steps.size() * Step.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        steps.forEach(step -> step.write(code));
        return code.array();
    }

    private static List<Step> steps(byte[] code) {
        ByteBuffer buffer = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        List<Step> steps = new ArrayList<>();
        while (buffer.hasRemaining()) {
            steps.add(Step.read(buffer));
        }
        return steps;
    }

    /** What {@link #parse} reads. */
    String hex() {
        return Stream.of(main, first, second)
                .map(steps -> HexFormat.of().formatHex(code(steps)))
                .collect(Collectors.joining(SEPARATOR));
    }

    static Program parse(String hex) {
        List<List<Step>> parts = Stream.of(hex.strip().split(SEPARATOR, -1))
                .map(part -> steps(HexFormat.of().parseHex(part)))
                .toList();
        return new Program(parts.get(0), parts.get(1), parts.get(2));
    }

    /** For reports: all steps, and how to run the program again. */
    @Override
    public String toString() {
        return "\nmain" + listing(main) + "\nfirst" + listing(first) + "\nsecond" + listing(second) + "\n-D"
                + DifferentialTest.REPLAY + "=" + hex() + "\n";
    }

    private static String listing(List<Step> steps) {
        return steps.stream().map(step -> "\n  " + step).collect(Collectors.joining());
    }
}
