/**
 * Threads and mailboxes: one owner thread for each interpreter.
 *
 * <p>This package is plain Java. It knows neither Python nor HPy nor JNI; what it runs is a task.
 *
 * <p>Ownership: what an {@link org.hpyve.scheduler.OwnerThread} owns is created by its first action, touched only by
 * its tasks and released by its closing action, all three on that one thread. Such state therefore needs no lock and
 * no volatile field. Every other thread holds the {@code OwnerThread} as a proxy and can only put tasks into its
 * mailbox.
 *
 * <p>Threads: every public method may be called from any thread unless it says otherwise. Owner threads share nothing
 * with each other, neither a lock nor a queue nor a counter, so that one can neither slow nor stop another.
 *
 * <p>Waiting: only {@link org.hpyve.scheduler.OwnerThread#call call}, {@link
 * org.hpyve.scheduler.OwnerThread.Builder#start(Action) start} and {@link org.hpyve.scheduler.OwnerThread#close close}
 * wait. Two owner threads that wait for each other wait for ever: a task that needs another owner uses {@code submit}.
 */
package org.hpyve.scheduler;
