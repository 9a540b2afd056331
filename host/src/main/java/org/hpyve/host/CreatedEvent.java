package org.hpyve.host;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** In a recording of the JVM's flight recorder: an interpreter is made. */
@Name("org.hpyve.InterpreterCreated")
@Label("Interpreter Created")
@Description("The making of an interpreter, until it can be used")
@Category("Hpyve")
@StackTrace(false)
final class CreatedEvent extends Event {

    @Label("Interpreter")
    String interpreter;

    @Label("Isolation")
    String isolation;

    static CreatedEvent started() {
        CreatedEvent event = new CreatedEvent();
        event.begin();
        return event;
    }

    void over(Interpreter made) {
        end();
        if (shouldCommit()) {
            interpreter = made.name();
            isolation = made.isolation().name();
            commit();
        }
    }
}
