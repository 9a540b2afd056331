package org.hpyve.host;

import java.util.Map;

/**
 * What extensions do in one interpreter, read without stopping it and without a system call.
 *
 * @param handlesOpened HPy handles opened so far; ints and floats need none
 * @param handlesClosed HPy handles closed so far
 * @param handlesPeak the largest number of handles open at once
 * @param handleLimit how many may be open at once; 0 for any number
 * @param nativeAnswered members of the API that C answered from its handle table so far, without a crossing into Java;
 *     those about ints and floats, which need no table, are not counted
 * @param deferred operations that C recorded so far, to be carried out in a later crossing
 * @param bulk crossings so far that brought items of a container or the bytes of a text
 * @param upcalls the other crossings so far
 * @param nativeBytes native memory that extensions hold through the interpreter, in bytes
 * @param nativeLimit how much it may be; 0 for any amount
 * @param fields {@code HPyField}s that are set, of objects that were not yet found dead
 * @param globals {@code HPyGlobal}s that hold something
 * @param calls how calls of extension functions ended so far, by the full name of the module
 */
public record ExtensionStats(
        long handlesOpened,
        long handlesClosed,
        long handlesPeak,
        long handleLimit,
        long nativeAnswered,
        long deferred,
        long bulk,
        long upcalls,
        long nativeBytes,
        long nativeLimit,
        long fields,
        long globals,
        Map<String, Calls> calls) {

    /**
     * Calls of the functions of one module, those of its types, slots and attributes included.
     *
     * @param returned those that gave a result
     * @param raised those that raised, or broke the rules for results
     */
    public record Calls(long returned, long raised) {

        /** None. */
        public static final Calls NONE = new Calls(0, 0);
    }

    /** Copies the map. */
    public ExtensionStats {
        calls = Map.copyOf(calls);
    }

    /** HPy handles open now; 0 whenever no call of an extension is under way and none has leaked. */
    public long handlesOpen() {
        return handlesOpened - handlesClosed;
    }

    /** Calls from C into Java so far. */
    public long crossings() {
        return bulk + upcalls;
    }

    /** The calls of one module; none if it is not there. */
    public Calls calls(String module) {
        return calls.getOrDefault(module, Calls.NONE);
    }
}
