package org.hpyve.host.runtime;

import java.lang.ref.Reference;
import java.math.BigInteger;
import java.util.IdentityHashMap;
import org.hpyve.host.boundary.Channel;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.NotShareable;
import org.hpyve.host.boundary.Parcel;
import org.python.core.BaseSet;
import org.python.core.Py;
import org.python.core.PyBoolean;
import org.python.core.PyBuiltinMethod;
import org.python.core.PyDictionary;
import org.python.core.PyException;
import org.python.core.PyFloat;
import org.python.core.PyFrozenSet;
import org.python.core.PyFunction;
import org.python.core.PyInteger;
import org.python.core.PyList;
import org.python.core.PyLong;
import org.python.core.PyMemoryView;
import org.python.core.PyMethod;
import org.python.core.PyObject;
import org.python.core.PySet;
import org.python.core.PyString;
import org.python.core.PyTuple;
import org.python.core.PyType;
import org.python.core.PyUnicode;

/**
 * Python objects as {@link Parcel parcels}, and back.
 *
 * <p>What cannot be changed crosses as it is. Plain containers are copied, so that Java can read them, too. Everything else
 * is pickled, with all that is in it: also a container that holds another one twice, a tuple many times, or itself.
 *
 * <p>Used by all threads of one interpreter.
 */
final class Parcels {

    private static final int MAX_DEPTH = 200;

    /** So often may tuples be met again and copied again. */
    private static final int MAX_REPEATS = 1_000;

    private final InterpretersLink link;

    Parcels(InterpretersLink link) {
        this.link = link;
    }

    /** Would an object cross without being copied? */
    boolean isShareable(PyObject object) {
        try {
            return isShareable(object, new IdentityHashMap<>());
        } catch (NotShareable closed) {
            return false;
        }
    }

    private boolean isShareable(PyObject object, IdentityHashMap<PyObject, Boolean> tuples) {
        if (object.getClass() == PyTuple.class) {
            if (tuples.put(object, true) == null) {
                for (PyObject item : ((PyTuple) object).getArray()) {
                    if (!isShareable(item, tuples)) {
                        return false;
                    }
                }
            }
            return true;
        }
        return SharedObjects.isSimple(object)
                || link.channelOf(object) != null
                || link.identityOf(object) != null
                || (object instanceof PyMemoryView view && Memories.of(view) != null);
    }

    /**
     * A parcel of an object.
     *
     * @throws NotShareable if there is none
     */
    Object pack(PyObject object) {
        if (!JythonRuntime.OWN && SharedObjects.isOne(object)) {
            return object;
        }
        Object parcel = new Packing().pack(object, 0);
        return parcel == null ? pickled(object) : parcel;
    }

    /** One object with all that is in it. */
    private final class Packing {

        /** Containers. If one that can be changed comes again, then not as a copy of its own. */
        private final IdentityHashMap<PyObject, Boolean> seen = new IdentityHashMap<>();

        private int repeats;

        /** Null for what has to be pickled. */
        private Object pack(PyObject object, int depth) {
            if (depth == MAX_DEPTH) {
                return null;
            }
            if (SharedObjects.isSimple(object)) {
                return simple(object);
            }
            Class<?> cls = object.getClass();
            if (cls == PyTuple.class) {
                if (seen.put(object, true) != null && ++repeats > MAX_REPEATS) {
                    return null;
                }
                Object[] items = all(((PyTuple) object).getArray(), depth);
                return items == null ? null : new Parcel.Tuple(items);
            }
            boolean container = cls == PyList.class || cls == PyDictionary.class || cls == PySet.class;
            if (container && seen.put(object, true) != null) {
                return null;
            }
            if (cls == PyList.class) {
                Object[] items = all(((PyList) object).getArray(), depth);
                return items == null ? null : new Parcel.ListOf(items);
            }
            if (cls == PyDictionary.class) {
                Object[] entries = all(entries((PyDictionary) object), depth);
                return entries == null ? null : new Parcel.DictOf(entries);
            }
            if (cls == PySet.class || cls == PyFrozenSet.class) {
                Object[] items = all(new PyList(object).getArray(), depth);
                return items == null ? null : new Parcel.SetOf(items, cls == PyFrozenSet.class);
            }
            if (object instanceof PyFunction function) {
                return function(function, this, depth);
            }
            if (object instanceof PyMethod method) {
                return method(method, depth);
            }
            if (object instanceof PyBuiltinMethod method) {
                Object owner = pack(method.getSelf(), depth + 1);
                return owner == null
                        ? null
                        : new Parcel.Attribute(owner, method.fastGetName().toString());
            }
            if (object instanceof QueueLink.Method method) {
                return new Parcel.Attribute(
                        method.channel(), method.fastGetName().toString());
            }
            if (object instanceof PyMemoryView view) {
                return Memories.of(view);
            }
            Channel channel = link.channelOf(object);
            return channel != null ? channel : link.identityOf(object);
        }

        /** A method by its name, found in its instance or in its class. */
        private Object method(PyMethod method, int depth) {
            PyObject owner = method.__self__ == null || method.__self__ == Py.None ? method.im_class : method.__self__;
            PyObject name = method.__findattr__("__name__");
            Object packed = owner instanceof PyType ? pickled(owner) : pack(owner, depth + 1);
            return name == null
                    ? null
                    : new Parcel.Attribute(packed == null ? pickled(owner) : packed, name.toString());
        }

        private Object[] all(PyObject[] objects, int depth) {
            Object[] parcels = new Object[objects.length];
            for (int i = 0; i < parcels.length; i++) {
                parcels[i] = pack(objects[i], depth + 1);
                if (parcels[i] == null) {
                    return null;
                }
            }
            return parcels;
        }
    }

    private static PyObject[] entries(PyDictionary dict) {
        PyObject[] items = dict.items().getArray();
        PyObject[] entries = new PyObject[2 * items.length];
        for (int i = 0; i < items.length; i++) {
            PyObject[] pair = ((PyTuple) items[i]).getArray();
            entries[2 * i] = pair[0];
            entries[2 * i + 1] = pair[1];
        }
        return entries;
    }

    private static Object simple(PyObject object) {
        if (!JythonRuntime.OWN) {
            return object;
        }
        if (object instanceof PyBoolean bool) {
            return bool.getBooleanValue();
        }
        if (object instanceof PyInteger integer) {
            return integer.getValue();
        }
        if (object instanceof PyUnicode text) {
            return text.getString();
        }
        if (object instanceof PyString string) {
            return new Parcel.Bytes(string.getString());
        }
        if (object instanceof PyFloat real) {
            return real.getValue();
        }
        return object instanceof PyLong big ? big.getValue() : Parcel.Constant.NONE;
    }

    /** Null if pickle may know better. */
    private Object function(PyFunction function, Packing packing, int depth) {
        String module = function.__module__ instanceof PyString name ? name.toString() : "__main__";
        if (!module.equals("__main__") && link.found(module, function.__name__) == function) {
            return new Parcel.Named(module, function.__name__);
        }
        if (function.__closure__ != null && function.__closure__ != Py.None) {
            throw new NotShareable("function " + function.__name__ + "() has a closure");
        }
        Object code = JythonRuntime.OWN ? link.sourceOf(function) : function.__code__;
        PyObject[] defaults = function.__defaults__;
        Object packed = packing.pack(defaults == null ? new PyTuple() : new PyTuple(defaults), depth);
        return packed == null ? null : new Parcel.Function(code, function.__name__, module, packed);
    }

    private Object pickled(PyObject object) {
        try {
            PickleGuard guard = new PickleGuard(link);
            PyObject data = link.module("interpreters").invoke("_dumps", object, guard);
            return new Parcel.Pickled(data.toString(), guard.queues());
        } catch (PyException e) {
            throw notShareable(e, "a '" + object.getType().fastGetName() + "' object does not cross interpreters");
        }
    }

    private static NotShareable notShareable(PyException e, String what) {
        if (!e.match(Py.Exception)) {
            throw e;
        }
        e.normalize();
        return new NotShareable(what + ": " + Py.formatException(e.type, e.value));
    }

    /**
     * The object of a parcel.
     *
     * @throws NotShareable if it cannot be made here
     */
    PyObject unpack(Object parcel) {
        if (parcel instanceof PyObject object) {
            return object;
        }
        if (parcel instanceof Integer integer) {
            return Py.newInteger(integer);
        }
        if (parcel instanceof String text) {
            return new PyUnicode(text);
        }
        if (parcel instanceof Parcel.Bytes bytes) {
            return new PyString(bytes.chars());
        }
        if (parcel instanceof Double real) {
            return new PyFloat(real);
        }
        if (parcel instanceof Boolean bool) {
            return Py.newBoolean(bool);
        }
        if (parcel instanceof BigInteger big) {
            return new PyLong(big);
        }
        if (parcel == Parcel.Constant.NONE) {
            return Py.None;
        }
        if (parcel instanceof Parcel.Tuple tuple) {
            return new PyTuple(all(tuple.items()));
        }
        return unpackCopied(parcel);
    }

    private PyObject unpackCopied(Object parcel) {
        if (parcel instanceof Parcel.ListOf list) {
            return new PyList(all(list.items()));
        }
        if (parcel instanceof Parcel.DictOf dict) {
            return new PyDictionary(all(dict.entries()));
        }
        if (parcel instanceof Parcel.SetOf set) {
            PyList items = new PyList(all(set.items()));
            BaseSet made = set.frozen() ? new PyFrozenSet(items) : new PySet(items);
            return made;
        }
        if (parcel instanceof Parcel.Memory memory) {
            return Buffers.toPython(memory.bytes());
        }
        if (parcel instanceof Channel channel) {
            return link.queue(channel);
        }
        if (parcel instanceof Identity identity) {
            return link.interpreter(identity);
        }
        if (parcel instanceof Parcel.FromJava fromJava) {
            return link.fromJava(fromJava.value());
        }
        try {
            if (parcel instanceof Parcel.Named named) {
                return link.module(named.module()).__getattr__(named.name().intern());
            }
            if (parcel instanceof Parcel.Attribute attribute) {
                return unpack(attribute.owner()).__getattr__(attribute.name().intern());
            }
            if (parcel instanceof Parcel.Function function) {
                return link.function(function, unpack(function.defaults()));
            }
            if (parcel instanceof Parcel.Pickled pickled) {
                return loaded(pickled);
            }
        } catch (PyException e) {
            throw notShareable(e, "an object that was sent cannot be made here");
        }
        throw new IllegalArgumentException("no parcel: " + parcel.getClass());
    }

    private PyObject loaded(Parcel.Pickled pickled) {
        try {
            return link.module("cPickle").invoke("loads", new PyString(pickled.data()));
        } finally {
            // Until the object has its queues.
            Reference.reachabilityFence(pickled);
        }
    }

    private PyObject[] all(Object[] parcels) {
        PyObject[] objects = new PyObject[parcels.length];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = unpack(parcels[i]);
        }
        return objects;
    }

    /** A parcel of something to be called. */
    Parcel.Call packCall(PyObject callable, PyObject arguments, PyObject keywords) {
        return new Parcel.Call(pack(callable), pack(arguments), pack(keywords));
    }

    /** Calls it; a parcel of the result. */
    Object invoke(Parcel.Call call) {
        PyObject callable = unpack(call.callable());
        PyObject[] positional = ((PyTuple) unpack(call.arguments())).getArray();
        PyObject keywords = unpack(call.keywords());
        return pack(link.caller()
                .call(
                        callable,
                        () -> keywords.__len__() == 0
                                ? callable.__call__(positional)
                                : callable._callextra(positional, new String[0], null, keywords)));
    }
}
