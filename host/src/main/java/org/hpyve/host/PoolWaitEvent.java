package org.hpyve.host;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** In a recording of the JVM's flight recorder: a caller waits for an interpreter of a pool. */
@Name("org.hpyve.PoolWait")
@Label("Pool Wait")
@Description("A caller waits for an interpreter of a pool")
@Category("Hpyve")
@StackTrace(false)
final class PoolWaitEvent extends Event {

    @Label("Pool")
    String pool;

    @Label("Interpreter")
    @Description("What the caller got; nothing if it got none")
    String interpreter;

    static PoolWaitEvent started() {
        PoolWaitEvent event = new PoolWaitEvent();
        event.begin();
        return event;
    }

    void over(String of, PoolMember got) {
        end();
        if (shouldCommit()) {
            pool = of;
            interpreter = got == null ? null : got.name();
            commit();
        }
    }
}
