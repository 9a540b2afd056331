package org.hpyve.host;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** In a recording of the JVM's flight recorder: a pool does not use an interpreter any more. */
@Name("org.hpyve.InterpreterRecycled")
@Label("Interpreter Recycled")
@Description("A pool closes an interpreter and does not use it any more")
@Category("Hpyve")
@StackTrace(false)
final class RecycledEvent extends Event {

    @Label("Pool")
    String pool;

    @Label("Interpreter")
    String interpreter;

    @Label("Reason")
    String reason;

    @Label("Uses")
    int uses;

    @Label("Age")
    @Timespan(Timespan.NANOSECONDS)
    long age;

    static void commit(String pool, PoolMember member, RecycleReason reason) {
        RecycledEvent event = new RecycledEvent();
        if (event.isEnabled()) {
            event.pool = pool;
            event.interpreter = member.name();
            event.reason = reason.name();
            event.uses = member.uses();
            event.age = member.age().toNanos();
            event.commit();
        }
    }
}
