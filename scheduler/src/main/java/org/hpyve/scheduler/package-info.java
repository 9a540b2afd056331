/**
 * Who runs what when: mailboxes of tasks, the threads that run them, and the time that tasks may take.
 *
 * <p>This package is plain Java. It knows neither Python nor HPy nor JNI. What it serves is a {@link
 * org.hpyve.scheduler.Resident}, and what it runs is a task.
 *
 * <p>Ownership: what a resident holds is made by the first task of its {@link org.hpyve.scheduler.Mailbox}, touched only by
 * its tasks and released when it is closed. One thread at a time does that, and what one did is seen by the next. Such state
 * therefore needs no lock and no volatile field. Every other thread holds the mailbox as a proxy and can only put tasks into
 * it.
 *
 * <p>Threads: every public method may be called from any thread unless it says otherwise. Mailboxes share no lock while they
 * run. With threads of their own they share nothing; with shared threads, the queues of what is ready, which are lock-free.
 * Short locks are taken to start a thread, to replace one, and to stop a task.
 *
 * <p>Waiting: a task may wait for another mailbox. If that one waits for the task's own, {@link
 * org.hpyve.scheduler.Deadlock} is thrown. Whoever waits otherwise in a task says so by {@link
 * org.hpyve.scheduler.Scheduler#blocking}, so that a shared thread is replaced meanwhile.
 */
package org.hpyve.scheduler;
