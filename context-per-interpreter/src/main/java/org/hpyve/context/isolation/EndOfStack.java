package org.hpyve.context.isolation;

import org.python.core.Py;
import org.python.core.PyObject;
import org.python.core.PyTraceback;

/**
 * What Jython does where a stack is full. That is no matter for a warning: it would import {@code warnings} for it, for
 * which there is no room left, and what is found half imported then hides the {@code RuntimeError}.
 */
public final class EndOfStack {

    private EndOfStack() {}

    /**
     * Initializes the classes that are used when the stack is full, where their initialization would fail, and a class for
     * which that has failed once can never be used.
     */
    public static void prepare() {
        Py.JavaError(new StackOverflowError()).normalize();
        try {
            Class.forName(PyTraceback.class.getName(), true, EndOfStack.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Called in the place of the method of {@code Py}, when an Error has reached a Python function. */
    public static void warning(PyObject category, String message) {
        if (!message.contains(StackOverflowError.class.getName())) {
            Py.warning(category, message);
        }
    }
}
