package org.hpyve.context;

/**
 * How calls of the functions of one extension module have ended: those of its own and of its types, slots and attributes
 * included, made by Python code or by the host.
 *
 * <p>Counted by the thread that runs the interpreter, in plain words; any thread may read them and sees recent values.
 */
public final class ModuleCalls {

    private final int number;
    private final String module;
    private long returned;
    private long raised;

    ModuleCalls(int number, String module) {
        this.number = number;
        this.module = module;
    }

    /** See {@link Openers}. */
    int number() {
        return number;
    }

    /** The full name of the module; empty for functions that belong to none. */
    public String module() {
        return module;
    }

    /** Calls that ended with a result. */
    public long returned() {
        return returned;
    }

    /** Calls that ended with an exception, or broke the rules for results. */
    public long raised() {
        return raised;
    }

    void countReturned() {
        returned++;
    }

    void countRaised() {
        raised++;
    }

    void count(boolean raising) {
        if (raising) {
            raised++;
        } else {
            returned++;
        }
    }

    /** What was counted as returned has turned out to be wrong. */
    void recountRaised() {
        returned--;
        raised++;
    }
}
