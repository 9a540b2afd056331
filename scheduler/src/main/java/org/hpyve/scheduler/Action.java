package org.hpyve.scheduler;

/**
 * Something to run on an owner thread; a {@link java.util.concurrent.Callable} that keeps the type of its exception.
 *
 * @param <T> the type of the result; {@code Void} with a result of {@code null} where there is none
 * @param <E> the only checked exception that it throws; the compiler infers {@code RuntimeException} for an action that
 *     throws none
 */
@FunctionalInterface
public interface Action<T, E extends Exception> {

    /**
     * Does the work.
     *
     * @return the result, which may be {@code null}
     * @throws E where the work fails
     */
    T run() throws E;
}
