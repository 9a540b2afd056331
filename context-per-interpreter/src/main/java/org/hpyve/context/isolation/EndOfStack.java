package org.hpyve.context.isolation;

import org.python.core.Py;
import org.python.core.PyObject;

/**
 * A stack that is full is no matter for a warning: Jython would import {@code warnings} for it, for which there is no room
 * left, and what is found half imported then hides the {@code RuntimeError}.
 */
public final class EndOfStack {

    private EndOfStack() {}

    /** Called in the place of the method of {@code Py}, when an Error has reached a Python function. */
    public static void warning(PyObject category, String message) {
        if (!message.contains(StackOverflowError.class.getName())) {
            Py.warning(category, message);
        }
    }
}
