package org.hpyve.context;

/** A value that is no open handle of this context was used where an object is needed. Becomes a SystemError. */
final class BadHandleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final long handle;

    BadHandleException(long handle) {
        super(null, null, false, false);
        this.handle = handle;
    }
}
