package org.hpyve.bridge;

/**
 * References that do not keep their objects, as numbers. They are as weak as a {@link java.lang.ref.PhantomReference}:
 * an object is gone when it cannot come back. Unlike reference objects they cost the collector nothing to keep; but it
 * looks at all of them each time, so that they are for objects that are expected to die soon.
 *
 * <p>Any thread. Whoever opens one closes it.
 */
public final class WeakObjects {

    private WeakObjects() {}

    /** A new reference, not 0. */
    public static native long open(Object object);

    /** What a reference refers to; null if it is gone. */
    public static native Object get(long reference);

    /** The reference must not be used any more. */
    public static native void close(long reference);
}
