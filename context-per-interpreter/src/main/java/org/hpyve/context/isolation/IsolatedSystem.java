package org.hpyve.context.isolation;

import org.python.core.PyStringMap;
import org.python.core.PySystemState;
import org.python.core.PyType;

/** The module {@code sys} of one interpreter, and its state, of which nothing that can be changed is shared. */
public final class IsolatedSystem extends PySystemState {

    private static final long serialVersionUID = 1L;

    private final transient InterpreterStatics statics = new InterpreterStatics();

    public IsolatedSystem() {
        // Jython has one dict of built-ins for all; what Python code sets or replaces there belongs to its interpreter.
        setBuiltins(((PyStringMap) getDefaultBuiltins()).copy());
    }

    InterpreterStatics statics() {
        return statics;
    }

    /** For Python this is Jython's own class, whose dict is where it finds the functions of sys. */
    @Override
    public PyType getType() {
        return PyType.fromClass(PySystemState.class);
    }
}
