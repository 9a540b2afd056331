package org.hpyve.tests.differential;

import java.util.Random;

/** Registers by what they hold when a program begins, and mostly later: the list in {@code world.py}. */
enum Registers {
    NUMBERS(0, 1, 2, 3, 20),
    TEXTS(4, 5, 7),
    BYTES(6),
    LISTS(8, 9, 8, 9, 10, 11),
    DICTS(12, 13, 12, 13, 14, 15),
    TUPLES(16, 17, 18, 19),
    SEQUENCES(4, 6, 8, 8, 9, 11, 12, 16, 18, 20),
    KEYS(4, 5, 0, 6, 2, 20, 21, 22, 24, 8),
    ODD(20, 21, 22, 23, 24, 25, 27, 31),
    CALLABLES(20, 21, 22, 23, 24, 25, 26),
    OBJECTS(8, 9, 12, 13, 4, 6, 20, 24),
    TYPES(26, 30),
    SLICES(29),
    ITERATORS(28),
    ANY(
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
            29, 30, 31);

    /** Of the operands that are not what the operation expects, one in so many is no handle at all. */
    private static final int NULL_RATE = 20;

    private static final int NULL = 255;
    private static final int COUNT = 32;

    /** What most programs fill and change; half of the operands that may be any, so that steps meet at them. */
    private static final int[] BUSY = {8, 9, 12, 13, 4, 5, 16};

    private final int[] numbers;

    Registers(int... numbers) {
        this.numbers = numbers;
    }

    /** The simplest one. */
    int first() {
        return numbers[0];
    }

    /** One of these, or sometimes any other. */
    int pick(Random random) {
        if (this == ANY && random.nextBoolean()) {
            return BUSY[random.nextInt(BUSY.length)];
        }
        if (random.nextInt(10) > 0) {
            return numbers[random.nextInt(numbers.length)];
        }
        return random.nextInt(NULL_RATE) == 0 ? NULL : random.nextInt(COUNT);
    }
}
