package org.hpyve.context;

/**
 * Counts of one context.
 *
 * @param handlesOpened table handles opened so far; ints and floats need none
 * @param handlesClosed table handles closed so far
 * @param handlesPeak the largest number open at once
 * @param crossings calls from C into Java so far
 * @param nativeBytes native memory held now, in bytes
 */
public record Counters(long handlesOpened, long handlesClosed, long handlesPeak, long crossings, long nativeBytes) {

    /** Table handles open now. */
    public long handlesOpen() {
        return handlesOpened - handlesClosed;
    }
}
