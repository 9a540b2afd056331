package org.hpyve.context.isolation;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.python.core.Py;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.modules._weakref.AbstractReference;
import org.python.modules._weakref.GlobalRef;
import org.python.modules._weakref.ReferenceBackend;
import org.python.modules._weakref.ReferenceBackendFactory;
import org.python.modules._weakref.ReferenceType;

/**
 * Python's weak references, each one its interpreter's. Jython has one list of references for an object, whoever made
 * them, and calls their callbacks on a thread of its own that is in no interpreter.
 */
final class WeakReferences implements ReferenceBackendFactory {

    private static Thread reaper;

    /**
     * Makes Jython's own thread for callbacks now, while no interpreter is current, so that it does not end with the one
     * that needs it first.
     */
    static void install() {
        GlobalRef.newInstance(new PyObject(PyObject.TYPE));
        GlobalRef.factory = new WeakReferences();
        reaper = findReaper();
    }

    private static Thread findReaper() {
        try {
            Field field = GlobalRef.class.getDeclaredField("reaperThread");
            field.setAccessible(true);
            return (Thread) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("weak references have no thread", e);
        }
    }

    /** Is it Jython's thread for callbacks? It is in the group of the interpreter that was the first. */
    static boolean isReaper(Thread thread) {
        return thread == reaper;
    }

    @Override
    public ReferenceBackend makeBackend(GlobalRef target, PyObject referent) {
        return new Backend(target);
    }

    @Override
    public void notifyClear(ReferenceBackend backend, GlobalRef target) {
        // Backend.isCleared() says the same as its target, so that Jython never asks this.
    }

    @Override
    public void updateBackend(ReferenceBackend backend, GlobalRef target) {
        ((Backend) backend).target = target;
    }

    /** A reference, and the interpreter that made it, null if none. */
    private static final class Made extends WeakReference<AbstractReference> {
        private final Home home;

        Made(AbstractReference reference) {
            super(reference);
            home = Home.current();
        }

        boolean isOf(Home asking) {
            return home == asking;
        }

        /** Calls the callback, where it belongs. */
        void call() {
            AbstractReference reference = get();
            if (reference != null && reference.hasCallback()) {
                if (home == null) {
                    call(reference);
                } else {
                    home.post(() -> call(reference));
                }
            }
        }

        private static void call(AbstractReference reference) {
            // The callback is all that a reference refers to.
            reference.traverse(
                    (callback, nothing) -> {
                        try {
                            callback.__call__(reference);
                        } catch (RuntimeException e) {
                            Py.writeUnraisable(e, callback);
                        }
                        return 0;
                    },
                    null);
        }
    }

    /** All references to one object. Any thread. */
    private static final class Backend implements ReferenceBackend {

        private volatile GlobalRef target;
        private final List<Made> references = new ArrayList<>(1);

        /** The only reference that the target knows, weakly; it is called when the object is dead. */
        @SuppressWarnings("UnusedVariable")
        private final AbstractReference bell;

        Backend(GlobalRef target) {
            this.target = target;
            bell = new ReferenceType(target, new Ringing(this));
        }

        @Override
        public PyObject get() {
            return target.get();
        }

        @Override
        public boolean isCleared() {
            return target.isCleared();
        }

        @Override
        public int pythonHashCode() {
            return target.pythonHashCode();
        }

        @Override
        public void restore(PyObject formerReferent) {
            target.restore(formerReferent);
        }

        @Override
        public synchronized void add(AbstractReference reference) {
            references.add(new Made(reference));
        }

        /** One without a callback, to be used again. */
        @Override
        public synchronized AbstractReference find(Class<?> type) {
            references.removeIf(made -> made.refersTo(null));
            Home asking = Home.current();
            for (Made made : references) {
                AbstractReference reference = made.isOf(asking) ? made.get() : null;
                if (reference != null && !reference.hasCallback() && reference.getClass() == type) {
                    return reference;
                }
            }
            return null;
        }

        @Override
        public synchronized PyList refs() {
            references.removeIf(made -> made.refersTo(null));
            Home asking = Home.current();
            PyList found = new PyList();
            for (int i = references.size() - 1; i >= 0; i--) {
                AbstractReference reference =
                        references.get(i).isOf(asking) ? references.get(i).get() : null;
                if (reference != null) {
                    found.append(reference);
                }
            }
            return found;
        }

        @Override
        public int count() {
            return refs().size();
        }

        private void ring() {
            List<Made> dead;
            synchronized (this) {
                dead = List.copyOf(references);
                references.clear();
            }
            for (int i = dead.size() - 1; i >= 0; i--) {
                dead.get(i).call();
            }
        }
    }

    private static final class Ringing extends PyObject {

        private static final long serialVersionUID = 1L;

        private final transient Backend backend;

        Ringing(Backend backend) {
            super(PyObject.TYPE);
            this.backend = backend;
        }

        @Override
        public PyObject __call__(PyObject bell) {
            backend.ring();
            return Py.None;
        }

        @Override
        public PyObject __call__(PyObject[] args, String[] keywords) {
            return __call__(args[0]);
        }
    }
}
