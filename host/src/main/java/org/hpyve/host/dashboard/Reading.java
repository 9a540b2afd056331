package org.hpyve.host.dashboard;

import java.util.Map;

/**
 * What one look at an interpreter found: counts since it was made, and numbers of this moment.
 *
 * @param atRest whether no task ran or waited, so that handles that are open have leaked
 * @param limit the most handles that may be open, 0 for any number
 * @param nativeLimit in bytes, 0 for any number
 * @param tasks tasks that are over
 * @param taskNanos the time that they took, all together
 * @param calls calls of functions of extensions
 * @param callsByModule the same for each extension
 */
record Reading(
        long nanos,
        boolean atRest,
        boolean running,
        boolean tracing,
        long opened,
        long closed,
        long peak,
        long limit,
        Crossings crossings,
        long nativeBytes,
        long nativeLimit,
        long fields,
        long globals,
        long tasks,
        long taskNanos,
        long cpuNanos,
        long calls,
        Map<String, Long> callsByModule,
        int mailbox) {

    /**
     * Uses of the API by extensions, by how they were answered.
     *
     * @param answered in C
     * @param deferred recorded in C and carried out later
     * @param bulk brought along with others
     * @param upcalls by a call of Java
     */
    record Crossings(long answered, long deferred, long bulk, long upcalls) {}

    long open() {
        return opened - closed;
    }
}
