package org.hpyve.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The 64-bit format of handles; no two of its three kinds overlap, and null is none of them. */
class HandlesTest {

    private static final long FIRST_INT_THAT_DOES_NOT_FIT = 1L << 47;

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                -1,
                255,
                65536,
                Integer.MAX_VALUE,
                Integer.MIN_VALUE,
                1L << 32,
                -(1L << 32),
                Handles.INT_MAX,
                Handles.INT_MAX - 1,
                Handles.INT_MIN,
                Handles.INT_MIN + 1
            })
    void anIntIsItsOwnHandle(long value) {
        assertThat(Handles.fits(value)).isTrue();
        long handle = Handles.ofInt(value);

        assertThat(handle >>> 48).isEqualTo(1);
        assertThat(Handles.isInt(handle)).isTrue();
        assertThat(Handles.isDouble(handle)).isFalse();
        assertThat(Handles.toInt(handle)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {FIRST_INT_THAT_DOES_NOT_FIT, -FIRST_INT_THAT_DOES_NOT_FIT - 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void anIntOfMoreThan48BitsDoesNotFit(long value) {
        assertThat(Handles.fits(value)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0.0,
                -0.0,
                1.0,
                -1.0,
                0.1,
                Double.MIN_VALUE,
                -Double.MIN_VALUE,
                Double.MIN_NORMAL,
                Double.MAX_VALUE,
                -Double.MAX_VALUE,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN,
                0x1p47,
                1.5e300
            })
    void aDoubleIsItsOwnHandleToTheLastBit(double value) {
        long handle = Handles.ofDouble(value);

        assertThat(handle >>> 48).isBetween(7L, 0xffffL);
        assertThat(Handles.isDouble(handle)).isTrue();
        assertThat(Handles.isInt(handle)).isFalse();
        assertThat(Double.doubleToRawLongBits(Handles.toDouble(handle))).isEqualTo(Double.doubleToRawLongBits(value));
    }

    /** Their bits plus the offset would run over into the other kinds. */
    @ParameterizedTest
    @ValueSource(longs = {0xffffffffffffffffL, 0xfff9000000000000L, 0xfff8000000000001L, 0x7fffffffffffffffL})
    void everyNanIsADouble(long bits) {
        double nan = Double.longBitsToDouble(bits);
        assertThat(nan).isNaN();
        long handle = Handles.ofDouble(nan);

        assertThat(Handles.isDouble(handle)).isTrue();
        assertThat(Handles.toDouble(handle)).isNaN();
    }

    @Test
    void zerosOfBothSignsAreDifferentHandles() {
        assertThat(Handles.ofDouble(0.0)).isNotEqualTo(Handles.ofDouble(-0.0));
        assertThat(Handles.ofDouble(0.0)).isEqualTo(7L << 48);
        assertThat(Handles.ofDouble(0.0)).isNotEqualTo(Handles.ofInt(0));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "1, 255, 16777215", "65535, 0, 1", "65535, 255, 16777215", "4711, 42, 123456"})
    void aTableHandleHoldsTagGenerationAndIndex(int tag, int generation, int index) {
        long handle = Handles.of(tag, generation, index);

        assertThat(handle >>> 48).isZero();
        assertThat(handle).isNotEqualTo(Handles.NULL);
        assertThat(Handles.isInt(handle)).isFalse();
        assertThat(Handles.isDouble(handle)).isFalse();
        assertThat(Handles.tag(handle)).isEqualTo(tag);
        assertThat(Handles.generation(handle)).isEqualTo(generation);
        assertThat(Handles.index(handle)).isEqualTo(index);
    }

    @Test
    void nullIsNoValue() {
        assertThat(Handles.NULL).isZero();
        assertThat(Handles.isInt(Handles.NULL)).isFalse();
        assertThat(Handles.isDouble(Handles.NULL)).isFalse();
        assertThat(Handles.ofInt(0)).isNotEqualTo(Handles.NULL);
    }

    /** Top 16 bits of 2 to 6 are in use by no kind. */
    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 6})
    void bitsBetweenTheKindsAreNoValue(long top) {
        assertThat(Handles.isInt(top << 48)).isFalse();
        assertThat(Handles.isDouble(top << 48)).isFalse();
    }
}
