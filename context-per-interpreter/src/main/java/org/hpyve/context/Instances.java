package org.hpyve.context;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import org.eclipse.collections.api.list.primitive.LongList;
import org.eclipse.collections.impl.set.mutable.UnifiedSet;
import org.hpyve.bridge.DownCalls;
import org.python.core.PyObject;

/**
 * The C structs of living instances. A struct is freed, after its type's {@code tp_destroy}, on the interpreter's own
 * thread: when an outermost call ends after the collector found the instance dead, and at close.
 */
final class Instances {

    private final class Struct extends PhantomReference<PyObject> {
        final long data;
        final LongList destroys;

        Struct(PyObject instance, long data, LongList destroys) {
            super(instance, dead);
            this.data = data;
            this.destroys = destroys;
        }

        void free() {
            destroys.forEach(destroy -> DownCalls.destroyfunc(context.bridge().address(), destroy, data));
            context.bridge().free(data);
        }
    }

    private final InterpreterContext context;
    private final ReferenceQueue<PyObject> dead = new ReferenceQueue<>();
    private final UnifiedSet<Struct> structs = new UnifiedSet<>();

    Instances(InterpreterContext context) {
        this.context = context;
    }

    /** Frees the struct when the instance is dead, after calling {@code destroys} in order. */
    void own(PyObject instance, long data, LongList destroys) {
        structs.add(new Struct(instance, data, destroys));
    }

    /** Frees the structs of instances that the collector found dead. */
    void destroyDead() {
        for (var reference = dead.poll(); reference != null; reference = dead.poll()) {
            Struct struct = (Struct) reference;
            structs.remove(struct);
            struct.free();
        }
    }

    /** Frees all structs, also of instances that somebody still holds. */
    void close() {
        structs.forEach(Struct::free);
        structs.clear();
    }
}
