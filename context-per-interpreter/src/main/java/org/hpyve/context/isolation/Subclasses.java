package org.hpyve.context.isolation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import org.python.core.JyAttribute;
import org.python.core.PyList;
import org.python.core.PyObject;
import org.python.core.PyType;

/** Which interpreter has made a class, and so may find it among the subclasses of a type that all share. Any thread. */
public final class Subclasses {

    private static final byte HOME = JyAttribute.reserveTransientCustomAttrType();
    private static final VarHandle SUBCLASSES;

    static {
        try {
            SUBCLASSES = MethodHandles.privateLookupIn(PyType.class, MethodHandles.lookup())
                    .findVarHandle(PyType.class, "subclasses", Set.class);
        } catch (ReflectiveOperationException e) {
            throw JythonPatches.unknownVersion("a type has no subclasses", e);
        }
    }

    private Subclasses() {}

    /** A class was made, or got another base. Only classes made by Python are told of. */
    public static void attached(PyType base, PyType subclass) {
        if (JyAttribute.getAttr(subclass, HOME) == null) {
            Home home = Home.current();
            if (home != null) {
                JyAttribute.setAttr(subclass, HOME, home);
            }
        }
    }

    /** {@code type.__subclasses__(base)}. */
    public static PyObject list(PyType base) {
        List<WeakReference<PyType>> all;
        synchronized (base) {
            @SuppressWarnings("unchecked")
            Set<WeakReference<PyType>> subclasses = (Set<WeakReference<PyType>>) SUBCLASSES.get(base);
            all = List.copyOf(subclasses);
        }
        Home asking = Home.current();
        PyList found = new PyList();
        for (WeakReference<PyType> each : all) {
            PyType type = each.get();
            if (type != null) {
                Object home = JyAttribute.getAttr(type, HOME);
                if (home == null || home == asking) {
                    found.append(type);
                }
            }
        }
        return found;
    }
}
