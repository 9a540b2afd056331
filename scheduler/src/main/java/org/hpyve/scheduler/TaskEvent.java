package org.hpyve.scheduler;

import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A task in a recording of the JVM's flight recorder. */
@Name("org.hpyve.Task")
@Label("Task")
@Description("A task of an interpreter, from its start to its end")
@Category("Hpyve")
@StackTrace(false)
final class TaskEvent extends Event {

    @Label("Mailbox")
    String mailbox;

    @Label("Outcome")
    @Description("returned, threw or stopped")
    String outcome;

    @Label("Waiting")
    @Description("Tasks that waited in the mailbox when this one was over")
    int waiting;

    static TaskEvent started() {
        TaskEvent event = new TaskEvent();
        event.begin();
        return event;
    }

    void over(Mailbox of, Task<?> task) {
        end();
        if (shouldCommit()) {
            mailbox = of.name();
            outcome = task.outcome().name().toLowerCase(Locale.ROOT);
            waiting = of.depth();
            commit();
        }
    }
}
