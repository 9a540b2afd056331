package org.hpyve.context.isolation;

import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyModule;
import org.python.core.PyObject;

/**
 * The main thread of the module {@code threading}: one object for each interpreter, which stands for whatever thread runs
 * it. Else each worker would be a thread of its own there, and the interpreter's end would wait for the first to end.
 */
final class MainThread {

    private final PyModule module;
    private final PyObject main;
    private PyObject ident;

    private MainThread(PyModule module, PyObject main) {
        this.module = module;
        this.main = main;
        this.ident = Py.newLong(Thread.currentThread().getId());
    }

    static void adapt(PyModule module, Home home) {
        // Where another thread of Python's imports the module, that one is the main thread, as in Jython.
        if (home.isHere()) {
            MainThread thread = new MainThread(module, module.invoke("currentThread"));
            home.whenMoved(thread::move);
        }
    }

    private void move() {
        Thread thread = Thread.currentThread();
        try {
            PyObject threads = module.__getattr__("_threads");
            threads.invoke("pop", ident, Py.None);
            ident = Py.newLong(thread.getId());
            threads.__setitem__(ident, main);
            main.__setattr__("_thread", Py.java2py(thread));
        } catch (PyException e) {
            // A program may do to this module what it likes.
            Py.writeUnraisable(e, module);
        }
    }
}
