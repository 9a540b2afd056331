package org.hpyve.bridge;

/** Who keeps what an upcall threw, for C. */
@FunctionalInterface
public interface Failures {

    /**
     * Makes it the context's current exception. Never throws: the bridge has nowhere to go with a failure of this.
     *
     * @param member in whose name it is reported, see {@link Members#functionName}
     */
    void raised(Throwable thrown, int member);

    /** What to throw when there may be no more of something. */
    default RuntimeException refused(Limit limit, long most) {
        return new IllegalStateException("more than " + most + " " + limit);
    }
}
