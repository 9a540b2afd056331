package org.hpyve.host.boundary;

/** A value cannot be brought to another interpreter, or not be taken there. */
public final class NotShareable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public NotShareable(String message) {
        super(message);
    }
}
