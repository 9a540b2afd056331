package org.hpyve.context;

import org.hpyve.bridge.upcall.HandleUpcalls;

/** Identity of objects, for the rare pairs of handles that C cannot decide. */
final class HandleApi extends Api implements HandleUpcalls {

    HandleApi(InterpreterContext context) {
        super(context);
    }

    /** The log was replayed on the way here; what C may want besides is slots. */
    @Override
    public void Log_Flush() {
        context.bridge().table().makeRoom();
    }

    @Override
    public int Is(long obj, long other) {
        return object(obj) == object(other) ? 1 : 0;
    }
}
