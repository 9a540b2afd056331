package org.hpyve.host.runtime;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.hpyve.context.InterpreterContext;
import org.hpyve.context.isolation.Stopping;
import org.hpyve.host.ExtensionStats;
import org.hpyve.host.boundary.HostSide;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PyObject;
import org.python.core.PyString;
import org.python.core.PyTuple;

/**
 * What Python code of an interpreter can ask its host: the module {@code _hpyve}, on which {@code hpyve},
 * {@code hpy.universal} and {@code interpreters} are built.
 *
 * <p>Public only because Python calls it.
 */
public final class HostModule {

    private final HostSide host;
    private final InterpreterContext context;
    private final Stopping stopping;
    private final InterpretersLink interpreters;

    HostModule(HostSide host, InterpreterContext context, Stopping stopping, InterpretersLink interpreters) {
        this.host = host;
        this.context = context;
        this.stopping = stopping;
        this.interpreters = interpreters;
    }

    /** What the module {@code interpreters} is built on. */
    public InterpretersLink interpreters() {
        return interpreters;
    }

    /** Loads an extension module from a file; does not touch {@code sys.modules}. */
    public PyObject load(PyObject name, PyObject path, PyObject spec) {
        if (!(name instanceof PyString moduleName)) {
            throw Py.TypeError("load() argument 1 must be string, not " + typeName(name));
        }
        if (!(path instanceof PyString pathName)) {
            throw Py.TypeError("load() argument 2 must be string, not " + typeName(path));
        }
        Path file;
        try {
            file = Path.of(Py.fileSystemDecode(pathName));
        } catch (InvalidPathException e) {
            throw Py.ValueError("load() argument 2 is no path: " + e.getReason());
        }
        String module = moduleName.toString();
        return context.modules()
                .load(module, file, spec == null || spec == Py.None ? ModuleSpec.create(module, file, Py.None) : spec);
    }

    private static String typeName(PyObject object) {
        return (object == null ? Py.None : object).getType().fastGetName();
    }

    /** The interpreter's classes for exceptions that Python 2.7 lacks, by name. */
    public PyObject exceptions() {
        return context.exceptions();
    }

    /** The interpreter's class of what is raised in a task that is to end. */
    public PyObject taskTimeout() {
        return stopping.taskTimeout();
    }

    /** The interpreter's name. */
    public String name() {
        return host.name();
    }

    /** {@code shared} or {@code own}, as the command line writes it. */
    public String isolation() {
        return switch (host.isolation()) {
            case SHARED_RUNTIME -> "shared";
            case OWN_RUNTIME -> "own";
        };
    }

    /** How extensions reach Java, as the command line writes it. */
    public String bridge() {
        return context.bridgeMode().toString();
    }

    /** How calls of extension functions ended so far: pairs of numbers by the names of modules. */
    public PyObject calls() {
        PyDictionary calls = new PyDictionary();
        host.stats()
                .calls()
                .forEach((module, ended) -> calls.__setitem__(
                        Py.newStringOrUnicode(module),
                        new PyTuple(Py.newInteger(ended.returned()), Py.newInteger(ended.raised()))));
        return calls;
    }

    /** The interpreter's counts now. */
    public ExtensionStats stats() {
        return host.stats();
    }
}
