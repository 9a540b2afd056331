package org.hpyve.host;

import java.nio.file.Path;
import org.hpyve.context.Modules;
import org.python.core.Py;
import org.python.core.PyObject;

/**
 * What Python code of an interpreter can ask its host: the module {@code _hpyve}, on which {@code hpyve} and
 * {@code hpy.universal} are built.
 *
 * <p>Public only because Python calls it.
 */
public final class HostModule {

    private final Interpreter interpreter;
    private final Modules modules;

    HostModule(Interpreter interpreter, Modules modules) {
        this.interpreter = interpreter;
        this.modules = modules;
    }

    /** Loads an extension module from a file; does not touch {@code sys.modules}. */
    public PyObject load(String name, String path, PyObject spec) {
        Path file = Path.of(path);
        return modules.load(
                name, file, spec == null || spec == Py.None ? ModuleSpec.create(name, file, Py.None) : spec);
    }

    /** The interpreter's name. */
    public String name() {
        return interpreter.name();
    }

    /** The interpreter's counts now. */
    public InterpreterStats stats() {
        return interpreter.stats();
    }
}
