package org.hpyve.context;

import org.hpyve.bridge.upcall.CapsuleUpcalls;

/** Capsules. C answers everything but their creation. */
final class CapsuleApi extends Api implements CapsuleUpcalls {

    CapsuleApi(InterpreterContext context) {
        super(context);
    }

    /** Here, too, the dead are looked for: C code may make and drop capsules for as long as it likes. */
    @Override
    public long Capsule_Create(long capsule) {
        context.endings().run();
        return context.capsules().open(capsule);
    }
}
