package org.hpyve.context;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.eclipse.collections.api.list.primitive.LongList;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.python.core.Py;
import org.python.core.PyBaseException;
import org.python.core.PyByteArray;
import org.python.core.PyComplex;
import org.python.core.PyDictionary;
import org.python.core.PyFloat;
import org.python.core.PyFrozenSet;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyModule;
import org.python.core.PyObject;
import org.python.core.PyProperty;
import org.python.core.PySet;
import org.python.core.PyString;
import org.python.core.PySuper;
import org.python.core.PyTuple;
import org.python.core.PyType;
import org.python.core.PyUnicode;

/**
 * A Python class made from an {@code HPyType_Spec}.
 *
 * @param type the class
 * @param basicSize bytes of the C struct of an instance
 * @param destroys the {@code tp_destroy} functions, its own before those of its bases
 */
record HpyType(PyType type, int basicSize, LongList destroys) {

    static final int SHAPE_LEGACY = -1;
    static final int SHAPE_OBJECT = 0;

    private static final long FLAG_HAVE_GC = 1 << 14;

    /** Built-in types that can be bases and whose instances are not laid out as those of object. */
    private static final Set<PyObject> BUILT_IN_LAYOUTS = Set.of(
            PyType.TYPE,
            PyInteger.TYPE,
            PyLong.TYPE,
            PyFloat.TYPE,
            PyComplex.TYPE,
            PyString.TYPE,
            PyUnicode.TYPE,
            PyByteArray.TYPE,
            PyTuple.TYPE,
            PyList.TYPE,
            PyDictionary.TYPE,
            PySet.TYPE,
            PyFrozenSet.TYPE,
            PyBaseException.TYPE,
            PySuper.TYPE,
            PyProperty.TYPE,
            PyType.fromClass(PyModule.class));

    private static final int TP_TRAVERSE = 71;
    private static final int TP_DESTROY = 1000;

    static HpyType create(TypeApi api, Definition.TypeSpec spec, PyTuple bases) {
        check(spec);
        InterpreterContext context = api.context;
        PyDictionary attributes = new PyDictionary();
        String name = spec.name();
        int dot = name.lastIndexOf('.');
        if (dot >= 0) {
            attributes.__setitem__("__module__", Py.newStringOrUnicode(name.substring(0, dot)));
        }
        if (spec.doc() != null) {
            attributes.__setitem__("__doc__", Py.newStringOrUnicode(spec.doc()));
        }
        OwnerType owner = new OwnerType(name);
        for (Definition.Method method : spec.defines().methods()) {
            attributes.__setitem__(Api.attributeName(method.name()), new MethodDescriptor(method, context, owner));
        }
        for (Definition.GetSet getSet : spec.defines().getSets()) {
            attributes.__setitem__(Api.attributeName(getSet.name()), new GetSetDescriptor(getSet, context, owner));
        }
        checkBases(spec, bases);
        HpyType inherited = inheritedStruct(api, spec, bases);
        LongArrayList destroys = new LongArrayList();
        // By number: a mapping's item goes before a sequence's, a number's sum before a concatenation, as in CPython.
        List<Definition.Slot> slots = spec.defines().slots().stream()
                .sorted(Comparator.comparingInt(Definition.Slot::number))
                .toList();
        for (Definition.Slot slot : slots) {
            if (slot.number() == TP_DESTROY) {
                destroys.add(slot.impl());
            } else if (slot.number() != TP_TRAVERSE) {
                // Traversal is not needed: the objects of fields are visible to the JVM's collector.
                SlotFunctions.add(attributes, slot, context, owner);
            }
        }
        if (attributes.__finditem__("__new__") == null && inherited == null) {
            attributes.__setitem__("__new__", new DefaultNew(api, owner));
        }
        PyString shortName = new PyString(Api.attributeName(name.substring(dot + 1)));
        PyObject made = PyType.TYPE.__call__(shortName, bases, attributes);
        if (!(made instanceof PyType type)) {
            throw Py.TypeError(name + ": the metaclass of a base made a '" + Api.typeName(made) + "', not a type");
        }
        int basicSize = spec.basicSize() == 0 && inherited != null ? inherited.basicSize : spec.basicSize();
        owner.set(type);
        if (inherited != null) {
            destroys.addAll(inherited.destroys);
        }
        return new HpyType(type, basicSize, destroys);
    }

    /** TypeError if a base is not laid out as object is: an instance could not be both. */
    private static void checkBases(Definition.TypeSpec spec, PyTuple bases) {
        for (PyObject base : bases.getArray()) {
            if (!(base instanceof PyType type)) {
                throw Py.TypeError(spec.name() + ": a base must be a type, not '" + Api.typeName(base) + "'");
            }
            for (PyObject ancestor : type.getMro().getArray()) {
                if (BUILT_IN_LAYOUTS.contains(ancestor)) {
                    throw Py.TypeError("%s: the base '%s' needs the built-in shape of '%s'"
                            .formatted(spec.name(), type.fastGetName(), ((PyType) ancestor).fastGetName()));
                }
            }
        }
    }

    /** The base whose struct an instance's struct begins with; null if there is none. */
    private static HpyType inheritedStruct(TypeApi api, Definition.TypeSpec spec, PyTuple bases) {
        HpyType inherited = null;
        for (PyObject base : bases.getArray()) {
            HpyType found = base instanceof PyType pyType ? api.find(pyType) : null;
            if (inherited == null || (found != null && found.type.isSubType(inherited.type))) {
                inherited = found;
            }
        }
        if (inherited != null && spec.basicSize() != 0 && spec.basicSize() < inherited.basicSize) {
            throw Py.TypeError("%s: HPyType_Spec.basicsize (%d) is too small for the base '%s' (%d)"
                    .formatted(spec.name(), spec.basicSize(), inherited.type.fastGetName(), inherited.basicSize));
        }
        return inherited;
    }

    private static void check(Definition.TypeSpec spec) {
        if (spec.name() == null) {
            throw Py.ValueError("HPyType_Spec without a name");
        }
        if (spec.itemSize() != 0) {
            throw Py.ValueError(spec.name() + ": HPyType_Spec.itemsize must be 0");
        }
        if (spec.basicSize() < 0) {
            throw Py.ValueError(spec.name() + ": HPyType_Spec.basicsize must not be negative");
        }
        if (spec.legacySlots() || spec.shape() == SHAPE_LEGACY) {
            throw Py.TypeError(spec.name() + ": legacy types need CPython's C API");
        }
        if (spec.shape() != SHAPE_OBJECT) {
            throw Py.NotImplementedError(spec.name() + ": HPyType_FromSpec with built-in shape " + spec.shape());
        }
        if (!spec.defines().members().isEmpty()) {
            throw Py.NotImplementedError(spec.name() + ": HPyType_FromSpec with members");
        }
        for (Definition.Method method : spec.defines().methods()) {
            HpyFunction.of(method, null, spec.name(), Py.None, 0);
        }
        boolean traverses = spec.defines().slots().stream().anyMatch(slot -> slot.number() == TP_TRAVERSE);
        if ((spec.flags() & FLAG_HAVE_GC) != 0 && !traverses) {
            throw Py.ValueError("You must specify an HPy_tp_traverse slot since the flag HPy_TPFLAGS_HAVE_GC is set"
                    + " for type '" + spec.name() + "'");
        }
    }
}
