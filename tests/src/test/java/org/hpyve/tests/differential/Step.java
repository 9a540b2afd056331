package org.hpyve.tests.differential;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One step of a program.
 *
 * @param number 16 bits that select constants and variants
 */
record Step(Operation operation, int target, int a, int b, int c, OnError onError, int number) {

    /** What becomes of an exception that the step leaves. */
    enum OnError {
        RETURN,
        CLEAR,
        MATCH_AND_CLEAR,
        GO_ON;

        static OnError pick(Random random) {
            int choice = random.nextInt(16);
            return choice < 1 ? RETURN : choice < 9 ? CLEAR : choice < 15 ? MATCH_AND_CLEAR : GO_ON;
        }
    }

    static final int BYTES = 8;

    /** Each operation as often in it as its weight says. */
    private static final Operation[] WEIGHTED = Stream.of(Operation.values())
            .flatMap(operation -> IntStream.range(0, operation.weight).mapToObj(i -> operation))
            .toArray(Operation[]::new);

    static Step random(Random random) {
        Operation operation = WEIGHTED[random.nextInt(WEIGHTED.length)];
        return new Step(
                operation,
                operation.target.pick(random) & 31,
                operation.a.pick(random),
                operation.b.pick(random),
                operation.c.pick(random),
                OnError.pick(random),
                random.nextInt(1 << 16));
    }

    /** Steps that are simpler in one respect. */
    Stream<Step> simpler() {
        return Stream.of(
                        new Step(operation, target, a, b, c, onError, 0),
                        new Step(operation, target, a, b, c, onError, number / 2),
                        new Step(operation, target, a, b, c, onError, Math.max(0, number - 1)),
                        new Step(operation, target, a, b, c, OnError.RETURN, number),
                        new Step(operation, operation.target.first(), a, b, c, onError, number),
                        new Step(operation, target, operation.a.first(), b, c, onError, number),
                        new Step(operation, target, a, operation.b.first(), c, onError, number),
                        new Step(operation, target, a, b, operation.c.first(), onError, number))
                .filter(step -> step.size() < size());
    }

    /** How far the step is from its simplest form. */
    long size() {
        return number
                + (long) onError.ordinal()
                + away(target, operation.target)
                + away(a, operation.a)
                + away(b, operation.b)
                + away(c, operation.c);
    }

    private static int away(int register, Registers expected) {
        return register == expected.first() ? 0 : 1;
    }

    void write(ByteBuffer code) {
        code.put((byte) operation.ordinal())
                .put((byte) target)
                .put((byte) a)
                .put((byte) b)
                .put((byte) c)
                .put((byte) onError.ordinal())
                .putShort((short) number);
    }

    static Step read(ByteBuffer code) {
        return new Step(
                Operation.values()[code.get() & 0xff],
                code.get() & 0xff,
                code.get() & 0xff,
                code.get() & 0xff,
                code.get() & 0xff,
                OnError.values()[code.get()],
                code.getShort() & 0xffff);
    }

    @Override
    public String toString() {
        return "%s r%d = r%d, r%d, r%d, %d; %s".formatted(operation, target, a, b, c, number, onError);
    }
}
