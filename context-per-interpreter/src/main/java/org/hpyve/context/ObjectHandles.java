package org.hpyve.context;

import java.math.BigInteger;
import java.util.IdentityHashMap;
import org.hpyve.bridge.ContextTags;
import org.hpyve.bridge.HandleTable;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.Layout;
import org.hpyve.bridge.Members;
import org.python.core.Py;
import org.python.core.PyFloat;
import org.python.core.PyInteger;
import org.python.core.PyLong;
import org.python.core.PyObject;
import org.python.core.PyType;
import org.python.core.Slotted;

/** Objects of handles and handles of objects, in one context. Only on the thread that runs the interpreter. */
final class ObjectHandles {

    private final InterpreterContext context;
    private final HandleTable table;
    private final int tag;
    private final IdentityHashMap<PyObject, Long> constantHandles = new IdentityHashMap<>();
    /** The one of None, which is the most frequent. */
    private long none;

    ObjectHandles(InterpreterContext context, HandleTable table, int tag) {
        this.context = context;
        this.table = table;
        this.tag = tag;
    }

    /** Opens the handles of all constants, in the order of {@link Members#CONSTANTS}. */
    long[] openConstants(Constants constants) {
        long[] handles = new long[Members.CONSTANTS.size()];
        for (int i = 0; i < handles.length; i++) {
            PyObject object = constants.get(Members.CONSTANTS.get(i));
            Long handle = constantHandles.get(object);
            handles[i] = handle != null ? handle : permanentHandle(object);
        }
        none = constantHandle(Py.None);
        return handles;
    }

    /** The object of a handle. */
    PyObject object(long handle) {
        if (Handles.isInt(handle)) {
            long value = Handles.toInt(handle);
            return value == (int) value ? Py.newInteger((int) value) : new PyLong(value);
        }
        if (Handles.isDouble(handle)) {
            return new PyFloat(Handles.toDouble(handle));
        }
        PyObject object = (PyObject) table.get(handle);
        if (object == null) {
            throw new BadHandleException(handle);
        }
        return object;
    }

    /**
     * A new handle. An int or float becomes the handle itself, as long as the same type of object comes back from it;
     * a constant gets its one handle, so that C can compare handles; everything else gets a slot of the table.
     */
    long handle(PyObject object) {
        return handle(object, false);
    }

    /** As {@link #handle}, for an argument of a call: closed by {@link #releaseArgument}, the last one first. */
    long argument(PyObject object) {
        return handle(object, true);
    }

    /** Closes the handle of an argument. False if the callee closed it already; values always are open. */
    boolean releaseArgument(long handle) {
        return handle >>> 48 != 0 || handle == Handles.NULL || table.closeArgument(handle);
    }

    private long handle(PyObject object, boolean argument) {
        if (object instanceof HpyInstance instance) {
            return open(
                    argument,
                    instance,
                    HandleTable.NO_KIND,
                    HandleTable.NO_LENGTH,
                    context.instances().structOf(instance));
        }
        Class<?> cls = object.getClass();
        if (cls == PyInteger.class) {
            return Handles.ofInt(((PyInteger) object).getValue());
        }
        if (cls == PyFloat.class) {
            return Handles.ofDouble(((PyFloat) object).getValue());
        }
        if (object == Py.None) {
            return dup(none, argument);
        }
        if (cls == PyType.class) {
            long pool = context.instances().poolOf((PyType) object);
            if (pool != 0) {
                int kind = Layout.KIND_TYPE | Layout.KIND_CALLABLE | Layout.KIND_POOL;
                return open(argument, object, kind, -pool, 0);
            }
        }
        int kind = Kinds.of(object);
        return (kind & Kinds.SPECIAL) == 0
                ? open(argument, object, kind, Kinds.length(object, kind), 0)
                : handleOfOther(object, kind & ~Kinds.SPECIAL, argument);
    }

    private long dup(long constant, boolean argument) {
        if (argument) {
            table.dupArgument(constant);
        } else {
            table.dup(constant);
        }
        return constant;
    }

    private long open(boolean argument, Object object, int kind, long length, long data) {
        return argument ? table.openArgument(object, kind, length, data) : table.open(object, kind, length, data);
    }

    private long handleOfOther(PyObject object, int kind, boolean argument) {
        if (object.getClass() == PyLong.class) {
            BigInteger value = ((PyLong) object).getValue();
            long word = value.longValue();
            if (value.bitLength() < 48 && word != (int) word) {
                return Handles.ofInt(word);
            }
            return value.bitLength() < Long.SIZE
                    ? open(argument, object, kind | Layout.KIND_WORD, word, 0)
                    : open(argument, object, kind, HandleTable.NO_LENGTH, 0);
        }
        Long constant = constantHandles.get(object);
        if (constant != null) {
            return dup(constant, argument);
        }
        // Only objects of classes made in Python or by extensions have slots; all others but capsules have no struct.
        long data = object instanceof Slotted ? context.instances().structOf(object) : 0;
        if (kind == Layout.KIND_CAPSULE) {
            data = context.capsules().fieldsOf((PyCapsule) object);
            kind = data == 0 ? HandleTable.NO_KIND : kind;
        }
        return open(argument, object, kind, Kinds.length(object, kind), data);
    }

    /** A handle that stays open as long as the context; it is the only one that the object will get. */
    long permanentHandle(PyObject object) {
        int kind = Kinds.of(object);
        assert (kind & Kinds.SPECIAL) != 0 : "not looked for among the constants: " + object.getClass();
        kind &= ~Kinds.SPECIAL;
        long handle = table.openConstant(object, kind, Kinds.length(object, kind), 0);
        constantHandles.put(object, handle);
        return handle;
    }

    /** The one handle of a constant, which stays open. */
    long constantHandle(PyObject constant) {
        return constantHandles.get(constant);
    }

    /** What is wrong with a value that is no open handle of this context. */
    String describeBad(long handle) {
        if (handle == Handles.NULL) {
            return "HPy_NULL where an object is needed";
        }
        String text = "handle 0x%016x ".formatted(handle);
        int owner = Handles.tag(handle);
        if (handle >>> 48 != 0 || ContextTags.owner(owner) == null) {
            return text + "is not a handle of any interpreter";
        }
        if (constantHandles.values().stream().anyMatch(constant -> constant == handle)) {
            return text + "is the context's own, of a constant";
        }
        if (owner == tag) {
            return text + "was closed";
        }
        return text + "belongs to " + ContextTags.owner(owner);
    }
}
