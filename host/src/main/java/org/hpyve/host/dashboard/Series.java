package org.hpyve.host.dashboard;

import java.util.Arrays;

/** The last numbers of one kind, one for each second. For one thread. */
final class Series {

    private final float[] ring;
    private int next;
    private int size;

    Series(int length) {
        ring = new float[length];
    }

    void add(double value) {
        ring[next] = (float) value;
        next = (next + 1) % ring.length;
        size = Math.min(size + 1, ring.length);
    }

    /** At most the last {@code most}, the oldest first; null where there was no number. */
    Float[] last(int most) {
        Float[] values = new Float[Math.min(most, size)];
        Arrays.setAll(values, i -> {
            float value = ring[Math.floorMod(next - values.length + i, ring.length)];
            return Float.isNaN(value) ? null : value;
        });
        return values;
    }
}
