package org.hpyve.context.isolation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.python.core.PyFile;
import org.python.core.PyFrame;
import org.python.core.PyGenerator;
import org.python.core.PyObject;
import org.python.core.finalization.FinalizeTrigger;
import org.python.core.finalization.FinalizeTriggerFactory;

/**
 * {@code __del__}, the end of generators and of files, in the interpreter that made the object. Jython
 * runs them on the JVM's finalizer thread, which is in no interpreter.
 */
final class Finalizers implements FinalizeTriggerFactory {

    private static final VarHandle GENERATOR_FRAME;

    static {
        try {
            GENERATOR_FRAME = MethodHandles.privateLookupIn(PyGenerator.class, MethodHandles.lookup())
                    .findVarHandle(PyGenerator.class, "gi_frame", PyFrame.class);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("a generator has no gi_frame", e);
        }
    }

    static void install() {
        FinalizeTrigger.factory = new Finalizers();
    }

    @Override
    public FinalizeTrigger makeTrigger(PyObject object) {
        return new Trigger(object, Home.current());
    }

    private static final class Trigger extends FinalizeTrigger {

        private final Home home;

        Trigger(PyObject object, Home home) {
            super(object);
            this.home = home;
        }

        @Override
        public void performFinalization() {
            if (home == null || toFinalize == null || !runsPython(toFinalize)) {
                super.performFinalization();
            } else {
                home.post(super::performFinalization);
            }
        }
    }

    /** Most objects that have a trigger are files, and generators that have run to their end or not begun. */
    private static boolean runsPython(PyObject object) {
        if (object.getClass() == PyFile.class) {
            return false;
        }
        if (object instanceof PyGenerator generator) {
            PyFrame frame = (PyFrame) GENERATOR_FRAME.get(generator);
            return frame != null && frame.f_lasti > 0;
        }
        return true;
    }
}
