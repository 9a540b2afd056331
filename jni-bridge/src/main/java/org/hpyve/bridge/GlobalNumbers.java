package org.hpyve.bridge;

import java.util.BitSet;

/**
 * The slot numbers of {@code HPyGlobal} variables: unique among the images that are open in this process. A number comes
 * back into use when its image is closed, so that numbers stay small however many images come and go.
 *
 * <p>Any thread; called only when a module is loaded and when an image is closed.
 */
final class GlobalNumbers {

    private static final BitSet IN_USE = new BitSet();

    private GlobalNumbers() {}

    /** A number above 0: a variable that nobody numbered holds 0. */
    static synchronized int acquire() {
        int number = IN_USE.nextClearBit(1);
        IN_USE.set(number);
        return number;
    }

    static synchronized void release(int number) {
        IN_USE.clear(number);
    }
}
