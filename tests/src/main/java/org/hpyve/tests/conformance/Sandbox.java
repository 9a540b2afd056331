package org.hpyve.tests.conformance;

import java.nio.file.Path;
import org.hpyve.host.Interpreter;
import org.hpyve.host.InterpreterHost;
import org.python.core.Py;
import org.python.core.PyDictionary;
import org.python.core.PySystemState;

/** A new interpreter in which the Python part of this package can be imported. */
final class Sandbox implements AutoCloseable {

    private final Interpreter interpreter;

    Sandbox(InterpreterHost host, Path kit, Toolbox toolbox) {
        interpreter = host.newInterpreter();
        interpreter
                .submit(self -> {
                    PySystemState system = Py.getSystemState();
                    system.modules.__setitem__(Py.newString("_conformance"), Py.java2py(toolbox));
                    for (String folder : new String[] {"stubs", "python"}) {
                        SourceImporter importer =
                                toolbox.importer(kit.resolve(folder).toString(), "", 0, new PyDictionary());
                        system.meta_path.insert(0, Py.java2py(importer));
                    }
                    return null;
                })
                .join();
    }

    Interpreter interpreter() {
        return interpreter;
    }

    @Override
    public void close() {
        interpreter.close();
    }
}
