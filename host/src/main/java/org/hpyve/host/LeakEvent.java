package org.hpyve.host;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** In a recording of the JVM's flight recorder: handles that were open when their interpreter was closed. */
@Name("org.hpyve.Leak")
@Label("Leak")
@Description("Handles that an extension had left open when its interpreter was closed")
@Category("Hpyve")
@StackTrace(false)
final class LeakEvent extends Event {

    @Label("Interpreter")
    String interpreter;

    @Label("Type")
    @Description("The type of the objects")
    String type;

    @Label("Module")
    @Description("The extension that opened them; nothing for handles of constants")
    String module;

    @Label("Count")
    long count;

    static void commit(String interpreter, CloseReport.OpenHandles left) {
        LeakEvent event = new LeakEvent();
        if (event.isEnabled()) {
            event.interpreter = interpreter;
            event.type = left.type();
            event.module = left.module().isEmpty() ? null : left.module();
            event.count = left.count();
            event.commit();
        }
    }
}
