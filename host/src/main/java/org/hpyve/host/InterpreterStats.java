package org.hpyve.host;

/**
 * Counts of one interpreter, read without stopping it.
 *
 * @param handlesOpened HPy handles opened so far; ints and floats need none
 * @param handlesClosed HPy handles closed so far
 * @param handlesPeak the largest number of handles open at once
 * @param crossings calls from C into Java so far
 * @param nativeBytes native memory that extensions hold through the interpreter, in bytes
 */
public record InterpreterStats(
        long handlesOpened, long handlesClosed, long handlesPeak, long crossings, long nativeBytes) {

    /** HPy handles open now; 0 whenever no call of an extension is under way and none has leaked. */
    public long handlesOpen() {
        return handlesOpened - handlesClosed;
    }
}
