package org.hpyve.host.runtime;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.hpyve.host.boundary.Channel;
import org.python.core.Py;
import org.python.core.PyBuiltinCallable;
import org.python.core.PyBuiltinFunction;
import org.python.core.PyClass;
import org.python.core.PyComplex;
import org.python.core.PyInstance;
import org.python.core.PyObject;
import org.python.core.PyType;
import org.python.core.Slotted;

/**
 * Refuses objects that Jython would pickle without what is in them: its own types that do not say how they are pickled,
 * such as generators, files and locks. The pickler asks it about all that is not of the simplest types; so it also learns
 * what queues there are.
 */
final class PickleGuard extends PyBuiltinFunction {

    private static final long serialVersionUID = 1L;

    /** Pickled by name, or by what copy_reg says. */
    private static final Set<Class<?>> KNOWN = Set.of(PyComplex.class, PyClass.class, PyInstance.class);

    private final transient InterpretersLink link;
    private final transient Set<Channel> queues = new LinkedHashSet<>();

    PickleGuard(InterpretersLink link) {
        super("inst_persistent_id", null);
        this.link = link;
    }

    /** The queues that it was asked about. */
    List<Channel> queues() {
        return List.copyOf(queues);
    }

    @Override
    public PyObject __call__(PyObject object) {
        boolean ofPython = object instanceof Slotted;
        Channel queue = ofPython ? link.channelOf(object) : null;
        if (queue != null) {
            queues.add(queue);
        }
        boolean byName = object instanceof PyType || object instanceof PyBuiltinCallable;
        if (ofPython || byName || KNOWN.contains(object.getClass()) || saysHow(object.getType())) {
            return Py.None;
        }
        throw Py.TypeError("can't pickle " + object.getType().fastGetName() + " objects");
    }

    private static boolean saysHow(PyType type) {
        return overrides(type, "__reduce__") || overrides(type, "__reduce_ex__");
    }

    private static boolean overrides(PyType type, String method) {
        PyObject own = type.lookup(method);
        return own != null && own != PyType.fromClass(PyObject.class).lookup(method);
    }

    @Override
    public PyObject __call__(PyObject[] args, String[] keywords) {
        return __call__(args[0]);
    }
}
