package org.hpyve.context;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hpyve.bridge.NativeMemory;
import org.hpyve.bridge.upcall.CallUpcalls;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyStringMap;
import org.python.core.PyTuple;

/**
 * Calls of Python objects from C. A few positional arguments come one by one and go to Jython as they are; others come
 * in one array, the values of keywords behind the positional ones.
 */
final class CallApi extends Api implements CallUpcalls {

    private static final String[] NO_KEYWORDS = {};

    CallApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public int Callable_Check(long h) {
        return object(h).isCallable() ? 1 : 0;
    }

    @Override
    public long CallTupleDict(long callable, long args, long kw) {
        PyObject function = object(callable);
        PyObject tuple = objectOrNull(args);
        PyObject dict = objectOrNull(kw);
        if (tuple != null && !(tuple instanceof PyTuple)) {
            throw Py.TypeError("HPy_CallTupleDict requires args to be a tuple or null handle");
        }
        if (dict != null && !(dict instanceof PyDictionary || dict instanceof PyStringMap)) {
            throw Py.TypeError("HPy_CallTupleDict requires kw to be a dict or null handle");
        }
        PyObject[] positional = tuple == null ? Py.EmptyObjects : ((PyTuple) tuple).getArray();
        Map<PyObject, PyObject> entries = dict == null ? Map.of() : entries(dict);
        if (entries.isEmpty()) {
            return handle(call(function, positional));
        }
        PyObject[] all = Arrays.copyOf(positional, positional.length + entries.size());
        String[] names = new String[entries.size()];
        int next = 0;
        for (Map.Entry<PyObject, PyObject> entry : entries.entrySet()) {
            names[next] = keyword(entry.getKey());
            all[positional.length + next++] = entry.getValue();
        }
        return handle(function.__call__(all, names));
    }

    private static PyObject call(PyObject function, PyObject[] args) {
        return switch (args.length) {
            case 0 -> function.__call__();
            case 1 -> call(function, args[0]);
            case 2 -> function.__call__(args[0], args[1]);
            case 3 -> function.__call__(args[0], args[1], args[2]);
            default -> function.__call__(UnicodeErrors.arguments(function, args.clone()), NO_KEYWORDS);
        };
    }

    private static PyObject call(PyObject function, PyObject arg) {
        PyObject number = IntOfText.call(function, arg);
        return number != null ? number : function.__call__(arg);
    }

    @Override
    public long Call_0(long callable) {
        return handle(object(callable).__call__());
    }

    @Override
    public long Call_1(long callable, long arg1) {
        return handle(call(object(callable), object(arg1)));
    }

    @Override
    public long Call_2(long callable, long arg1, long arg2) {
        return handle(object(callable).__call__(object(arg1), object(arg2)));
    }

    @Override
    public long Call_3(long callable, long arg1, long arg2, long arg3) {
        return handle(object(callable).__call__(object(arg1), object(arg2), object(arg3)));
    }

    /** What a dict holds now, whatever a subclass says of it. */
    private static Map<PyObject, PyObject> entries(PyObject dict) {
        if (dict instanceof PyDictionary pyDictionary) {
            return new LinkedHashMap<>(pyDictionary.getMap());
        }
        Map<PyObject, PyObject> entries = new LinkedHashMap<>();
        dict.asIterable().forEach(key -> entries.put(key, dict.__getitem__(key)));
        return entries;
    }

    @Override
    public long Call_Array(long callable, long[] items, long kwnames) {
        PyObject function = object(callable);
        PyObject[] args = objects(items);
        String[] names = names(kwnames);
        return handle(names.length == 0 ? call(function, args) : function.__call__(args, names));
    }

    @Override
    public long Call_MethodArray(long name, long[] items, long kwnames) {
        if (items.length == 0) {
            throw Py.SystemError("HPy_CallMethod needs a receiver");
        }
        String method = attributeName(object(name));
        PyObject[] all = objects(items);
        PyObject[] args = Arrays.copyOfRange(all, 1, all.length);
        return handle(all[0].__getattr__(method).__call__(args, names(kwnames)));
    }

    @Override
    public long Call_Method0(long name, long receiver) {
        String method = attributeName(object(name));
        return handle(object(receiver).invoke(method));
    }

    @Override
    public long Call_Method1(long name, long receiver, long arg1) {
        String method = attributeName(object(name));
        return handle(object(receiver).invoke(method, object(arg1)));
    }

    @Override
    public long Call_Method2(long name, long receiver, long arg1, long arg2) {
        String method = attributeName(object(name));
        return handle(object(receiver).invoke(method, object(arg1), object(arg2)));
    }

    /** {@code func} is the address of an {@code HPyCallFunction}: a trampoline for CPython, and the function. */
    @Override
    public int SetCallFunction(long h, long func) {
        PyObject object = object(h);
        NativeState state = context.instances().stateOf(object);
        HpyType.Call call = state == null ? null : state.made().call();
        if (call == null) {
            throw Py.TypeError("type '" + typeName(object) + "' does not implement the HPy call protocol");
        }
        long impl = func == 0 ? 0 : NativeMemory.words(func, 2)[1];
        if (impl == 0) {
            throw Py.SystemError("HPy_SetCallFunction: no function");
        }
        if (call.impl() == 0) {
            NativeMemory.store(state.data() + call.offset() + Long.BYTES, Long.BYTES, impl);
        } else {
            state.callFunction(impl);
        }
        return 0;
    }

    private String[] names(long kwnames) {
        PyObject tuple = objectOrNull(kwnames);
        if (tuple == null) {
            return NO_KEYWORDS;
        }
        if (!(tuple instanceof PyTuple pyTuple)) {
            throw Py.TypeError("names of keyword arguments must be a tuple, not '" + typeName(tuple) + "'");
        }
        PyObject[] keys = pyTuple.getArray();
        String[] names = new String[keys.length];
        for (int i = 0; i < keys.length; i++) {
            names[i] = keyword(keys[i]);
        }
        return names;
    }

    private static String keyword(PyObject key) {
        if (!(key instanceof PyString pyString)) {
            throw Py.TypeError("keywords must be strings");
        }
        return pyString.getString().intern();
    }
}
