package org.hpyve.host.boundary;

/** There is no open interpreter of this number. */
public final class NoInterpreter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** For the number that was asked for. */
    public NoInterpreter(long id) {
        super("unrecognized interpreter ID " + id);
    }
}
