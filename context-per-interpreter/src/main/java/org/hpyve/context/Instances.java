package org.hpyve.context;

import java.lang.ref.WeakReference;
import org.python.core.JyAttribute;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyObject;
import org.python.core.PyType;

/** Objects of types that extensions made: how they come to be, and where their native side is. */
final class Instances {

    /** Where an object that is no {@link HpyInstance} has its {@link NativeState}. */
    private static final byte STATE = JyAttribute.reserveTransientCustomAttrType();

    /** Where a class has its {@link Unrelated}. */
    private static final byte UNRELATED = JyAttribute.reserveTransientCustomAttrType();

    /** What was known when none of a class's bases was made by an extension of an interpreter. */
    private record Unrelated(Instances by, int made, PyObject[] bases) {}

    /** A power of two. */
    private static final int RECENT = 16;

    private final InterpreterContext context;
    private final Structs structs;
    /** How instances of some classes are made, by the identity of the class. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private final WeakReference<Blueprint>[] recent = new WeakReference[RECENT];
    /** How many types extensions have made. Until there is one no object needs a second look. */
    private int made;

    Instances(InterpreterContext context) {
        this.context = context;
        this.structs = new Structs(context);
    }

    /** Remembers at its class what an extension made. */
    void made(HpyType type) {
        type.attach();
        made++;
    }

    Structs structs() {
        return structs;
    }

    /** As {@link HpyType#nearest}; that there is none is remembered at the class. */
    HpyType find(PyType type) {
        PyObject[] bases = HpyType.bases(type);
        Unrelated unrelated = (Unrelated) JyAttribute.getAttr(type, UNRELATED);
        if (unrelated != null && unrelated.bases == bases && unrelated.by == this && unrelated.made == made) {
            return null;
        }
        HpyType found = HpyType.nearest(type, context);
        if (found == null) {
            JyAttribute.setAttr(type, UNRELATED, new Unrelated(this, made, bases));
        }
        return found;
    }

    /**
     * A new object with a zeroed C struct.
     *
     * @param type made by an extension, or a subclass of such a type
     * @throws org.python.core.PyException TypeError if it is another type, or if its bases do not fit together
     */
    PyObject create(PyType type) {
        context.endings().run();
        Blueprint known = recent(type);
        if (known != null) {
            return make(known);
        }
        HpyType made = find(type);
        if (made == null) {
            throw Py.TypeError("HPy_New: '" + type.fastGetName() + "' is not a type made by HPyType_FromSpec");
        }
        PyType layout = made.layout(type);
        if (layout != made.layout()) {
            throw conflict(made.type(), layout, type);
        }
        if (layout != PyObject.TYPE) {
            // What an empty call of the built-in type gives: 0, an empty list ...
            PyObject object = layout.__getattr__("__new__").__call__(type);
            stateOf(object);
            return object;
        }
        checkOneStruct(type, made);
        Blueprint blueprint = blueprint(type, made);
        recent[place(type)] = new WeakReference<>(blueprint);
        return make(blueprint);
    }

    /** A new object of a class that is known to be laid out as {@code object} is. */
    HpyInstance create(Blueprint blueprint) {
        context.endings().run();
        return make(blueprint);
    }

    private HpyInstance make(Blueprint blueprint) {
        structs.makeRoom(blueprint);
        NativeState state = structs.allocate(blueprint);
        HpyInstance instance = instance(blueprint, state);
        structs.own(instance, state);
        return instance;
    }

    /** The object of a struct that C has taken of its class's pool, when the operation log is carried out. */
    HpyInstance adopt(PyType type, long struct) {
        Blueprint known = recent(type);
        // It may not hold any more: then the object is one that was made before the bases were changed.
        Blueprint blueprint = known != null ? known : Lookups.of(type).blueprint();
        return instance(
                blueprint, new NativeState(blueprint, struct, blueprint.pool().chunkOfTaken()));
    }

    private static HpyInstance instance(Blueprint blueprint, NativeState state) {
        return blueprint.buffer() == null ? new HpyInstance(state) : new BufferInstance(state);
    }

    /** The pool of which C may take structs of a class's instances; 0 if each is to be asked for. */
    long poolOf(PyType type) {
        Blueprint known = made == 0 ? null : recent(type);
        return known != null && known.makesLater() ? known.pool().address() : 0;
    }

    /** How instances of a class are made that are laid out as {@code object} is; null if none was made not long ago. */
    Blueprint recent(PyType type) {
        WeakReference<Blueprint> reference = recent[place(type)];
        Blueprint blueprint = reference == null ? null : reference.get();
        return blueprint != null && blueprint.type() == type && blueprint.holds() ? blueprint : null;
    }

    private static int place(PyType type) {
        return System.identityHashCode(type) & RECENT - 1;
    }

    /** How instances of a class are made that has the struct of a type. */
    private Blueprint blueprint(PyType type, HpyType made) {
        Lookups lookups = Lookups.of(type);
        Blueprint known = lookups.blueprint();
        if (known != null && known.holds() && known.made() == made) {
            return known;
        }
        Blueprint blueprint = new Blueprint(
                type, HpyType.bases(type), made, made.buffer(type), made.finalizer(type), structs.pool(made), lookups);
        lookups.blueprint(blueprint);
        return blueprint;
    }

    /** Of all types made by extensions among a type's bases, each must begin with the struct of the next. */
    private void checkOneStruct(PyType type, HpyType made) {
        HpyType other = HpyType.bases(type) == made.bases() ? null : made.conflictIn(type);
        if (other != null) {
            throw conflict(made.type(), other.type(), type);
        }
    }

    private static PyException conflict(PyType one, PyType other, PyType type) {
        return Py.TypeError("multiple bases have instance lay-out conflict: '%s' and '%s' in '%s'"
                .formatted(one.fastGetName(), other.fastGetName(), type.fastGetName()));
    }

    /**
     * The native side of an object; null if its class has nothing to do with an extension of this
     * interpreter. An object that inherits from a built-in type gets it when it is first asked for, however it was made.
     *
     * @throws org.python.core.PyException TypeError if the object's class is or inherits from a type made by an
     *     extension, but the object was not made as one: by {@code object.__new__}, or its class was changed. C code
     *     would take the struct for granted
     */
    NativeState stateOf(PyObject object) {
        if (made == 0) {
            return null;
        }
        NativeState state = object instanceof HpyInstance instance
                ? instance.state()
                : (NativeState) JyAttribute.getAttr(object, STATE);
        if (state != null && state.made().context() == context) {
            checkMade(object, state);
            return state;
        }
        HpyType wanted = find(object.getType());
        if (wanted == null) {
            return null;
        }
        if (wanted.layout() == PyObject.TYPE || wanted.layout() != wanted.layout(object.getType())) {
            if (wanted.basicSize() == 0 && !wanted.ends()) {
                return null;
            }
            throw notMade(object, wanted);
        }
        checkOneStruct(object.getType(), wanted);
        state = structs.allocate(blueprint(object.getType(), wanted));
        JyAttribute.setAttr(object, STATE, state);
        structs.own(object, state);
        return state;
    }

    /** After a change of its class, or of the bases of that: has the object the structs of all its types? */
    private void checkMade(PyObject object, NativeState state) {
        PyType type = object.getType();
        if (state.isFor(type)) {
            return;
        }
        HpyType wanted = find(type);
        if (wanted != null && !state.made().beginsWith(wanted)) {
            throw notMade(object, wanted);
        }
        checkOneStruct(type, state.made());
    }

    private static PyException notMade(PyObject object, HpyType wanted) {
        return Py.TypeError("the '%s' object was not made by %s.__new__()"
                .formatted(Api.typeName(object), wanted.type().fastGetName()));
    }

    /** The address of an object's C struct; 0 if it has and needs none. Errors as {@link #stateOf}. */
    long structOf(PyObject object) {
        NativeState state = stateOf(object);
        return state == null ? 0 : state.data();
    }
}
