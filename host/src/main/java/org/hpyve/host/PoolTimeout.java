package org.hpyve.host;

/** No interpreter of a pool was free for as long as the caller wanted to wait. The message says what the pool was doing. */
public final class PoolTimeout extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param cause why the last attempt to make an interpreter failed; null if none has since one succeeded */
    PoolTimeout(String message, Throwable cause) {
        super(message, cause);
    }

    /** None at first: the stack of the thread that keeps the time tells nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
