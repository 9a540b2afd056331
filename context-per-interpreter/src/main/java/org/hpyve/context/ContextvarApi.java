package org.hpyve.context;

import java.util.IdentityHashMap;
import java.util.Map;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.NativeMemory;
import org.hpyve.bridge.upcall.ContextvarUpcalls;
import org.python.core.Py;
import org.python.core.PyObject;

/**
 * Context variables, which Python 2.7 does not have. Their values belong to the interpreter's tasks, and go with it when
 * another thread runs it; each thread that Python code has started has values of its own. Their classes are made when the
 * first variable is.
 */
final class ContextvarApi extends Api implements ContextvarUpcalls {

    private final IdentityHashMap<ContextVar, PyObject> ofRunner = new IdentityHashMap<>();
    private final ThreadLocal<Map<ContextVar, PyObject>> ofOthers = ThreadLocal.withInitial(IdentityHashMap::new);
    private ContextVar.Classes classes;

    ContextvarApi(InterpreterContext context) {
        super(context);
    }

    @Override
    public long ContextVar_New(String name, long default_value) {
        if (classes == null) {
            classes = new ContextVar.Classes(this::values);
        }
        return handle(new ContextVar(classes, Py.newStringOrUnicode(name), objectOrNull(default_value)));
    }

    /** Writes a handle to {@code value}; {@code HPy_NULL} if there is neither a value nor a default. */
    @Override
    public int ContextVar_Find(long context_var, long default_value, long value) {
        ContextVar variable = variable(context_var);
        PyObject found = variable.find(objectOrNull(default_value));
        NativeMemory.store(value, Long.BYTES, found == null ? Handles.NULL : handle(found));
        return 0;
    }

    @Override
    public long ContextVar_Set(long context_var, long value) {
        return handle(variable(context_var).set(object(value)));
    }

    private Map<ContextVar, PyObject> values() {
        return context.isHere() ? ofRunner : ofOthers.get();
    }

    /** Lets the values go. */
    void close() {
        ofRunner.clear();
    }

    private ContextVar variable(long h) {
        if (objectOrNull(h) instanceof ContextVar variable) {
            return variable;
        }
        throw Py.TypeError("an instance of ContextVar was expected");
    }
}
