package org.hpyve.host.boundary;

/**
 * Who an interpreter is, for the others of its host. Outlives it, and holds nothing of it. Any thread may use it.
 *
 * <p>Compared by identity: an interpreter has one.
 */
public final class Identity {

    private final long id;
    private final long main;
    private final boolean madeByPython;
    private volatile boolean gone;

    /**
     * For an interpreter that is to be made.
     *
     * @param id unique in the host
     * @param maker the interpreter whose Python code makes it; null if Java does
     */
    public Identity(long id, Identity maker) {
        this.id = id;
        this.main = maker == null ? id : maker.main;
        this.madeByPython = maker != null;
    }

    /** Its number in its host, counted up from 0 and never used again. */
    public long id() {
        return id;
    }

    /** The number of the interpreter, made by Java, whose Python code made it, or made the one that made it. */
    public long main() {
        return main;
    }

    /** Was it made by Python code? */
    public boolean madeByPython() {
        return madeByPython;
    }

    /** Is the interpreter closed? */
    public boolean isGone() {
        return gone;
    }

    /** Called at the interpreter's end. */
    public void end() {
        gone = true;
    }
}
