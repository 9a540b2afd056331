package org.hpyve.context;

import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.python.core.Py;
import org.python.core.PyBuiltinCallable;
import org.python.core.PyException;
import org.python.core.PyObject;

/** A C function that an extension defined for a module or a type: what all objects that are bound to it share. */
final class NativeFunction {

    final InterpreterContext context;
    final HpyCallable callee;
    final long impl;
    final PyBuiltinCallable.Info info;
    private final int signature;
    private final String owner;
    private final String doc;

    /**
     * @param owner name of the module or type, for messages
     * @param module the number of the module
     */
    NativeFunction(Definition.Method method, InterpreterContext context, String owner, int module) {
        this.context = context;
        this.owner = owner;
        this.impl = method.impl();
        this.signature = method.signature();
        this.doc = method.doc();
        this.info = new PyBuiltinCallable.DefaultInfo(method.name());
        this.callee = HpyCallable.of(context.openers().calls(module), () -> owner + "." + method.name());
        if (signature < DownCalls.VARARGS || signature > DownCalls.O) {
            throw Py.ValueError("Unsupported HPyMeth signature");
        }
    }

    /** The method of an instance. */
    HpyFunction bind(PyObject self) {
        return bind(self, Handles.NULL);
    }

    /** The function of a module, which has one handle for all time; {@code HPy_NULL} if one is opened for each call. */
    HpyFunction bind(PyObject self, long permanentSelf) {
        return switch (signature) {
            case DownCalls.NOARGS -> new HpyFunction.NoArgs(this, self, permanentSelf);
            case DownCalls.O -> new HpyFunction.OneArg(this, self, permanentSelf);
            default -> new HpyFunction.ManyArgs(this, self, permanentSelf);
        };
    }

    boolean takesKeywords() {
        return signature == DownCalls.KEYWORDS;
    }

    String name() {
        return info.getName();
    }

    /** Name of the module or type. */
    String owner() {
        return owner;
    }

    /** May be null. */
    String doc() {
        return doc;
    }

    PyException argumentCount(String takes, int given) {
        return Py.TypeError("%s() takes %s (%d given)".formatted(name(), takes, given));
    }

    PyException noKeywords() {
        return Py.TypeError(name() + "() takes no keyword arguments");
    }
}
