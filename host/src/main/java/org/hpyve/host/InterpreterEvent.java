package org.hpyve.host;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** In a recording of the JVM's flight recorder: the life of an interpreter, told at its end. */
@Name("org.hpyve.Interpreter")
@Label("Interpreter")
@Description("The life of an interpreter, from its start until it is closed or given up")
@Category("Hpyve")
@StackTrace(false)
final class InterpreterEvent extends Event {

    @Label("Interpreter")
    String interpreter;

    @Label("Isolation")
    String isolation;

    @Label("Given Up")
    @Description("Its code could not be stopped")
    boolean givenUp;

    @Label("Handles")
    @Description("HPy handles opened")
    long handles;

    @Label("Crossings")
    @Description("Calls from C into Java")
    long crossings;

    @Label("Native Memory")
    @Description("What extensions had not given back")
    @DataAmount(DataAmount.BYTES)
    long nativeBytes;

    static InterpreterEvent started() {
        InterpreterEvent event = new InterpreterEvent();
        event.begin();
        return event;
    }

    /** @param left null if closing failed */
    void over(Interpreter of, CloseReport left, ExtensionStats last) {
        end();
        if (shouldCommit()) {
            interpreter = of.name();
            isolation = of.isolation().name();
            givenUp = left != null && left.stuck() != null;
            handles = last.handlesOpened();
            crossings = last.crossings();
            nativeBytes = left == null ? 0 : left.nativeBytes();
            commit();
        }
        if (left != null) {
            left.handles().forEach(open -> LeakEvent.commit(of.name(), open));
        }
    }
}
