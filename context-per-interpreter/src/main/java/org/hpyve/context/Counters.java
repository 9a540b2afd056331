package org.hpyve.context;

import org.hpyve.bridge.NativeContext;

/**
 * Counts of one context.
 *
 * @param handlesOpened table handles opened so far; ints and floats need none
 * @param handlesClosed table handles closed so far
 * @param handlesPeak the largest number open at once
 * @param handleLimit how many may be open at once; 0 for any number
 * @param answered members of the API that C answered from the handle table so far, without a crossing; those about
 *     ints and floats, which need no table, are not counted
 * @param deferred operations so far that C recorded to be carried out in a later crossing
 * @param crossings calls from C into Java so far
 * @param bulk those of them that brought items of a container or the bytes of a text
 * @param fields {@code HPyField}s that are set, of objects that were not yet found dead
 * @param globals {@code HPyGlobal}s that hold something
 * @param nativeBytes native memory held now, in bytes
 * @param nativeLimit how much it may be; 0 for any amount
 */
public record Counters(
        long handlesOpened,
        long handlesClosed,
        long handlesPeak,
        long handleLimit,
        long answered,
        long deferred,
        long crossings,
        long bulk,
        long fields,
        long globals,
        long nativeBytes,
        long nativeLimit) {

    static Counters of(NativeContext bridge) {
        // First, so that not more are closed than were opened.
        long closed = bridge.closed();
        // Once: what is reckoned from these two must not go backwards.
        long bulk = bridge.bulk();
        return new Counters(
                bridge.opened(),
                closed,
                bridge.peak(),
                bridge.handleLimit(),
                bridge.answered(),
                bridge.deferred(),
                bridge.upcalls() + bulk,
                bulk,
                bridge.fields(),
                bridge.globals(),
                bridge.nativeBytes(),
                bridge.nativeLimit());
    }

    /** Table handles open now. */
    public long handlesOpen() {
        return handlesOpened - handlesClosed;
    }
}
